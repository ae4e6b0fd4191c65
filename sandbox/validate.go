package sandbox

import (
	"crypto/subtle"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

func checkHeaders(header http.Header) *refusal {
	if mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return invalidRequest(plaidlink.CodeInvalidHeaders, "the header Content-Type must be application/json")
	}
	if version := header.Get("Plaid-Version"); version != "" && version != plaidlink.APIVersion {
		return invalidRequest(plaidlink.CodeInvalidHeaders, "the header Plaid-Version must be %s", plaidlink.APIVersion)
	}
	return nil
}

// decodeObject refuses what kin-openapi would let pass: trailing bytes and duplicate names.
func decodeObject(body []byte, readErr error) (map[string]any, *refusal) {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(readErr, &tooLarge) {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body is larger than %d bytes", tooLarge.Limit)
	}
	if readErr != nil {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body ended early")
	}
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body must be one JSON object in UTF-8, without duplicate names")
	}
	return members, nil
}

// checkCredentials accepts them in headers, as members of the body, or in both. The specification does not list the
// members, which is no matter: checkSchema ignores what it does not list.
func (s *Sandbox) checkCredentials(header http.Header, members map[string]any) *refusal {
	for _, credential := range []struct{ header, member, want string }{
		{"PLAID-CLIENT-ID", "client_id", s.credentials.ClientID},
		{"PLAID-SECRET", "secret", string(s.credentials.Secret)},
	} {
		var sent []any
		for _, value := range header.Values(credential.header) {
			sent = append(sent, value)
		}
		if value, ok := members[credential.member]; ok {
			sent = append(sent, value)
		}
		if len(sent) == 0 {
			return invalidInput(plaidlink.CodeInvalidAPIKeys, "the header %s, or the member %s, is missing", credential.header, credential.member)
		}
		for _, value := range sent {
			text, _ := value.(string)
			if subtle.ConstantTimeCompare([]byte(text), []byte(credential.want)) != 1 {
				return invalidInput(plaidlink.CodeInvalidAPIKeys, "the %s is not the one of this sandbox", credential.member)
			}
		}
	}
	return nil
}

// checkSchema names every missing field, or else every wrong one.
func checkSchema(schema *openapi3.Schema, members map[string]any) *refusal {
	err := schema.VisitJSON(members, openapi3.VisitAsRequest(), openapi3.MultiErrors())
	if err == nil {
		return nil
	}
	var missing, wrong []string
	for _, violation := range violations(err) {
		field := strings.Join(violation.JSONPointer(), ".")
		if violation.SchemaField == "required" {
			missing = append(missing, field)
		} else {
			wrong = append(wrong, field+" "+expectation(violation))
		}
	}
	slices.Sort(missing)
	slices.Sort(wrong)
	if len(missing) > 0 {
		return invalidRequest(plaidlink.CodeMissingFields, "the following required fields are missing: %s", strings.Join(missing, ", "))
	}
	return invalidRequest(plaidlink.CodeInvalidField, "the following fields are not valid: %s", strings.Join(wrong, "; "))
}

// violations flattens what VisitJSON returned.
func violations(err error) []*openapi3.SchemaError {
	switch err := err.(type) {
	case openapi3.MultiError:
		var all []*openapi3.SchemaError
		for _, one := range err {
			all = append(all, violations(one)...)
		}
		return all
	case *openapi3.SchemaError:
		return []*openapi3.SchemaError{err}
	default:
		return []*openapi3.SchemaError{{Reason: "cannot be checked"}}
	}
}

// decodeValid decodes a body into a Go type. Of one that a schema accepted, what fails even so is a number beyond the range
// of int, or a day that is not in the calendar.
func decodeValid(body []byte, into any, opts ...json.Options) *refusal {
	err := json.Unmarshal(body, into, opts...)
	if err == nil {
		return nil
	}
	field, wrong := "a field", "has a wrong type or is out of range"
	if semantic := (*json.SemanticError)(nil); errors.As(err, &semantic) && semantic.JSONPointer != "" {
		field = strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
	}
	if errors.Is(err, json.ErrUnknownName) {
		wrong = "is unknown"
	}
	return invalidRequest(plaidlink.CodeInvalidField, "the following fields are not valid: %s %s", field, wrong)
}
