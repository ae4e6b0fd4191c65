package sandbox

import (
	"net/http"
	"slices"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// fired is a webhook that /sandbox/item/fire_webhook sends. Its type is optional in a request, and the first of the code then.
type fired struct {
	kind    gen.WebhookType
	product gen.Products // that the Item needs; empty for none
}

// fireable are the webhooks by code. ERROR is that of Assets: the one of an Item comes from reset_login.
var fireable = map[gen.SandboxItemFireWebhookRequestWebhookCode][]fired{
	"DEFAULT_UPDATE": {
		{gen.WebhookTypeTransactions, gen.ProductsTransactions},
		{gen.WebhookTypeHoldings, gen.ProductsInvestments},
		{gen.WebhookTypeInvestmentsTransactions, gen.ProductsInvestments},
		{gen.WebhookTypeLiabilities, gen.ProductsLiabilities},
	},
	"SYNC_UPDATES_AVAILABLE":         {{gen.WebhookTypeTransactions, gen.ProductsTransactions}},
	"RECURRING_TRANSACTIONS_UPDATE":  {{gen.WebhookTypeTransactions, gen.ProductsTransactions}},
	"SMS_MICRODEPOSITS_VERIFICATION": {{gen.WebhookTypeAuth, gen.ProductsAuth}},
	"AUTHORIZATION_GRANTED":          {{gen.WebhookTypeAuth, gen.ProductsAuth}},
	"PRODUCT_READY":                  {{gen.WebhookTypeAssets, gen.ProductsAssets}},
	"ERROR":                          {{gen.WebhookTypeAssets, gen.ProductsAssets}},
	"NEW_ACCOUNTS_AVAILABLE":         {{kind: gen.WebhookTypeItem}},
	"USER_PERMISSION_REVOKED":        {{kind: gen.WebhookTypeItem}},
	"USER_ACCOUNT_REVOKED":           {{kind: gen.WebhookTypeItem}},
	"PENDING_DISCONNECT":             {{kind: gen.WebhookTypeItem}},
	"LOGIN_REPAIRED":                 {{kind: gen.WebhookTypeItem}},
}

func (st *store) sandboxItemFireWebhook(in incoming, item *itemRecord, req gen.SandboxItemFireWebhookRequest) (*gen.SandboxItemFireWebhookResponse, error) {
	kinds := fireable[req.WebhookCode]
	at := slices.IndexFunc(kinds, func(f fired) bool { return req.WebhookType == "" || f.kind == req.WebhookType })
	switch {
	case at < 0:
		return nil, invalidField("webhook_code is not one of webhook_type")
	case !isWebAddress(item.webhook):
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeSandboxError, plaidlink.CodeSandboxWebhookInvalid, "the Item has no webhook: call /item/webhook/update first")
	case kinds[at].product != "" && !slices.Contains(item.products, kinds[at].product):
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeSandboxError, plaidlink.CodeSandboxProductNotEnabled,
			"the Item was not linked for %s", kinds[at].product)
	}
	st.fire(item, kinds[at].kind, string(req.WebhookCode))
	return &gen.SandboxItemFireWebhookResponse{WebhookFired: true, RequestID: in.requestID}, nil
}

// fire sends a webhook, and does what it reports where that was chosen.
func (st *store) fire(item *itemRecord, kind gen.WebhookType, code string) {
	change := func() {}
	switch code {
	case "LOGIN_REPAIRED":
		st.sendItem(item, code, nil)
		change = func() { st.repair(item) }
	case "PENDING_DISCONNECT":
		ends := st.clock.now().Add(consentNotice)
		st.sendPendingDisconnect(item, ends, gen.PendingDisconnectWebhookReasonInstitutionMigration)
		change = func() { item.consentEnds, item.warned = ends, true }
	case "USER_PERMISSION_REVOKED":
		st.sendPermissionRevoked(item)
		change = func() { st.removeItem(item) }
	case "USER_ACCOUNT_REVOKED":
		id := st.ids.id(37) // of no account, where there is none left
		if len(item.linked.Accounts) > 0 {
			id = item.linked.Accounts[0].ID
		}
		st.sendItem(item, code, map[string]any{"account_id": id})
		change = func() { item.dropAccount(id) }
	case "NEW_ACCOUNTS_AVAILABLE":
		st.sendItem(item, code, nil)
	default:
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
