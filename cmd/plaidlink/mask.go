package main

import (
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// shortSecret is the length from which a secret is masked in a text: a shorter one may be a part of any word.
const shortSecret = 8

// accessProperty is access tokens as properties of JSON, however they look.
var accessProperty = regexp.MustCompile(`("access_tokens?"\s*:\s*)("(\\.|[^"\\])*"|\[[^\]]*\])`)

// mask removes the secret and access tokens from a text that is printed.
func (p *program) mask(text string) string {
	text = accessProperty.ReplaceAllString(p.maskSecret(text), `$1"`+safe.Redacted+`"`)
	return string(safe.AccessTokens([]byte(text)))
}

func (p *program) maskSecret(text string) string {
	if secret := p.getenv("PLAID_SECRET"); len(secret) >= shortSecret {
		text = strings.ReplaceAll(text, secret, safe.Redacted)
	}
	return text
}
