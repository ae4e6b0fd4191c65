package sandbox

import (
	"strings"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// Kinds of tokens, which are their prefixes.
const (
	linkKind   = "link"
	publicKind = "public"
	accessKind = "access"
)

// invalidTokenCode is the error_code for a token of a kind.
var invalidTokenCode = map[string]plaidlink.ErrorCode{
	linkKind:   plaidlink.CodeInvalidLinkToken,
	publicKind: plaidlink.CodeInvalidPublicToken,
	accessKind: plaidlink.CodeInvalidAccessToken,
}

// refuseToken refuses a token of a kind, for a reason that continues "the link_token …".
func refuseToken(kind, reason string) *refusal {
	return invalidInput(invalidTokenCode[kind], "the %s_token %s", kind, reason)
}

// refuseUnknown refuses a token that was not made here, and says so when it is one of another environment.
func refuseUnknown(kind, token string) *refusal {
	for _, environment := range []plaidlink.Environment{plaidlink.Production, plaidlink.Development} {
		if strings.HasPrefix(token, kind+"-"+string(environment)+"-") {
			return refuseToken(kind, "belongs to the environment "+string(environment)+", and this one is sandbox")
		}
	}
	return refuseToken(kind, "was not made by this sandbox")
}
