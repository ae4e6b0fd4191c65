package sandbox

import (
	"crypto/rand"
	"fmt"
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

func newToken(kind string) string { return kind + "-sandbox-" + newUUID() }

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

// newUUID is a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// newID is a random identifier of n letters and digits.
func newID(n int) string {
	id := make([]byte, n)
	rand.Read(id) // never fails
	for i, b := range id {
		id[i] = alphanumerics[int(b)%len(alphanumerics)]
	}
	return string(id)
}

func newRequestID() string { return newID(15) }
