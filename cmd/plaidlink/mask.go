package main

import (
	"os"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"
)

const (
	redacted        = "[redacted]"
	showAccessToken = "show-access-token" // the flag
)

// Access tokens, as they look now, and as members of JSON, however they look.
var (
	accessToken  = regexp.MustCompile(`access-(sandbox|development|production)-[0-9A-Za-z-]+`)
	accessMember = regexp.MustCompile(`("access_tokens?"\s*:\s*)("(\\.|[^"\\])*"|\[[^\]]*\])`)
)

// mask takes the secret and access tokens out of a text that is printed.
func mask(text string) string {
	text = accessMember.ReplaceAllString(maskSecret(text), `$1"`+redacted+`"`)
	return accessToken.ReplaceAllString(text, redacted)
}

func maskSecret(text string) string {
	if secret := os.Getenv("PLAID_SECRET"); secret != "" {
		text = strings.ReplaceAll(text, secret, redacted)
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
