package soak

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// makeCall makes the call of a plan and returns the token in its response.
func makeCall(ctx context.Context, c *plaidlink.Client, p plan, number int, resp *plaidlink.Response) (token string, err error) {
	opts := []plaidlink.CallOption{plaidlink.WithHeader(callHeader, strconv.Itoa(number)), plaidlink.CaptureResponse(resp)}
	switch p.operation.ID {
	case gen.OperationLinkTokenGet.ID:
		got, err := c.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"}, opts...)
		if err != nil {
			return "", err
		}
		return got.LinkToken, nil
	case gen.OperationLinkTokenCreate.ID:
		got, err := c.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{ClientName: "Soak"}, opts...)
		if err != nil {
			return "", err
		}
		return got.LinkToken, nil
	}
	got, err := c.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-0"}, opts...)
	if err != nil {
		return "", err
	}
	return string(got.AccessToken), nil
}

// causes are the errors that distinguish steps which have no status of their own.
var causes = map[step]error{
	redirected: plaidlink.ErrRedirect,
	silent:     plaidlink.ErrAttemptTimeout,
	tooLarge:   plaidlink.ErrTooLarge,
	notJSON:    plaidlink.ErrDecode,
	cutJSON:    plaidlink.ErrDecode,
}

// check compares the outcome of a call with its plan.
func check(p plan, number int, token string, err error, resp plaidlink.Response) error {
	want := traits[p.last]
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("call %d (%s, planned %s): %s", number, p.operation.ID, want.name, fmt.Sprintf(format, args...))
	}
	if resp.Attempts != p.attempts {
		return wrong("%d attempts, expected %d: %v", resp.Attempts, p.attempts, err)
	}
	if p.last == fine {
		own := "link-" + strconv.Itoa(number)
		if p.operation.ID == gen.OperationItemPublicTokenExchange.ID {
			own = "access-" + strconv.Itoa(number)
		}
		if err != nil || token != own {
			return wrong("got %q and error %v", token, err)
		}
		return nil
	}
	var perr *plaidlink.Error
	switch {
	case !errors.As(err, &perr):
		return wrong("expected a *plaidlink.Error, found %v", err)
	case perr.StatusCode != want.status:
		return wrong("status %d, expected %d", perr.StatusCode, want.status)
	case len(perr.Earlier) != p.attempts-1:
		return wrong("%d earlier errors, expected %d", len(perr.Earlier), p.attempts-1)
	case causes[p.last] != nil && !errors.Is(err, causes[p.last]):
		return wrong("expected %v, found %v", causes[p.last], err)
	}
	return nil
}
