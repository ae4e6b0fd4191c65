package sandbox

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

// itemRecord is an Item. Its access token works once a public token of it was exchanged.
type itemRecord struct {
	id          string
	accessToken string // the present one; empty before the exchange
	linked      Item   // what the user shares
	origin

	created     time.Time
	failure     *gen.PlaidError // nil while it is healthy
	brokenAt    time.Time       // when the failure began
	loginDue    time.Time       // when the user has to sign in again at the latest
	consentEnds time.Time       // zero where it does not
	lastWebhook *gen.ItemStatusLastWebhook
	warned      bool // whether a webhook reported the end of consent
	gone        bool // removed, or its user took back the access
}

// origin is what an Item has from the request that it began with.
type origin struct {
	*linkRequest
	owner string      // client_user_id; empty where nobody is named
	user  *userRecord // nil for none
}

// orphaned reports whether the Plaid user was removed.
func (o origin) orphaned() bool { return orZero(o.user).removed }

// userID returns the user_id of the Plaid user; empty for none.
func (o origin) userID() string { return orZero(o.user).id }

func (st *store) newItem(linked Item, from origin) *itemRecord {
	now := st.clock.now()
	item := &itemRecord{
		id:       st.ids.id(37),
		linked:   linked.withDefaults(st.ids),
		origin:   from,
		created:  now,
		loginDue: now.Add(loginLifetime),
	}
	if from.european {
		item.consentEnds = now.Add(consentLifetime)
	}
	st.breakDuplicates(item)
	return item
}

// keepItem makes an Item that has an access token.
func (st *store) keepItem(item *itemRecord) {
	item.accessToken = st.ids.token(accessKind)
	st.items.put(item.id, item)
	st.accessTokens.put(item.accessToken, item)
}

// findItem returns the Item of an access token, as old as it is by now.
func (st *store) findItem(token gen.AccessToken) (*itemRecord, error) {
	item, ok := st.accessTokens.values[string(token)]
	switch {
	case !ok:
		return nil, unknownToken(accessKind, string(token))
	case item.accessToken != string(token):
		return nil, invalidToken(accessKind, "was replaced by another one")
	}
	if st.age(item); !item.gone {
		return item, nil
	}
	if st.choices.RemovedIsInvalidToken {
		return nil, invalidToken(accessKind, "is of an Item that was removed")
	}
	return nil, refuse(http.StatusBadRequest, plaidlink.TypeItemError, plaidlink.CodeItemNotFound, "the Item was removed, or its user took back the access")
}

// findItems returns the Items of access tokens, in their order.
func (st *store) findItems(tokens []gen.AccessToken) (items []*itemRecord, err error) {
	for _, token := range tokens {
		item, err := st.findItem(token)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// offeredProducts are those that every Item can have.
var offeredProducts = []gen.Products{
	gen.ProductsAssets, gen.ProductsAuth, gen.ProductsIdentity, gen.ProductsInvestments, gen.ProductsLiabilities,
	gen.ProductsSignal, gen.ProductsStatements, gen.ProductsTransactions, gen.ProductsTransfer,
}

// shown returns the Item as the API shows it.
func (item *itemRecord) shown() gen.Item {
	return gen.Item{
		AvailableProducts: slices.DeleteFunc(slices.Clone(offeredProducts), func(p gen.Products) bool { return slices.Contains(item.products, p) }),
		BilledProducts:    item.products,
		Products:          item.products,
		Error:             item.failure,
		InstitutionID:     item.linked.Institution.ID,
		InstitutionName:   item.linked.Institution.Name,
		ItemID:            item.id,
		UpdateType:        gen.ItemUpdateTypeBackground,
		Webhook:           nullWhenEmpty(item.webhook),

		ConsentExpirationTime: nullWhenEmpty(item.consentEnds),
	}
}

func (st *store) itemGet(in incoming, item *itemRecord, _ gen.ItemGetRequest) (*gen.ItemGetResponse, error) {
	shown, err := recast[gen.ItemWithConsentFields](item.shown())
	shown.CreatedAt = item.created
	response := &gen.ItemGetResponse{RequestID: in.requestID, Item: shown}
	if item.lastWebhook != nil {
		response.Status = &gen.ItemStatus{LastWebhook: new(*item.lastWebhook)}
	}
	return response, err
}

func (st *store) itemRemove(in incoming, item *itemRecord, _ gen.ItemRemoveRequest) (*gen.ItemRemoveResponse, error) {
	st.removeItem(item)
	return &gen.ItemRemoveResponse{RequestID: in.requestID}, nil
}

// itemAccessTokenInvalidate keeps the old token, to know it for a replaced one.
func (st *store) itemAccessTokenInvalidate(in incoming, item *itemRecord, _ gen.ItemAccessTokenInvalidateRequest) (*gen.ItemAccessTokenInvalidateResponse, error) {
	item.accessToken = st.ids.token(accessKind)
	st.accessTokens.put(item.accessToken, item)
	return &gen.ItemAccessTokenInvalidateResponse{NewAccessToken: gen.AccessToken(item.accessToken), RequestID: in.requestID}, nil
}

var institutionPattern = regexp.MustCompile(`^ins_[0-9]+$`)

const badInstitution = "institution_id must have the form ins_ and digits, such as ins_109508"

func (st *store) sandboxPublicTokenCreate(in incoming, req gen.SandboxPublicTokenCreateRequest) (*gen.SandboxPublicTokenCreateResponse, error) {
	if !institutionPattern.MatchString(req.InstitutionID) {
		return nil, invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	}
	user, err := st.namedUser(req.UserID, req.UserToken)
	if err != nil {
		return nil, err
	}
	item := st.newItem(Item{Institution: Institution{ID: req.InstitutionID}}, origin{
		&linkRequest{products: req.InitialProducts, webhook: orZero(req.Options).Webhook}, orZero(user).clientUserID, user,
	})
	return &gen.SandboxPublicTokenCreateResponse{PublicToken: st.newPublicToken(item), RequestID: in.requestID}, nil
}

func (st *store) accountsGet(in incoming, item *itemRecord, req gen.AccountsGetRequest) (*gen.AccountsGetResponse, error) {
	if item.failure != nil && !st.choices.BrokenItemListsAccounts {
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeItemError, plaidlink.ErrorCode(item.failure.ErrorCode), "%s", item.failure.ErrorMessage)
	}
	if len(item.linked.Accounts) == 0 {
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeItemError, plaidlink.CodeNoAccounts, "the user shares no account any more")
	}
	wanted := orZero(req.Options).AccountIDs
	accounts := []gen.AccountBase{}
	for _, account := range item.linked.Accounts {
		if len(wanted) == 0 || slices.Contains(wanted, account.ID) {
			accounts = append(accounts, item.account(account))
		}
	}
	for _, id := range wanted {
		if !slices.ContainsFunc(accounts, func(a gen.AccountBase) bool { return a.AccountID == id }) {
			return nil, invalidInput(plaidlink.CodeInvalidAccountID, "options.account_ids has an id that is not of this Item")
		}
	}
	return &gen.AccountsGetResponse{Accounts: accounts, Item: item.shown(), RequestID: in.requestID}, nil
}

// account returns an account as the API shows it. One that is not of the test user has no balances.
func (item *itemRecord) account(of Account) gen.AccountBase {
	account := gen.AccountBase{
		AccountID: of.ID,
		Name:      of.Name,
		Mask:      nullWhenEmpty(of.Mask),
		Type:      gen.AccountType(of.Type),
		Subtype:   nullWhenEmpty(gen.AccountSubtype(of.Subtype)),
		Balances:  gen.AccountBalance{IsoCurrencyCode: new("USD")},
	}
	if balance, ok := bank.Balance(of.Name, of.Mask); ok {
		account.Balances.Current = &balance
		if account.Type == gen.AccountTypeDepository {
			account.Balances.Available = new(balance)
		}
	}
	if account.Type == gen.AccountTypeDepository && bank.Persistent(item.linked.Institution.ID) {
		sum := sha256.Sum256([]byte(item.owner + "\x00" + item.linked.Institution.ID + "\x00" + of.Name + "\x00" + of.Mask))
		account.PersistentAccountID = fmt.Sprintf("%x", sum)
	}
	return account
}

func (st *store) institutionsGetByID(in incoming, req gen.InstitutionsGetByIDRequest) (*gen.InstitutionsGetByIDResponse, error) {
	if !institutionPattern.MatchString(req.InstitutionID) {
		return nil, invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	}
	if len(req.CountryCodes) == 0 {
		return nil, invalidField("country_codes must name a country")
	}
	found, named := bankOf(Institution{ID: req.InstitutionID}.withDefaults()), gen.Institution{}
	named.InstitutionID, named.Name, named.OAuth = found.ID, found.Name, found.OAuth
	named.CountryCodes, named.Products = req.CountryCodes, offeredProducts
	if orZero(orZero(req.Options).IncludeOptionalMetadata) && found.Host != "" {
		named.URL, named.PrimaryColor = "https://"+found.Host, "#0b5c49"
	}
	return &gen.InstitutionsGetByIDResponse{Institution: named, RequestID: in.requestID}, nil
}
