package plaidlink

// ErrorType is Plaid's error_type: the group of an error. New ones can appear at any time. It is a target for errors.Is.
type ErrorType string

// Error is the type itself.
func (t ErrorType) Error() string { return string(t) }

// Types near Link.
const (
	TypeInvalidRequest    ErrorType = "INVALID_REQUEST"     // the request is malformed
	TypeInvalidResult     ErrorType = "INVALID_RESULT"      // the request is right and its result cannot be used
	TypeInvalidInput      ErrorType = "INVALID_INPUT"       // credentials, tokens or ids that Plaid does not accept
	TypeInstitutionError  ErrorType = "INSTITUTION_ERROR"   // the bank's fault
	TypeRateLimitExceeded ErrorType = "RATE_LIMIT_EXCEEDED" // too many calls
	TypeAPIError          ErrorType = "API_ERROR"           // Plaid's fault
	TypeItemError         ErrorType = "ITEM_ERROR"          // the Item needs its user
	TypeOAuthError        ErrorType = "OAUTH_ERROR"         // the bank's own login page
)

// ErrorCode is Plaid's error_code: what exactly went wrong. New ones can appear at any time. It is a target for errors.Is.
type ErrorCode string

// Error is the code itself.
func (c ErrorCode) Error() string { return string(c) }

// Codes near Link.
const (
	// INVALID_REQUEST
	CodeMissingFields        ErrorCode = "MISSING_FIELDS"        // the message names them
	CodeUnknownFields        ErrorCode = "UNKNOWN_FIELDS"        // the message names them
	CodeInvalidField         ErrorCode = "INVALID_FIELD"         // the message names it
	CodeInvalidConfiguration ErrorCode = "INVALID_CONFIGURATION" // something is to be set in the Dashboard first
	CodeInvalidBody          ErrorCode = "INVALID_BODY"          // not JSON
	CodeInvalidHeaders       ErrorCode = "INVALID_HEADERS"       // a header is missing or wrong
	CodeNotFound             ErrorCode = "NOT_FOUND"             // no such path, with a 404
	CodeNoLongerAvailable    ErrorCode = "NO_LONGER_AVAILABLE"   // the operation is retired, with a 404
	CodeSandboxOnly          ErrorCode = "SANDBOX_ONLY"          // the operation exists in the sandbox only

	// INVALID_INPUT
	CodeInvalidAPIKeys                  ErrorCode = "INVALID_API_KEYS"                    // client id or secret, or of another environment
	CodeUnauthorizedEnvironment         ErrorCode = "UNAUTHORIZED_ENVIRONMENT"            // your account may not use the environment
	CodeInvalidLinkToken                ErrorCode = "INVALID_LINK_TOKEN"                  // unknown, expired, or of another environment
	CodeInvalidPublicToken              ErrorCode = "INVALID_PUBLIC_TOKEN"                // as above; it lives 30 minutes
	CodeInvalidAccessToken              ErrorCode = "INVALID_ACCESS_TOKEN"                // unknown, removed, or of another environment
	CodeInvalidProduct                  ErrorCode = "INVALID_PRODUCT"                     // not enabled for you
	CodeInvalidInstitution              ErrorCode = "INVALID_INSTITUTION"                 // unknown, or not supported
	CodeInvalidLinkCustomization        ErrorCode = "INVALID_LINK_CUSTOMIZATION"          // unknown, or not fit for the request
	CodeInvalidUserToken                ErrorCode = "INVALID_USER_TOKEN"                  // unknown
	CodeInvalidWebhookVerificationKeyID ErrorCode = "INVALID_WEBHOOK_VERIFICATION_KEY_ID" // no such key: the webhook is forged

	// RATE_LIMIT_EXCEEDED
	CodeRateLimit        ErrorCode = "RATE_LIMIT"        // suspected abuse; retried once at most
	CodeCreditsExhausted ErrorCode = "CREDITS_EXHAUSTED" // never retried: buy more

	// API_ERROR
	CodeInternalServerError ErrorCode = "INTERNAL_SERVER_ERROR" // retried where that is safe
	CodePlannedMaintenance  ErrorCode = "PLANNED_MAINTENANCE"   // takes long

	// INSTITUTION_ERROR
	CodeInstitutionDown          ErrorCode = "INSTITUTION_DOWN"           // temporary; not retried by the SDK
	CodeInstitutionNotResponding ErrorCode = "INSTITUTION_NOT_RESPONDING" // temporary; not retried by the SDK

	// OAUTH_ERROR
	CodeOAuthStateIDAlreadyProcessed ErrorCode = "OAUTH_STATE_ID_ALREADY_PROCESSED" // with a 208
)
