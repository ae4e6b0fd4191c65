package plaidlink

import "errors"

// ErrorType is Plaid's error_type: the group of an error. New ones can appear at any time. It is a target for errors.Is.
type ErrorType string

// Error is the type itself.
func (t ErrorType) Error() string { return string(t) }

// Types of Link, of Items and of users.
const (
	TypeInvalidRequest    ErrorType = "INVALID_REQUEST"     // the request is malformed
	TypeInvalidResult     ErrorType = "INVALID_RESULT"      // the request is right and its result cannot be used
	TypeInvalidInput      ErrorType = "INVALID_INPUT"       // credentials, tokens or ids that Plaid does not accept
	TypeInstitutionError  ErrorType = "INSTITUTION_ERROR"   // the bank's fault
	TypeRateLimitExceeded ErrorType = "RATE_LIMIT_EXCEEDED" // too many calls
	TypeAPIError          ErrorType = "API_ERROR"           // Plaid's fault
	TypeItemError         ErrorType = "ITEM_ERROR"          // the Item needs its user
	TypeOAuthError        ErrorType = "OAUTH_ERROR"         // the bank's own login page
	TypeUserError         ErrorType = "USER_ERROR"          // a Plaid user, as of UserCreate
	TypeSandboxError      ErrorType = "SANDBOX_ERROR"       // the operations of the sandbox
)

// ErrorCode is Plaid's error_code: what exactly went wrong. New ones can appear at any time. It is a target for errors.Is.
type ErrorCode string

// Error is the code itself.
func (c ErrorCode) Error() string { return string(c) }

// Codes of Link, of Items and of users, by type, with what they mean and what to do. They come with status 400 where no other is
// named.
const (
	// INVALID_REQUEST: the request is malformed.
	CodeMissingFields          ErrorCode = "MISSING_FIELDS"           // the request lacks fields, which the message names; set them
	CodeUnknownFields          ErrorCode = "UNKNOWN_FIELDS"           // the request has fields that Plaid does not know; look at your ExtraFields
	CodeInvalidField           ErrorCode = "INVALID_FIELD"            // a field has a wrong value, or does not go with another; the message names it
	CodeInvalidConfiguration   ErrorCode = "INVALID_CONFIGURATION"    // the body does not have the form of the specification; correct the request
	CodeInvalidBody            ErrorCode = "INVALID_BODY"             // the body is not JSON; look for a proxy that changes bodies
	CodeInvalidHeaders         ErrorCode = "INVALID_HEADERS"          // a header is missing or wrong; look for a proxy that drops headers
	CodeIncompatibleAPIVersion ErrorCode = "INCOMPATIBLE_API_VERSION" // the operation does not exist in the version of the API that was sent; look for a proxy that changes headers
	CodeInvalidAccountNumber   ErrorCode = "INVALID_ACCOUNT_NUMBER"   // the account number is not valid; correct it
	CodeSandboxOnly            ErrorCode = "SANDBOX_ONLY"             // the operation exists in Plaid's sandbox only; do not call it elsewhere
	CodeNotFound               ErrorCode = "NOT_FOUND"                // 404, there is no such path; look at WithBaseURL
	CodeNoLongerAvailable      ErrorCode = "NO_LONGER_AVAILABLE"      // 404, Plaid has retired the operation; stop calling it

	// INVALID_INPUT: credentials, tokens or ids that Plaid does not accept.
	CodeInvalidAPIKeys                  ErrorCode = "INVALID_API_KEYS"                    // client id and secret do not fit, or are of another environment; look at PLAID_SECRET and PLAID_ENV
	CodeUnauthorizedEnvironment         ErrorCode = "UNAUTHORIZED_ENVIRONMENT"            // your account may not use the environment; ask Plaid for access
	CodeUnauthorizedRouteAccess         ErrorCode = "UNAUTHORIZED_ROUTE_ACCESS"           // your account may not use the operation; ask Plaid for access
	CodeDirectIntegrationNotEnabled     ErrorCode = "DIRECT_INTEGRATION_NOT_ENABLED"      // your account may not call Plaid directly; ask Plaid for access
	CodeInvalidLinkToken                ErrorCode = "INVALID_LINK_TOKEN"                  // unknown, expired, or of another environment; create a new one
	CodeInvalidPublicToken              ErrorCode = "INVALID_PUBLIC_TOKEN"                // unknown, used, over 30 minutes old, or of another environment; open Link again
	CodeInvalidAccessToken              ErrorCode = "INVALID_ACCESS_TOKEN"                // unknown, replaced, or of another environment or client; compare its prefix with the environment; else the Item is gone: link the bank anew
	CodeInvalidProcessorToken           ErrorCode = "INVALID_PROCESSOR_TOKEN"             // unknown, or of another environment; make a new one
	CodeInvalidAccountID                ErrorCode = "INVALID_ACCOUNT_ID"                  // the account is closed, no longer shared, or has a new id; call AccountsGet, then update mode
	CodeAdditionalConsentRequired       ErrorCode = "ADDITIONAL_CONSENT_REQUIRED"         // the user has not agreed to the product; update mode, with AdditionalConsentedProducts
	CodeUserPermissionRevoked           ErrorCode = "USER_PERMISSION_REVOKED"             // the user took back the access to the Item; try update mode; if that is refused, remove the Item and delete its data
	CodeInvalidProduct                  ErrorCode = "INVALID_PRODUCT"                     // the product is not enabled for you; ask for it in the Dashboard
	CodeInvalidInstitution              ErrorCode = "INVALID_INSTITUTION"                 // the institution is unknown, or lacks the product; offer another
	CodeInvalidLinkCustomization        ErrorCode = "INVALID_LINK_CUSTOMIZATION"          // the customization is unknown, or does not fit the request; look in the Dashboard
	CodeInvalidUserID                   ErrorCode = "INVALID_USER_ID"                     // the user_id is unknown; create the user anew
	CodeInvalidUserToken                ErrorCode = "INVALID_USER_TOKEN"                  // the user token is unknown; create the user anew
	CodeInvalidWebhookVerificationKeyID ErrorCode = "INVALID_WEBHOOK_VERIFICATION_KEY_ID" // there is no such key; a forged webhook; package webhook refuses it for you
	CodeTooManyVerificationAttempts     ErrorCode = "TOO_MANY_VERIFICATION_ATTEMPTS"      // the user has failed to verify the account too often; link another account
	CodeIncorrectDepositVerification    ErrorCode = "INCORRECT_DEPOSIT_VERIFICATION"      // the amounts of the micro-deposits are wrong; let the user try again in Link
	CodeProfileAuthenticationFailed     ErrorCode = "PROFILE_AUTHENTICATION_FAILED"       // the user could not prove who they are to Plaid; let the user try again in Link

	// ITEM_ERROR: the Item needs its user.
	CodeItemLoginRequired          ErrorCode = "ITEM_LOGIN_REQUIRED"          // the user must sign in again; update mode
	CodeAccessNotGranted           ErrorCode = "ACCESS_NOT_GRANTED"           // the user did not share what the product needs; update mode
	CodeNoAuthAccounts             ErrorCode = "NO_AUTH_ACCOUNTS"             // no account that Auth works with is shared; update mode
	CodeNoAccounts                 ErrorCode = "NO_ACCOUNTS"                  // no open account is shared; update mode with account selection; where all are closed, remove the Item
	CodeNoInvestmentAccounts       ErrorCode = "NO_INVESTMENT_ACCOUNTS"       // there is no investment account; link another bank
	CodeNoInvestmentAuthAccounts   ErrorCode = "NO_INVESTMENT_AUTH_ACCOUNTS"  // no account that Investments Auth works with is shared; link another bank
	CodeNoLiabilityAccounts        ErrorCode = "NO_LIABILITY_ACCOUNTS"        // there is no credit or loan account; link another bank
	CodeManualVerificationRequired ErrorCode = "MANUAL_VERIFICATION_REQUIRED" // the account number must be proved by hand; update mode, with investments_auth in Products
	CodeItemLocked                 ErrorCode = "ITEM_LOCKED"                  // the bank has locked the user out; let the user unlock the login at the bank, then update mode
	CodeUserSetupRequired          ErrorCode = "USER_SETUP_REQUIRED"          // the bank waits for a step of the user; let the user visit the bank, then update mode
	CodePasswordResetRequired      ErrorCode = "PASSWORD_RESET_REQUIRED"      // the bank wants a new password; let the user set one at the bank, then update mode
	CodeInvalidCredentials         ErrorCode = "INVALID_CREDENTIALS"          // the login is wrong; the user tries again in Link
	CodeInvalidMFA                 ErrorCode = "INVALID_MFA"                  // the second factor is wrong; the user tries again in Link
	CodeInvalidOTP                 ErrorCode = "INVALID_OTP"                  // the one-time code is wrong; the user tries again in Link
	CodeInvalidPhoneNumber         ErrorCode = "INVALID_PHONE_NUMBER"         // the phone number is wrong; the user tries again in Link
	CodeInvalidSendMethod          ErrorCode = "INVALID_SEND_METHOD"          // the code cannot be sent that way; the user tries again in Link
	CodeInsufficientCredentials    ErrorCode = "INSUFFICIENT_CREDENTIALS"     // the user left before the bank let them in; the user tries again in Link
	CodeUserInputTimeout           ErrorCode = "USER_INPUT_TIMEOUT"           // the user took too long; the user tries again in Link
	CodeInstantMatchFailed         ErrorCode = "INSTANT_MATCH_FAILED"         // the numbers do not match the account; the user tries again in Link
	CodeInvalidUpdatedUsername     ErrorCode = "INVALID_UPDATED_USERNAME"     // update mode was done with another login; use the right login, or remove the Item and link anew
	CodeItemNotFound               ErrorCode = "ITEM_NOT_FOUND"               // the Item is removed, or its user took back the access; it is gone: forget the token, link anew
	CodeItemConcurrentlyDeleted    ErrorCode = "ITEM_CONCURRENTLY_DELETED"    // the Item was removed during the call; as above
	CodeItemNotSupported           ErrorCode = "ITEM_NOT_SUPPORTED"           // the bank does not support this kind of Item; remove it, link another bank
	CodeMFANotSupported            ErrorCode = "MFA_NOT_SUPPORTED"            // the second factor of this login is not supported; remove it, link another bank
	CodeProductsNotSupported       ErrorCode = "PRODUCTS_NOT_SUPPORTED"       // the institution or the Item does not support the product; read ItemGet
	CodeProductNotEnabled          ErrorCode = "PRODUCT_NOT_ENABLED"          // the Item was not linked for the product; read ItemGet
	CodeProductNotReady            ErrorCode = "PRODUCT_NOT_READY"            // the data is not there yet; wait for the webhook

	// USER_ERROR: a Plaid user, as of UserCreate.
	CodeUserNotFound            ErrorCode = "USER_NOT_FOUND"             // there is no such user, or it was removed; create the user anew; after UserRemove it means done
	CodeInvalidUserIdentityData ErrorCode = "INVALID_USER_IDENTITY_DATA" // 403, the personal data cannot be right; correct the field that the message names

	// RATE_LIMIT_EXCEEDED: too many calls.
	CodeItemGetLimit             ErrorCode = "ITEM_GET_LIMIT"               // 429, too many calls of ItemGet; slow down; retried
	CodeAccountsLimit            ErrorCode = "ACCOUNTS_LIMIT"               // 429, too many calls of AccountsGet; slow down; retried
	CodeInstitutionsGetByIDLimit ErrorCode = "INSTITUTIONS_GET_BY_ID_LIMIT" // 429, too many calls of InstitutionsGetByID; cache institutions; retried
	CodeInstitutionRateLimit     ErrorCode = "INSTITUTION_RATE_LIMIT"       // 429, too many calls to one bank; slow down; retried
	CodeRateLimit                ErrorCode = "RATE_LIMIT"                   // 429, Plaid suspects abuse; slow down; the call was retried once at most
	CodeCreditsExhausted         ErrorCode = "CREDITS_EXHAUSTED"            // 429, what you have paid for is used up; buy more; never retried

	// API_ERROR: Plaid's fault.
	CodeInternalServerError ErrorCode = "INTERNAL_SERVER_ERROR" // 500, Plaid's fault; try later; retried where that is safe
	CodePlannedMaintenance  ErrorCode = "PLANNED_MAINTENANCE"   // 503, Plaid is down on purpose; try much later

	// INSTITUTION_ERROR: the bank's fault.
	CodeInstitutionDown                    ErrorCode = "INSTITUTION_DOWN"                       // the bank is down; let the user try later; not retried
	CodeInstitutionNotResponding           ErrorCode = "INSTITUTION_NOT_RESPONDING"             // the bank does not respond; let the user try later; not retried
	CodeInstitutionNotAvailable            ErrorCode = "INSTITUTION_NOT_AVAILABLE"              // the bank cannot be reached for now; let the user try later; not retried
	CodeInstitutionNoLongerSupported       ErrorCode = "INSTITUTION_NO_LONGER_SUPPORTED"        // Plaid does not support the bank any more; link another bank
	CodeInstitutionNotEnabledInEnvironment ErrorCode = "INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT" // the bank is not in this environment; use one that is
	CodeInstitutionRegistrationRequired    ErrorCode = "INSTITUTION_REGISTRATION_REQUIRED"      // the bank wants you to be registered first; register in the Dashboard
	CodeUnauthorizedInstitution            ErrorCode = "UNAUTHORIZED_INSTITUTION"               // your account may not use the bank; ask Plaid for access
	CodeUnsupportedResponse                ErrorCode = "UNSUPPORTED_RESPONSE"                   // the bank sent something that Plaid cannot read; tell Plaid's support

	// OAUTH_ERROR: the bank's own login page.
	CodeIncorrectLinkToken           ErrorCode = "INCORRECT_LINK_TOKEN"             // Link was opened again with another link token; open it with the one that the session began with
	CodeIncorrectOAuthNonce          ErrorCode = "INCORRECT_OAUTH_NONCE"            // the nonce is not that of the session; open Link anew
	CodeOAuthStateIDAlreadyProcessed ErrorCode = "OAUTH_STATE_ID_ALREADY_PROCESSED" // 208, the bank's page was finished before; go on with the session that exists
	CodeOAuthStateIDNotFound         ErrorCode = "OAUTH_STATE_ID_NOT_FOUND"         // 404, there is no such session; open Link anew

	// SANDBOX_ERROR: the operations of the sandbox.
	CodeSandboxWebhookInvalid    ErrorCode = "SANDBOX_WEBHOOK_INVALID"     // the Item has no usable webhook address; call ItemWebhookUpdate first
	CodeSandboxProductNotEnabled ErrorCode = "SANDBOX_PRODUCT_NOT_ENABLED" // the Item lacks the product of the webhook; use another Item
)

// NeedsUpdateMode reports whether an Item with this error works again after its user has gone through Link in update mode,
// which a link token with the Item's access token opens. Ask it of the code of a failed call, of Item.Error in the response of
// [Client.ItemGet], and of the error in an ERROR webhook alike. It is false for codes that it does not know.
//
// After [CodeItemLocked], [CodeUserSetupRequired] and [CodePasswordResetRequired] the user has to visit the bank first. After
// [CodeUserPermissionRevoked] Plaid may refuse the link token: then remove the Item.
func (c ErrorCode) NeedsUpdateMode() bool {
	switch c {
	case CodeItemLoginRequired, CodeAccessNotGranted, CodeNoAuthAccounts, CodeNoAccounts, CodeManualVerificationRequired,
		CodeItemLocked, CodeUserSetupRequired, CodePasswordResetRequired,
		CodeAdditionalConsentRequired, CodeUserPermissionRevoked:
		return true
	}
	return false
}

// ItemGone reports whether a call failed because there is no Item any more: it is removed, or its access token was replaced
// or ended. After [Client.ItemRemove] it means done. A token of another environment fails with [CodeInvalidAccessToken] too:
// check its prefix, such as access-sandbox-, before you take the Item for gone.
func ItemGone(err error) bool {
	return errors.Is(err, CodeItemNotFound) || errors.Is(err, CodeItemConcurrentlyDeleted) || errors.Is(err, CodeInvalidAccessToken)
}
