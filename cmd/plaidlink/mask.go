package main

import (
	"os"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

const showAccessToken = "show-access-token" // the flag

// accessMember is access tokens as members of JSON, however they look.
var accessMember = regexp.MustCompile(`("access_tokens?"\s*:\s*)("(\\.|[^"\\])*"|\[[^\]]*\])`)

// mask takes the secret and access tokens out of a text that is printed.
func mask(text string) string {
	text = accessMember.ReplaceAllString(maskSecret(text), `$1"`+safe.Redacted+`"`)
	return string(safe.AccessTokens([]byte(text)))
}

func maskSecret(text string) string {
	if secret := os.Getenv("PLAID_SECRET"); secret != "" {
		text = strings.ReplaceAll(text, secret, safe.Redacted)
	}
	return text
}

// shown is how the answers of a command are masked: access tokens too, unless their flag is given.
func shown(cmd *cli.Command) func(string) string {
	if cmd.Bool(showAccessToken) {
		return maskSecret
	}
	return mask
}
