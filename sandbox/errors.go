package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// refusal is the error of a request that is not carried out. Its message never holds a value that was sent.
type refusal struct {
	status  int
	kind    plaidlink.ErrorType
	code    plaidlink.ErrorCode
	message string
}

func (r *refusal) Error() string { return r.message }

func refuse(status int, kind plaidlink.ErrorType, code plaidlink.ErrorCode, format string, args ...any) *refusal {
	return &refusal{status, kind, code, fmt.Sprintf(format, args...)}
}

func invalidRequest(code plaidlink.ErrorCode, format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, plaidlink.TypeInvalidRequest, code, format, args...)
}

func invalidField(format string, args ...any) *refusal {
	return invalidRequest(plaidlink.CodeInvalidField, format, args...)
}

// missing refuses a request for fields that it lacks.
func missing(fields string) *refusal {
	return invalidRequest(plaidlink.CodeMissingFields, "the following required fields are missing: %s", fields)
}

func invalidInput(code plaidlink.ErrorCode, format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, plaidlink.TypeInvalidInput, code, format, args...)
}

func notFound() *refusal {
	return refuse(http.StatusNotFound, plaidlink.TypeInvalidRequest, plaidlink.CodeNotFound,
		"there is nothing at this path with this method; every operation is a POST")
}

// notPlayed refuses what the sandbox plays no part of.
func notPlayed(method string) *refusal {
	refused := notFound()
	if method != http.MethodPost {
		return refused
	}
	var paths []string
	for _, op := range gen.Operations() {
		if operations[op.ID] != nil {
			paths = append(paths, op.Path)
		}
	}
	refused.message = "this sandbox plays Link and Items (" + strings.Join(paths, ", ") +
		"); register a handler for any other path, with Handle or --fixtures"
	return refused
}

func internalError(message string) *refusal {
	return refuse(http.StatusInternalServerError, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, "%s", message)
}

// refusalOf returns err as a refusal. The error of an exported method, which a control calls, is that of a field.
func refusalOf(err error) *refusal {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused
	}
	return invalidField("%v", err)
}

// errorBody is the body of a failure. gen.PlaidError would leave out a suggested_action of null.
type errorBody struct {
	ErrorType        plaidlink.ErrorType `json:"error_type"`
	ErrorCode        plaidlink.ErrorCode `json:"error_code"`
	ErrorMessage     string              `json:"error_message"`
	DisplayMessage   *string             `json:"display_message"`
	RequestID        string              `json:"request_id"`
	DocumentationURL string              `json:"documentation_url"`
	SuggestedAction  *string             `json:"suggested_action"`
}

func (r *refusal) body(requestID string) errorBody {
	return errorBody{
		ErrorType:        r.kind,
		ErrorCode:        r.code,
		ErrorMessage:     r.message,
		RequestID:        requestID,
		DocumentationURL: "https://plaid.com/docs/errors/",
	}
}
