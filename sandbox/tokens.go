package sandbox

import (
	"strings"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Kinds of tokens, which are their prefixes.
const (
	linkKind   = "link"
	publicKind = "public"
	accessKind = "access"
	userKind   = "user" // in the older API
)

// invalidToken refuses a token of a kind, for a reason that continues "the link_token …".
func invalidToken(kind, reason string) error {
	return invalidInput(plaidlink.ErrorCode("INVALID_"+strings.ToUpper(kind)+"_TOKEN"), "the %s_token %s", kind, reason)
}

// unknownToken refuses a token that was not made here; the reason is another environment where the token shows one.
func unknownToken(kind, token string) error {
	for _, environment := range []plaidlink.Environment{plaidlink.Production, plaidlink.Development} {
		if strings.HasPrefix(token, kind+"-"+string(environment)+"-") {
			return invalidToken(kind, "belongs to the environment "+string(environment)+", and this one is sandbox")
		}
	}
	return invalidToken(kind, "was not made by this sandbox")
}

const publicTokenLifetime = 30 * time.Minute

// publicToken is good for one exchange.
type publicToken struct {
	item    *itemRecord
	expires int64 // in milliseconds since 1970
	used    bool
}

// stale reports whether the token expired so long ago that nobody asks for it.
func (t *publicToken) stale(now time.Time) bool { return t.expires < now.Add(-keptExpired).UnixMilli() }

func (st *store) newPublicToken(of *itemRecord) string {
	token := st.ids.token(publicKind)
	st.publicTokens.put(token, &publicToken{item: of, expires: st.clock.now().Add(publicTokenLifetime).UnixMilli()})
	return token
}

func (st *store) itemPublicTokenExchange(in incoming, req gen.ItemPublicTokenExchangeRequest) (*gen.ItemPublicTokenExchangeResponse, error) {
	public, ok := st.publicTokens.get(req.PublicToken)
	switch {
	case !ok:
		return nil, unknownToken(publicKind, req.PublicToken)
	case public.used:
		return nil, invalidToken(publicKind, "was exchanged before")
	case public.item.gone, public.item.orphaned():
		return nil, invalidToken(publicKind, "is of an Item or a user that was removed")
	case st.clock.now().UnixMilli() >= public.expires:
		return nil, invalidToken(publicKind, "has expired: it lives 30 minutes")
	}
	public.used = true
	if _, known := st.items.get(public.item.id); !known {
		st.keepItem(public.item)
	}
	return &gen.ItemPublicTokenExchangeResponse{
		AccessToken: gen.AccessToken(public.item.accessToken),
		ItemID:      public.item.id,
		RequestID:   in.requestID,
	}, nil
}
