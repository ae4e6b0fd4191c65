package plaidlink

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/plaidlink/plaidlink-go/gen"
)

// repeatable says whether a request may be sent again though it was perhaps carried out, by what the specification
// declares for its operation. In doubt it may not.
func repeatable(declared gen.Repeat, req *http.Request) bool {
	switch member, conditional := strings.CutPrefix(string(declared), "unless "); {
	case declared == "always":
		return true
	case conditional:
		body, err := req.GetBody()
		if err != nil {
			return false
		}
		set, err := isSet(jsontext.NewDecoder(body), strings.Split(member, "."))
		return err == nil && !set
	}
	return false
}

// isSet says whether the member at a path of a JSON object is there and is neither null nor empty text.
func isSet(dec *jsontext.Decoder, path []string) (bool, error) {
	for _, name := range path {
		if dec.PeekKind() != '{' {
			return false, dec.SkipValue()
		}
		if _, err := dec.ReadToken(); err != nil {
			return false, err
		}
		for {
			token, err := dec.ReadToken()
			if err != nil {
				return false, err
			}
			if token.Kind() == '}' {
				return false, nil
			}
			if token.String() == name {
				break
			}
			if err := dec.SkipValue(); err != nil {
				return false, err
			}
		}
	}
	value, err := dec.ReadValue()
	return string(value) != "null" && string(value) != `""`, err
}
