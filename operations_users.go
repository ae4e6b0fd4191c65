package plaidlink

import (
	"context"

	"github.com/plaidlink/plaidlink-go/gen"
)

// UserCreate makes a Plaid user for a user of yours, by your ClientUserID, and returns its id for
// [gen.LinkTokenCreateRequest.UserID]. A ClientUserID that has one already gets the same id. Integrations that called it
// before 2025-12-10 get a UserToken too, and an error for a ClientUserID that is known. Personal data that cannot be right
// fails with [CodeInvalidUserIdentityData]. It is retried, for a second call gives the same user, or changes nothing.
func (c *Client) UserCreate(ctx context.Context, req gen.UserCreateRequest, opts ...CallOption) (*gen.UserCreateResponse, error) {
	return do(ctx, c, gen.OperationUserCreate, gen.NewUserCreateRequest, req, opts,
		func(r *gen.UserCreateResponse) (string, string) { return "user_id", r.UserID })
}

// UserGet reads what Plaid keeps about a user. The response is personal data. An unknown user fails with [CodeUserNotFound].
// It is retried as a read.
func (c *Client) UserGet(ctx context.Context, req gen.UserGetRequest, opts ...CallOption) (*gen.UserGetResponse, error) {
	return do(ctx, c, gen.OperationUserGet, gen.NewUserGetRequest, req, opts,
		func(r *gen.UserGetResponse) (string, string) { return "user_id", r.UserID })
}

// UserUpdate changes what Plaid keeps about a user: what Identity has replaces the old, and the rest stays. It is retried, for
// the request wins once or twice; do not let two processes update one user at a time.
func (c *Client) UserUpdate(ctx context.Context, req gen.UserUpdateRequest, opts ...CallOption) (*gen.UserUpdateResponse, error) {
	return do(ctx, c, gen.OperationUserUpdate, gen.NewUserUpdateRequest, req, opts,
		func(r *gen.UserUpdateResponse) (string, string) { return "request_id", r.RequestID })
}

// UserRemove removes a Plaid user and every Item of that user. A user that is removed already fails with [CodeUserNotFound],
// which also is what a retry returns after a removal whose response was lost: read it as done.
func (c *Client) UserRemove(ctx context.Context, req gen.UserRemoveRequest, opts ...CallOption) (*gen.UserRemoveResponse, error) {
	return do(ctx, c, gen.OperationUserRemove, gen.NewUserRemoveRequest, req, opts,
		func(r *gen.UserRemoveResponse) (string, string) { return "request_id", r.RequestID })
}
