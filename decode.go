package plaidlink

import (
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// decode reads the body of a 200. Names are matched by case, duplicates are refused, invalid UTF-8 is replaced, except in the
// essential member, where it is refused.
func decode[Resp any](answer transport.Answer, resp *Resp, essential func(*Resp) (name, value string)) error {
	if kind := answer.Header.Get("Content-Type"); !isJSON(kind) {
		return fmt.Errorf("%w: expected application/json, found content type %.60q", ErrDecode, kind)
	}
	if err := json.Unmarshal(answer.Body, resp, jsontext.AllowInvalidUTF8(true)); err != nil {
		return fmt.Errorf("%w: %s", ErrDecode, explain(err))
	}
	if essential == nil {
		return nil
	}
	switch name, value := essential(resp); {
	case value == "":
		return fmt.Errorf("%w: %s is missing", ErrIncomplete, name)
	case strings.ContainsRune(value, utf8.RuneError):
		return fmt.Errorf("%w: %s is not valid UTF-8", ErrDecode, name)
	}
	return nil
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"))
}

// explain says what is wrong with a body and where, without any of it.
func explain(err error) string {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return fmt.Sprintf("at %q: a JSON %s does not fit %v", string(semantic.JSONPointer), semantic.JSONKind, semantic.GoType)
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		what := "not valid JSON"
		if errors.Is(err, jsontext.ErrDuplicateName) {
			what = "a name stands twice"
		}
		return fmt.Sprintf("at %q, byte %d: %s", string(syntactic.JSONPointer), syntactic.ByteOffset, what)
	}
	return "not valid JSON"
}
