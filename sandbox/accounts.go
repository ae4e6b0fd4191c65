package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

func (st *store) accountsGet(in incoming, item *itemRecord, req gen.AccountsGetRequest) (*gen.AccountsGetResponse, error) {
	if item.failure != nil && !st.choices.BrokenItemListsAccounts {
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeItemError, plaidlink.ErrorCode(item.failure.ErrorCode), "%s", item.failure.ErrorMessage)
	}
	if len(item.linked.Accounts) == 0 {
		return nil, refuse(http.StatusBadRequest, plaidlink.TypeItemError, plaidlink.CodeNoAccounts, "the user shares no account any more")
	}
	var wanted []string
	if req.Options != nil {
		wanted = req.Options.AccountIDs
	}
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
		Balances:  gen.AccountBalance{IsoCurrencyCode: new("USD")},
	}
	if of.Subtype != "" {
		account.Subtype = new(gen.AccountSubtype(of.Subtype))
	}
	if balance, ok := bank.Balance(of.Name, of.Mask); ok {
		account.Balances.Current = &balance
		if account.Type == gen.AccountTypeDepository {
			account.Balances.Available = new(balance)
		}
	}
	if account.Type == gen.AccountTypeDepository && bank.Persistent(item.linked.Institution.ID) {
		sum := sha256.Sum256([]byte(item.owner + "\x00" + item.linked.Institution.ID + "\x00" + of.Name + "\x00" + of.Mask))
		account.PersistentAccountID = hex.EncodeToString(sum[:])
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
	if req.Options != nil && orZero(req.Options.IncludeOptionalMetadata) && found.Host != "" {
		named.URL, named.PrimaryColor = "https://"+found.Host, "#0b5c49"
	}
	return &gen.InstitutionsGetByIDResponse{Institution: named, RequestID: in.requestID}, nil
}
