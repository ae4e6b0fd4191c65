package sandbox

import (
	"fmt"
	"net/http"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// refusal says why a request is not carried out. Its message never holds a value that was sent.
type refusal struct {
	status  int
	kind    plaidlink.ErrorType
	code    plaidlink.ErrorCode
	message string
}

func invalidRequest(code plaidlink.ErrorCode, format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, plaidlink.TypeInvalidRequest, code, fmt.Sprintf(format, args...)}
}

func invalidInput(code plaidlink.ErrorCode, format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, plaidlink.TypeInvalidInput, code, fmt.Sprintf(format, args...)}
}

func notFound() *refusal {
	return &refusal{
		http.StatusNotFound, plaidlink.TypeInvalidRequest, plaidlink.CodeNotFound,
		"there is nothing at this path with this method; every operation is a POST",
	}
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

func newErrorBody(requestID string, kind plaidlink.ErrorType, code plaidlink.ErrorCode, message string) errorBody {
	return errorBody{
		ErrorType:        kind,
		ErrorCode:        code,
		ErrorMessage:     message,
		RequestID:        requestID,
		DocumentationURL: "https://plaid.com/docs/errors/",
	}
}
