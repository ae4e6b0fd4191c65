package sandbox

// Choices are what Plaid may do and no source describes. The zero value is what the sandbox does by default; try your code
// with the others as well.
type Choices struct {
	// RemovedIsInvalidToken refuses the access token of a removed Item with INVALID_ACCESS_TOKEN, in place of ITEM_NOT_FOUND.
	RemovedIsInvalidToken bool

	// BrokenItemListsAccounts lets /accounts/get list the accounts of an Item in an error state, as they are cached. By
	// default it fails with the Item's error.
	BrokenItemListsAccounts bool

	// ErrorIsSentAgain sends another ITEM/ERROR webhook when an Item that needs a new login already is made to need one.
	ErrorIsSentAgain bool

	// FiringChangesItem lets /sandbox/item/fire_webhook do to the Item what the webhook reports. By default the Item stays
	// as it is.
	FiringChangesItem bool

	// RedeliveryKeepsSignature sends a webhook again with the signature of its first attempt, which verifies for 5 minutes.
	// By default each attempt is signed anew.
	RedeliveryKeepsSignature bool

	// RefusalsEndRetries sends no webhook again while over 90 % of the last 24 hours' attempts failed, and at least 10 were
	// made. Plaid does so, but no source has the number of attempts from which on. By default every webhook is retried.
	RefusalsEndRetries bool
}

// WithChoices sets what no source describes.
func WithChoices(choices Choices) Option {
	return func(s *Sandbox) { s.store.choices = choices }
}
