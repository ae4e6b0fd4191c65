package sandbox

import (
	"regexp"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// itemRecord is an Item. Its access token works once a public token of it was exchanged.
type itemRecord struct {
	id          string
	accessToken string
	linked      Item // what the user linked
}

func (st *store) newItem(linked Item) *itemRecord {
	return &itemRecord{id: st.ids.id(37), accessToken: st.ids.token(accessKind), linked: linked.withDefaults(st.ids)}
}

// findItems returns the Items of access tokens, in their order.
func (st *store) findItems(tokens []gen.AccessToken) (items []*itemRecord, err error) {
	for _, token := range tokens {
		item, ok := st.items.get(string(token))
		if !ok {
			return nil, unknownToken(accessKind, string(token))
		}
		items = append(items, item)
	}
	return items, nil
}

var institutionPattern = regexp.MustCompile(`^ins_[0-9]+$`)

const badInstitution = "institution_id must have the form ins_ and digits, such as ins_109508"

func (st *store) sandboxPublicTokenCreate(in incoming, req gen.SandboxPublicTokenCreateRequest) (*gen.SandboxPublicTokenCreateResponse, error) {
	if !institutionPattern.MatchString(req.InstitutionID) {
		return nil, invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	}
	item := st.newItem(Item{Institution: Institution{ID: req.InstitutionID}})
	return &gen.SandboxPublicTokenCreateResponse{PublicToken: st.newPublicToken(item), RequestID: in.requestID}, nil
}
