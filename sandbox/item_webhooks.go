package sandbox

import (
	"maps"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// send puts a webhook into the outbox.
func (st *store) send(url, kind, code string, payload any) {
	body, err := json.Marshal(payload, json.Deterministic(true))
	if err != nil {
		return // an event of the test's has a text that is not UTF-8; /link/token/get fails for the same reason
	}
	st.outbox.Put(url, kind, code, body)
}

// sendItem sends a webhook of an Item, with properties beside those that all have. Its body has nothing that differs from one
// occurrence to the next, so that two lost logins have the same bytes.
func (st *store) sendItem(item *itemRecord, code string, properties map[string]any) {
	all := map[string]any{"webhook_type": "ITEM", "webhook_code": code, "item_id": item.id, "environment": gen.WebhookEnvironmentValuesSandbox}
	if id := item.userID(); id != "" && code != webhookUpdated { // Plaid lists none for that one
		all["user_id"] = id
	}
	maps.Copy(all, properties)
	item.lastWebhook = &gen.ItemStatusLastWebhook{CodeSent: code, SentAt: st.clock.now()}
	st.send(item.webhook, "ITEM", code, all)
}

const webhookUpdated = "WEBHOOK_UPDATE_ACKNOWLEDGED"

// asWebhook returns a failure as a webhook has it, with a status.
func asWebhook(failure gen.PlaidError) *gen.PlaidError {
	failure.Status = new(400)
	return &failure
}

// sendPending announces the end of consent, in Europe by another code than in the US and Canada.
func (st *store) sendPending(item *itemRecord, ends time.Time) {
	if item.european {
		st.sendItem(item, "PENDING_EXPIRATION", map[string]any{"consent_expiration_time": ends})
	} else {
		st.sendPendingDisconnect(item, ends, gen.PendingDisconnectWebhookReasonInstitutionTokenExpiration)
	}
}

func (st *store) sendPendingDisconnect(item *itemRecord, at time.Time, reason gen.PendingDisconnectWebhookReason) {
	st.sendItem(item, "PENDING_DISCONNECT", map[string]any{"disconnect_time": at, "reason": reason})
}

// sendPermissionRevoked has an error of the type that Plaid's sample of this webhook has, which differs from that of a call.
func (st *store) sendPermissionRevoked(item *itemRecord) {
	st.sendItem(item, "USER_PERMISSION_REVOKED", map[string]any{"error": asWebhook(gen.PlaidError{
		ErrorType:    gen.PlaidErrorTypeItemError,
		ErrorCode:    string(plaidlink.CodeUserPermissionRevoked),
		ErrorMessage: "the user took back the access to the Item",
	})})
}

// webhookUpdate is gen.ItemWebhookUpdateRequest, in which null, an empty address and no address at all differ.
type webhookUpdate struct {
	AccessToken gen.AccessToken `json:"access_token"`
	Webhook     jsontext.Value  `json:"webhook"`
}

func (st *store) itemWebhookUpdate(in incoming, req webhookUpdate) (*gen.ItemWebhookUpdateResponse, error) {
	if req.Webhook == nil {
		return nil, missing("webhook, which null removes")
	}
	var address string // of null, empty
	if err := json.Unmarshal(req.Webhook, &address); err != nil || address == "" && req.Webhook.Kind() == '"' || address != "" && !isWebAddress(address) {
		return nil, invalidField("webhook must be an address that begins http:// or https://, or null")
	}
	item, err := st.findItem(req.AccessToken)
	if err != nil {
		return nil, err
	}
	item.linkRequest = new(*item.linkRequest) // others have the one before
	if item.webhook = address; address != "" {
		st.sendItem(item, webhookUpdated, map[string]any{"new_webhook_url": address})
	}
	return &gen.ItemWebhookUpdateResponse{Item: item.shown(), RequestID: in.requestID}, nil
}

func isWebAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
