package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
)

// Bounds of what the sender may send.
const (
	headerName     = "Plaid-Verification"
	maxHeaderBytes = 4 << 10
	maxKidBytes    = 128
	maxAge         = 5 * time.Minute
	maxUnix        = 1 << 40 // the year 36812; what is beyond overflows
	signatureBytes = 64      // r and s
)

// token is a JWT that passed every check that needs neither a key nor the body.
type token struct {
	kid       string
	issuedAt  time.Time
	bodyHash  [sha256.Size]byte
	signed    string // what the signature covers
	signature []byte
}

// tokenHeader has what is needed, and the others, of which some are refused and the rest mean nothing.
type tokenHeader struct {
	Alg    string                    `json:"alg"`
	Kid    string                    `json:"kid"`
	Typ    jsontext.Value            `json:"typ"` // Plaid's have it, and no others
	Others map[string]jsontext.Value `json:",embed,inline"`
}

type tokenClaims struct {
	IssuedAt jsontext.Value `json:"iat"`
	BodyHash *string        `json:"request_body_sha256"`
}

// readToken reads the JWT. It is stricter than JWT libraries are: each part has one encoding, no JSON name appears twice or
// in another case, and the claims are checked before a key is fetched.
func readToken(header http.Header, now time.Time, leeway time.Duration) (token, error) {
	jwt, found := "", 0
	for name, values := range header { // adapters to other servers leave names as they came
		if strings.EqualFold(name, headerName) && len(values) > 0 {
			jwt, found = values[0], found+len(values)
		}
	}
	if found != 1 {
		return token{}, invalid("expected one %s header, found %d", headerName, found)
	}
	if len(jwt) > maxHeaderBytes {
		return token{}, invalid("the %s header has %d bytes, expected at most %d", headerName, len(jwt), maxHeaderBytes)
	}
	first, last := strings.IndexByte(jwt, '.'), strings.LastIndexByte(jwt, '.')
	if strings.Count(jwt, ".") != 2 {
		return token{}, invalid("the JWT has %d parts, expected 3", strings.Count(jwt, ".")+1)
	}
	t := token{signed: jwt[:last]}
	err := t.readHeader(jwt[:first])
	if err == nil {
		err = t.readClaims(jwt[first+1:last], now, leeway)
	}
	if err != nil {
		return token{}, err
	}
	var ok bool
	if t.signature, ok = decodeBase64(jwt[last+1:]); !ok {
		return token{}, invalid("the signature part of the JWT is not canonical base64url")
	}
	if n := len(t.signature); n != signatureBytes {
		return token{}, invalid("the signature of the JWT has %d bytes, expected %d (r and s, not DER)", n, signatureBytes)
	}
	return t, nil
}

func (t *token) readHeader(part string) error {
	var h tokenHeader
	if err := decodePart("header", part, &h); err != nil {
		return err
	}
	if h.Alg != "ES256" {
		return invalid("alg is %.20q, expected ES256", h.Alg)
	}
	for _, refused := range [...]string{"crit", "jwk", "jku", "x5c", "x5u", "b64"} { // a key or a rule that the sender chose
		if _, found := h.Others[refused]; found {
			return invalid("the header of the JWT has %s, expected none", refused)
		}
	}
	if h.Kid == "" || len(h.Kid) > maxKidBytes || strings.ContainsFunc(h.Kid, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return invalid("kid has %d bytes, expected 1 to %d printable ASCII characters", len(h.Kid), maxKidBytes)
	}
	t.kid = h.Kid
	return nil
}

func (t *token) readClaims(part string, now time.Time, leeway time.Duration) error {
	var c tokenClaims
	if err := decodePart("claims", part, &c); err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(string(c.IssuedAt), 10, 64)
	t.issuedAt = time.Unix(seconds, 0).UTC()
	age, digits := now.Sub(t.issuedAt), 2*len(t.bodyHash)
	switch {
	case c.IssuedAt == nil:
		return invalid("iat is missing")
	case err != nil || seconds < 0 || seconds > maxUnix:
		return invalid("iat is not an integer of Unix seconds")
	case age > maxAge:
		return invalid("iat is %v old, expected at most %v", age.Round(time.Millisecond), maxAge)
	case -age > leeway:
		return invalid("iat is %v ahead of this clock, expected at most %v", -age.Round(time.Millisecond), leeway)
	case c.BodyHash == nil:
		return invalid("request_body_sha256 is missing")
	case len(*c.BodyHash) != digits:
		return invalid("request_body_sha256 has %d bytes, expected %d hex digits", len(*c.BodyHash), digits)
	case strings.Trim(*c.BodyHash, "0123456789abcdef") != "":
		return invalid("request_body_sha256 has other characters than lower-case hex digits")
	}
	_, err = hex.Decode(t.bodyHash[:], []byte(*c.BodyHash))
	return err
}

// covers checks that the token is for a body.
func (t token) covers(body []byte) error {
	sum := sha256.Sum256(body)
	if subtle.ConstantTimeCompare(sum[:], t.bodyHash[:]) != 1 {
		return invalid("request_body_sha256 is not the SHA-256 of the body: expected the body as it was sent")
	}
	return nil
}

// decodePart decodes a part of the JWT as JSON in which no name appears twice, and names are matched by case.
func decodePart(name, part string, into any) error {
	data, ok := decodeBase64(part)
	if !ok {
		return invalid("the %s part of the JWT is not canonical base64url", name)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return invalid("the %s part of the JWT cannot be decoded: %.300s", name, jsonerr.Explain(err, nil))
	}
	return nil
}

var base64URL = base64.RawURLEncoding.Strict()

// decodeBase64 takes the one form of each value: base64 skips line breaks, even where it is strict.
func decodeBase64(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	data, err := base64URL.DecodeString(s)
	return data, err == nil
}
