package plaidlink

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
)

// decode decodes the response of a call, which must have what it is for: a property of this name and value.
func decode[Resp any](c *Client, call *call, resp *Resp, name string, value func(*Resp) string) error {
	if err := c.decodeBody(call, resp); err != nil {
		return err
	}
	if value(resp) == "" && !(name == "request_id" && call.departs(name)) {
		return fmt.Errorf("%w: %s is missing", ErrIncomplete, name)
	}
	return nil
}

// departs reports whether a property of the response is there, but does not fit.
func (call *call) departs(name string) bool {
	return slices.ContainsFunc(call.departures, func(d string) bool { return strings.HasPrefix(d, strconv.Quote("/"+name)) })
}

// decodeBody decodes the body of a successful response, whatever it is labeled. Names are matched by case, duplicates are
// refused, invalid UTF-8 is replaced, except in tokens, where it is refused. A body that does not fit is decoded once more,
// property by property; see [lenient]. What the error shows of the response is masked before it is cut.
func (c *Client) decodeBody(call *call, resp any) error {
	body := call.response.Body
	err := json.Unmarshal(body, resp, jsontext.AllowInvalidUTF8(true))
	if mayFit(resp, err) {
		reflect.ValueOf(resp).Elem().SetZero()
		call.departures, err = decodeLeniently(body, resp, c.mask)
	}
	if err != nil {
		err = c.undecodable(call, err)
	} else if name := alteredToken(body); name != "" {
		err = fmt.Errorf("%w: %.60q is not valid UTF-8", ErrDecode, place(name, c.mask))
	}
	if err != nil {
		call.departures = nil
	}
	return err
}

// undecodable returns the error of a body that does not decode for a reason.
func (c *Client) undecodable(call *call, err error) error {
	reason := jsonerr.Explain(err, c.mask)
	text := reason.String()
	if must, ok := errors.AsType[misfit](err); ok {
		text = must.Error()
	}
	return fmt.Errorf("%w: %s%s", ErrDecode, text, label(call.response.Header, reason.Kind == jsonerr.Syntax, c.mask))
}

// mayFit reports whether a body that was refused for this reason may fit property by property.
func mayFit(resp any, err error) bool {
	return isGenerated(reflect.TypeOf(resp).Elem()) && (errors.Is(err, jsontext.ErrDuplicateName) || errors.As(err, new(*json.SemanticError)))
}

// label names what the headers say of a body that cannot be decoded, where that may be why. Other is whether it is not JSON.
func label(h http.Header, other bool, mask func(string) string) string {
	var text string
	kind := strings.Join(h.Values("Content-Type"), ", ")
	switch {
	case !isJSON(kind):
		text = fmt.Sprintf("; expected application/json, found content type %.60q", mask(kind))
	case other:
		text = fmt.Sprintf("; found content type %.60q", mask(kind))
	}
	if encoding := strings.Join(h.Values("Content-Encoding"), ", "); encoding != "" {
		text += fmt.Sprintf("; content encoding %.60q was not undone", mask(encoding))
	}
	return text
}

// alteredToken names a token of a decoded body in which invalid UTF-8 was replaced: it would be refused later, and elsewhere.
func alteredToken(body []byte) (name string) {
	if utf8.Valid(body) && !bytes.Contains(body, []byte(`\ud`)) && !bytes.Contains(body, []byte(`\uD`)) {
		return "" // nothing was replaced: there are no surrogates
	}
	for name, value := range values(body) {
		if isTokenName(name) && strings.ContainsRune(value.String(), utf8.RuneError) {
			return name
		}
	}
	return ""
}

// values returns the tokens of a document that are not names, each with the name before it.
func values(document []byte) iter.Seq2[string, jsontext.Token] {
	return func(yield func(string, jsontext.Token) bool) {
		dec := jsontext.NewDecoder(bytes.NewBuffer(document), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
		name := ""
		for {
			token, err := dec.ReadToken()
			if err != nil {
				return // the end
			}
			if kind, n := dec.StackIndex(dec.StackDepth()); kind == '{' && n%2 == 1 {
				name = token.String()
			} else if !yield(name, token) {
				return
			}
		}
	}
}

// isTokenName reports whether a property is a token, a list of them, or the key id of webhooks.
func isTokenName(name string) bool {
	return strings.HasSuffix(name, "token") || strings.HasSuffix(name, "tokens") || name == "kid"
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"))
}

// place is a place in a body, masked. The body chooses its length: masking all of it takes long, and texts cut it anyway.
func place(at string, mask func(string) string) string {
	return mask(at[:min(len(at), 4<<10)])
}
