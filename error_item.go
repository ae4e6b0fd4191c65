package plaidlink

import "errors"

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
