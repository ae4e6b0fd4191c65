// Package safe makes texts fit to be shown: in errors, in logs, on a terminal.
package safe

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Redacted takes the place of what must not be shown.
const Redacted = "[redacted]"

var (
	tokens       = regexp.MustCompile(`(access|public|link|processor|user)-(sandbox|development|production)-[0-9A-Za-z-]+`)
	accessTokens = regexp.MustCompile(`access-(sandbox|development|production)-[0-9A-Za-z-]+`)
)

// Tokens hides Plaid's tokens of every kind and environment; their prefixes stay.
func Tokens(text string) string { return tokens.ReplaceAllString(text, "$1-$2-"+Redacted) }

// AccessTokens hides access tokens only, as a whole: the other kinds may reach a browser.
func AccessTokens(text []byte) []byte { return accessTokens.ReplaceAll(text, []byte(Redacted)) }

// Secret hides a secret that has at least so many bytes: a short one, as tests have, may be a part of any word.
func Secret(text []byte, secret string, least int) []byte {
	if len(secret) < least || !bytes.Contains(text, []byte(secret)) {
		return text // which may be large, and is not copied without need
	}
	return bytes.ReplaceAll(text, []byte(secret), []byte(Redacted))
}

// Line escapes, as Go does, what could break lines or command a terminal.
func Line(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
