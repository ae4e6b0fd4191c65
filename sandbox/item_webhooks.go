package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

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

// permissionRevoked has an error of the type that Plaid's sample of this webhook has, which differs from that of a call.
func permissionRevoked() map[string]any {
	return map[string]any{"error": &gen.PlaidError{
		Status:       new(http.StatusBadRequest),
		ErrorType:    gen.PlaidErrorTypeItemError,
		ErrorCode:    string(plaidlink.CodeUserPermissionRevoked),
		ErrorMessage: "the user took back the access to the Item",
	}}
}

// webhookUpdate is gen.ItemWebhookUpdateRequest, in which null, an empty address and no address at all differ.
type webhookUpdate struct {
	Webhook jsontext.Value `json:"webhook"`
}

func (st *store) itemWebhookUpdate(in incoming, req webhookUpdate) (*gen.ItemWebhookUpdateResponse, error) {
	if req.Webhook == nil {
		return nil, missing("webhook, which null removes")
	}
	var address string // of null, empty
	if err := json.Unmarshal(req.Webhook, &address); err != nil || address == "" && req.Webhook.Kind() == '"' || address != "" && !isWebAddress(address) {
		return nil, invalidField("webhook must be an address that begins http:// or https://, or null")
	}
	item, err := st.findItem(gen.AccessToken(in.token))
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

// fireable are the webhooks that /sandbox/item/fire_webhook sends. The type is optional in a request, and the first of the code
// then. ERROR is that of Assets: the one of an Item comes from reset_login.
var fireable = []struct {
	code    gen.SandboxItemFireWebhookRequestWebhookCode
	kind    gen.WebhookType
	product gen.Products // that the Item needs; empty for none
}{
	{"DEFAULT_UPDATE", gen.WebhookTypeTransactions, gen.ProductsTransactions},
	{"DEFAULT_UPDATE", gen.WebhookTypeHoldings, gen.ProductsInvestments},
	{"DEFAULT_UPDATE", gen.WebhookTypeInvestmentsTransactions, gen.ProductsInvestments},
	{"DEFAULT_UPDATE", gen.WebhookTypeLiabilities, gen.ProductsLiabilities},
	{"SYNC_UPDATES_AVAILABLE", gen.WebhookTypeTransactions, gen.ProductsTransactions},
	{"RECURRING_TRANSACTIONS_UPDATE", gen.WebhookTypeTransactions, gen.ProductsTransactions},
	{"SMS_MICRODEPOSITS_VERIFICATION", gen.WebhookTypeAuth, gen.ProductsAuth},
	{"AUTHORIZATION_GRANTED", gen.WebhookTypeAuth, gen.ProductsAuth},
	{"PRODUCT_READY", gen.WebhookTypeAssets, gen.ProductsAssets},
	{"ERROR", gen.WebhookTypeAssets, gen.ProductsAssets},
	{"NEW_ACCOUNTS_AVAILABLE", gen.WebhookTypeItem, ""},
	{"USER_PERMISSION_REVOKED", gen.WebhookTypeItem, ""},
	{"USER_ACCOUNT_REVOKED", gen.WebhookTypeItem, ""},
	{"PENDING_DISCONNECT", gen.WebhookTypeItem, ""},
	{"LOGIN_REPAIRED", gen.WebhookTypeItem, ""},
}

func (st *store) sandboxItemFireWebhook(in incoming, item *itemRecord, req gen.SandboxItemFireWebhookRequest) (*gen.SandboxItemFireWebhookResponse, error) {
	at := 0
	for at < len(fireable) && (fireable[at].code != req.WebhookCode || req.WebhookType != "" && fireable[at].kind != req.WebhookType) {
		at++
	}
	switch {
	case at == len(fireable):
		return nil, invalidField("webhook_code is not one of webhook_type")
	case !isWebAddress(item.webhook):
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeSandboxError, plaidlink.CodeSandboxWebhookInvalid, "the Item has no webhook: call /item/webhook/update first")
	case fireable[at].product != "" && !slices.Contains(item.products, fireable[at].product):
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeSandboxError, plaidlink.CodeSandboxProductNotEnabled,
			"the Item was not linked for %s", fireable[at].product)
	}
	st.fire(item, fireable[at].kind, string(req.WebhookCode))
	return &gen.SandboxItemFireWebhookResponse{WebhookFired: true, RequestID: in.requestID}, nil
}

// fire sends a webhook, and does what it reports where that was chosen.
func (st *store) fire(item *itemRecord, kind gen.WebhookType, code string) {
	var properties map[string]any
	change := func() {}
	switch code {
	case "LOGIN_REPAIRED":
		change = func() { st.repair(item) }
	case "PENDING_DISCONNECT":
		ends := st.clock.now().Add(consentNotice)
		properties = map[string]any{"disconnect_time": ends, "reason": gen.PendingDisconnectWebhookReasonInstitutionMigration}
		change = func() { item.consentEnds, item.warned = ends, true }
	case "USER_PERMISSION_REVOKED":
		properties = permissionRevoked()
		change = func() { st.removeItem(item) }
	case "USER_ACCOUNT_REVOKED":
		id := st.ids.id(37) // of no account, where there is none left
		if len(item.linked.Accounts) > 0 {
			id = item.linked.Accounts[0].ID
		}
		properties = map[string]any{"account_id": id}
		change = func() { item.dropAccount(id) }
	}
	if kind == gen.WebhookTypeItem {
		st.sendItem(item, code, properties)
	} else {
		item.lastWebhook = &gen.ItemStatusLastWebhook{CodeSent: code, SentAt: st.clock.now()}
		st.send(item.webhook, string(kind), code, productWebhook{kind, code, item.id, gen.WebhookEnvironmentValuesSandbox, item.userID()})
	}
	if st.choices.FiringChangesItem {
		change()
	}
}

// productWebhook has what the webhooks of products have in common; the specification of this SDK has none of them.
type productWebhook struct {
	Type        gen.WebhookType              `json:"webhook_type"`
	Code        string                       `json:"webhook_code"`
	ItemID      string                       `json:"item_id"`
	Environment gen.WebhookEnvironmentValues `json:"environment"`
	UserID      string                       `json:"user_id,omitzero"`
}
