package sandbox

import (
	"cmp"
	"crypto/subtle"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
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
		switch rule := violation.Rule; {
		case rule == schema.MissingProperty:
			lacking = append(lacking, field)
		case rule == schema.UnknownProperty && field != "client_id" && field != "secret": // see checkCredentials
			unknown = append(unknown, field)
		case rule == schema.WrongType, rule == schema.WrongValue, rule == schema.UnknownValue && strict:
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
	field := cmp.Or(strings.ReplaceAll(strings.TrimPrefix(reason.Pointer, "/"), "/", "."), "a field")
	wrong := "has a wrong type or is out of range"
	if reason.Kind == jsonerr.UnknownName {
		wrong = "is unknown"
	}
	return invalidField("the following fields are not valid: %s %s", field, wrong)
}

// refusal is the error of a request that is not carried out, in the form of the response. Its message never holds a value that
// was sent. gen.PlaidError would leave out a suggested_action of null.
type refusal struct {
	status           int
	ErrorType        plaidlink.ErrorType `json:"error_type"`
	ErrorCode        plaidlink.ErrorCode `json:"error_code"`
	ErrorMessage     string              `json:"error_message"`
	DisplayMessage   *string             `json:"display_message"`
	RequestID        string              `json:"request_id"`
	DocumentationURL string              `json:"documentation_url"`
	SuggestedAction  *string             `json:"suggested_action"`
}

func (r refusal) Error() string { return r.ErrorMessage }

func refuse(status int, kind plaidlink.ErrorType, code plaidlink.ErrorCode, message string, args ...any) refusal {
	if len(args) > 0 { // most refusals are of rules that are not broken, and cost nothing
		message = fmt.Sprintf(message, args...)
	}
	return refusal{
		status: status, ErrorType: kind, ErrorCode: code, ErrorMessage: message,
		DocumentationURL: "https://plaid.com/docs/errors/",
	}
}

// respond responds with the refusal, which gets a request_id.
func (r refusal) respond(w http.ResponseWriter, requestID string) {
	r.RequestID = requestID
	respond(w, r.status, r)
}

func invalidRequest(code plaidlink.ErrorCode, format string, args ...any) refusal {
	return refuse(http.StatusBadRequest, plaidlink.TypeInvalidRequest, code, format, args...)
}

func invalidField(format string, args ...any) refusal {
	return invalidRequest(plaidlink.CodeInvalidField, format, args...)
}

// missing refuses a request for fields that it lacks.
func missing(fields string) refusal {
	return invalidRequest(plaidlink.CodeMissingFields, "the following required fields are missing: %s", fields)
}

func invalidInput(code plaidlink.ErrorCode, format string, args ...any) refusal {
	return refuse(http.StatusBadRequest, plaidlink.TypeInvalidInput, code, format, args...)
}

func notFound() refusal {
	return refuse(http.StatusNotFound, plaidlink.TypeInvalidRequest, plaidlink.CodeNotFound,
		"there is nothing at this path with this method; every operation is a POST")
}

// notPlayed refuses what the sandbox plays no part of.
func notPlayed() refusal {
	var paths []string
	for _, op := range gen.Operations() {
		paths = append(paths, op.Path)
	}
	return refuse(http.StatusNotFound, plaidlink.TypeInvalidRequest, plaidlink.CodeNotFound,
		"this sandbox plays Link and Items (%s); register a handler for any other path, with Handle or --fixtures", strings.Join(paths, ", "))
}

func internalError(message string) refusal {
	return refuse(http.StatusInternalServerError, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, "%s", message)
}

// refusalOf returns err as a refusal. The error of an exported method, which a control calls, is that of a field.
func refusalOf(err error) refusal {
	if refused, ok := errors.AsType[refusal](err); ok {
		return refused
	}
	return invalidField("%v", err)
}
