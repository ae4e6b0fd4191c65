package sandbox

import (
	"crypto/subtle"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
	"github.com/plaidlink/plaidlink-go/internal/schema"
)

func checkHeaders(header http.Header) error {
	if mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return invalidRequest(plaidlink.CodeInvalidHeaders, "the header Content-Type must be application/json")
	}
	if version := header.Get("Plaid-Version"); version != "" && version != plaidlink.APIVersion {
		return invalidRequest(plaidlink.CodeInvalidHeaders, "the header Plaid-Version must be %s", plaidlink.APIVersion)
	}
	return nil
}

// decodeObject refuses what is not one JSON object, with trailing bytes or with duplicate names.
func decodeObject(body []byte, readErr error) (map[string]any, error) {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](readErr); ok {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body is larger than %d bytes", tooLarge.Limit)
	}
	if readErr != nil {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body ended early")
	}
	var properties map[string]any
	if err := json.Unmarshal(body, &properties); err != nil || properties == nil {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body must be one JSON object in UTF-8, without duplicate names")
	}
	return properties, nil
}

// checkCredentials accepts them in headers, as properties of the body, or in both. The specification does not list the
// properties, and checkSchema accepts what it does not list.
func (s *Sandbox) checkCredentials(header http.Header, properties map[string]any) error {
	for _, credential := range []struct{ header, property, want string }{
		{"PLAID-CLIENT-ID", "client_id", s.credentials.ClientID},
		{"PLAID-SECRET", "secret", string(s.credentials.Secret)},
	} {
		sent := slices.Clone(header.Values(credential.header))
		if value, ok := properties[credential.property]; ok {
			text, _ := value.(string)
			sent = append(sent, text)
		}
		if len(sent) == 0 {
			return invalidInput(plaidlink.CodeInvalidAPIKeys, "the header %s, or the property %s, is missing", credential.header, credential.property)
		}
		for _, text := range sent {
			if subtle.ConstantTimeCompare([]byte(text), []byte(credential.want)) != 1 {
				return invalidInput(plaidlink.CodeInvalidAPIKeys, "the %s is not the one of this sandbox", credential.property)
			}
		}
	}
	return nil
}

// checkSchema names every missing field, or else every wrong one, or else, when strict, every unknown one. What a newer
// specification may have passes unless strict: properties and enum values.
func checkSchema(violations []schema.Violation, strict bool) error {
	var lacking, wrong, unknown []string
	for _, violation := range violations {
		field := strings.Join(violation.Place, ".")
		switch violation.Rule {
		case schema.UnknownProperty:
			if field != "client_id" && field != "secret" { // see checkCredentials
				unknown = append(unknown, field)
			}
		case schema.MissingProperty:
			lacking = append(lacking, field)
		default:
			if violation.Rule == schema.UnknownValue && !strict {
				continue
			}
			wrong = append(wrong, field+" must be "+violation.Expected)
		}
	}
	slices.Sort(lacking)
	slices.Sort(wrong)
	switch {
	case len(lacking) > 0:
		return missing(strings.Join(lacking, ", "))
	case len(wrong) > 0:
		return invalidField("the following fields are not valid: %s", strings.Join(wrong, "; "))
	case strict && len(unknown) > 0:
		return invalidRequest("UNKNOWN_FIELDS", "the following fields are unknown: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// decodeValid decodes a body into a Go type. Of one that a schema accepted, what fails even so is a number beyond the range
// of int, or a day that is not in the calendar.
func decodeValid(body []byte, into any, opts ...json.Options) error {
	err := json.Unmarshal(body, into, opts...)
	if err == nil {
		return nil
	}
	reason := jsonerr.Explain(err, nil)
	field, wrong := "a field", "has a wrong type or is out of range"
	if reason.Pointer != "" {
		field = strings.ReplaceAll(strings.TrimPrefix(reason.Pointer, "/"), "/", ".")
	}
	if reason.Kind == jsonerr.UnknownName {
		wrong = "is unknown"
	}
	return invalidField("the following fields are not valid: %s %s", field, wrong)
}
