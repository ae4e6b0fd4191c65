package sandbox

import (
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// sendItem puts a webhook of an Item into the outbox. Its body has nothing that differs from one occurrence to the next, so
// that two lost logins have the same bytes.
func (st *store) sendItem(item *itemRecord, kind, code string, payload any) {
	body, err := json.Marshal(payload, json.Deterministic(true))
	if err != nil {
		return // no payload of the sandbox's own fails
	}
	item.lastWebhook = &gen.ItemStatusLastWebhook{CodeSent: code, SentAt: st.clock.now()}
	st.outbox.Put(item.webhook, kind, code, body)
}

// userID returns the user_id of the Item's Plaid user; empty for none.
func (o origin) userID() string {
	if o.user == nil {
		return ""
	}
	return o.user.id
}

// asWebhook returns a failure as a webhook has it, with a status.
func asWebhook(failure *gen.PlaidError) *gen.PlaidError {
	shown := *failure
	shown.Status = new(400)
	return &shown
}

func (st *store) sendError(item *itemRecord) {
	st.sendItem(item, "ITEM", "ERROR", gen.ItemErrorWebhook{
		WebhookType: "ITEM",
		WebhookCode: "ERROR",
		ItemID:      item.id,
		Error:       asWebhook(item.failure),
		UserID:      item.userID(),
		Environment: gen.WebhookEnvironmentValuesSandbox,
	})
}

func (st *store) sendLoginRepaired(item *itemRecord) {
	st.sendItem(item, "ITEM", "LOGIN_REPAIRED", gen.ItemLoginRepairedWebhook{
		WebhookType: "ITEM",
		WebhookCode: "LOGIN_REPAIRED",
		ItemID:      item.id,
		UserID:      item.userID(),
		Environment: gen.WebhookEnvironmentValuesSandbox,
	})
}

// sendPending announces the end of consent, in Europe by another code than in the US and Canada.
func (st *store) sendPending(item *itemRecord, ends time.Time) {
	if !item.european {
		st.sendPendingDisconnect(item, ends, gen.PendingDisconnectWebhookReasonInstitutionTokenExpiration)
		return
	}
	st.sendItem(item, "ITEM", "PENDING_EXPIRATION", gen.PendingExpirationWebhook{
		WebhookType:           "ITEM",
		WebhookCode:           "PENDING_EXPIRATION",
		ItemID:                item.id,
		ConsentExpirationTime: ends,
		UserID:                item.userID(),
		Environment:           gen.WebhookEnvironmentValuesSandbox,
	})
}

func (st *store) sendPendingDisconnect(item *itemRecord, at time.Time, reason gen.PendingDisconnectWebhookReason) {
	st.sendItem(item, "ITEM", "PENDING_DISCONNECT", gen.PendingDisconnectWebhook{
		WebhookType:    "ITEM",
		WebhookCode:    "PENDING_DISCONNECT",
		ItemID:         item.id,
		Reason:         reason,
		DisconnectTime: at,
		UserID:         item.userID(),
		Environment:    gen.WebhookEnvironmentValuesSandbox,
	})
}

// sendPermissionRevoked has an error of the type that Plaid's sample of this webhook has, which differs from that of a call.
func (st *store) sendPermissionRevoked(item *itemRecord) {
	st.sendItem(item, "ITEM", "USER_PERMISSION_REVOKED", gen.UserPermissionRevokedWebhook{
		WebhookType: "ITEM",
		WebhookCode: "USER_PERMISSION_REVOKED",
		ItemID:      item.id,
		Error: asWebhook(&gen.PlaidError{
			ErrorType:    gen.PlaidErrorTypeItemError,
			ErrorCode:    string(plaidlink.CodeUserPermissionRevoked),
			ErrorMessage: "the user took back the access to the Item",
		}),
		UserID:      item.userID(),
		Environment: gen.WebhookEnvironmentValuesSandbox,
	})
}

func (st *store) sendAccountRevoked(item *itemRecord, accountID string) {
	st.sendItem(item, "ITEM", "USER_ACCOUNT_REVOKED", gen.UserAccountRevokedWebhook{
		WebhookType: "ITEM",
		WebhookCode: "USER_ACCOUNT_REVOKED",
		ItemID:      item.id,
		AccountID:   accountID,
		UserID:      item.userID(),
		Environment: gen.WebhookEnvironmentValuesSandbox,
	})
}

// webhookUpdate is gen.ItemWebhookUpdateRequest, in which null, an empty address and no address at all differ.
type webhookUpdate struct {
	AccessToken gen.AccessToken `json:"access_token"`
	Webhook     jsontext.Value  `json:"webhook"`
}

func (st *store) itemWebhookUpdate(in incoming, req webhookUpdate) (*gen.ItemWebhookUpdateResponse, error) {
	if req.Webhook == nil {
		return nil, invalidRequest(plaidlink.CodeMissingFields, "the following required fields are missing: webhook, which null removes")
	}
	var address string // of null, empty
	if err := json.Unmarshal(req.Webhook, &address); err != nil || address == "" && req.Webhook.Kind() == '"' || address != "" && !isWebAddress(address) {
		return nil, invalidField("webhook must be an address that begins http:// or https://, or null")
	}
	item, err := st.findItem(req.AccessToken)
	if err != nil {
		return nil, err
	}
	if item.webhook = address; address != "" {
		st.sendItem(item, "ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED", gen.WebhookUpdateAcknowledgedWebhook{
			WebhookType:   "ITEM",
			WebhookCode:   "WEBHOOK_UPDATE_ACKNOWLEDGED",
			ItemID:        item.id,
			NewWebhookURL: address,
			Environment:   gen.WebhookEnvironmentValuesSandbox,
		})
	}
	return &gen.ItemWebhookUpdateResponse{Item: item.shown(), RequestID: in.requestID}, nil
}

func isWebAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
