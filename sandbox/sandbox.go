package sandbox

import (
	"cmp"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// Sandbox is Plaid Link as an http.Handler. Make one with [New]; its methods may be called from several goroutines.
// All state is in memory, see "What is kept" in the package comment.
type Sandbox struct {
	credentials   plaidlink.Credentials
	webhookTarget string          // empty where each webhook goes to the URL of its link token
	misconfigured error           // what is wrong with the options; nil where nothing is
	allowedHosts  map[string]bool // in lower case
	publicURL     string          // of hosted pages; empty where it is how the client reached the sandbox
	logRequest    func(Request)   // may be nil
	strict        bool            // whether what a newer specification may have is refused
	controlToken  string          // empty where the control paths serve this machine alone
	*services

	mu    sync.Mutex
	store *store // guarded by mu: methods of Sandbox lock it, those of the store and of what it holds never do
}

// services are what the sandbox shares with its store. Each has a lock of its own.
type services struct {
	clock  *clock
	ids    *ids
	signer *Signer
	outbox *outbox.Outbox
}

// Option configures [New], [NewServer] and [Listen]. A nil Option does nothing.
type Option func(*Sandbox)

// WithCredentials sets the only credentials that are accepted. An empty part keeps its default, see [Sandbox.Credentials].
func WithCredentials(credentials plaidlink.Credentials) Option {
	return func(s *Sandbox) {
		s.credentials.ClientID = cmp.Or(credentials.ClientID, s.credentials.ClientID)
		s.credentials.Secret = cmp.Or(credentials.Secret, s.credentials.Secret)
	}
}

// WithStrict refuses the properties and the enum values that the specification does not list, with UNKNOWN_FIELDS and INVALID_FIELD.
// Without it they pass, as a client may know a newer specification.
func WithStrict() Option {
	return func(s *Sandbox) { s.strict = true }
}

// New makes a sandbox with no tokens and no Items, and with a new key for webhooks. Close it where hosted pages or
// webhooks were in use; [Server.Close] does so too. With a wrong option every request gets a 500 that names it; [Listen]
// returns that error.
func New(opts ...Option) *Sandbox {
	s := &Sandbox{
		credentials:  plaidlink.Credentials{ClientID: "sandbox-client-id", Secret: "sandbox-secret"},
		allowedHosts: map[string]bool{},
		services:     &services{clock: &clock{}, ids: newIDs(), signer: NewSigner()},
	}
	s.store = newStore(s.services, s.afterFunc)
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	s.outbox = outbox.New(outbox.Config{
		// The time of a signature is the real one, whatever the sandbox's clock shows: the clock of who verifies is real too.
		Sign: func(body []byte) string { return s.signer.Sign(body, time.Now()) },
		Now:  s.clock.now, NewID: s.ids.uuid, Target: s.webhookTarget, Allowed: s.allowedHosts,
		SignOnce: s.store.choices.RedeliveryKeepsSignature, FailuresStop: s.store.choices.RefusalsEndRetries,
	})
	return s
}

// afterFunc is time.AfterFunc for what uses the store.
func (s *Sandbox) afterFunc(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		f()
	})
}

// named adds the name of an exported method to its error; nil stays nil.
func named(method string, err error) error {
	if err != nil {
		err = fmt.Errorf("sandbox: %s: %w", method, err)
	}
	return err
}

// Credentials returns what a client must send: the credentials of [WithCredentials], else sandbox-client-id and
// sandbox-secret.
func (s *Sandbox) Credentials() plaidlink.Credentials { return s.credentials }

// Close ends what goes on by itself: webhooks are not delivered any more, and sessions on a hosted page do not end when
// nobody goes on with them. Requests are served as before. It may be called again.
func (s *Sandbox) Close() {
	s.outbox.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.stopTimers()
}

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

// WithTime sets what the clock shows at first; the default is the present. It goes on from there with real time.
func WithTime(start time.Time) Option {
	return func(s *Sandbox) { s.clock.ahead.Store(int64(time.Until(start))) }
}

// Advance moves the clock on by d: tokens expire, sessions that nobody goes on with end, consent and logins
// of Items run out, and webhooks that are due are
// delivered, without waiting. A negative d moves it back.
func (s *Sandbox) Advance(d time.Duration) {
	s.clock.ahead.Add(int64(d))
	s.mu.Lock()
	s.store.endAbandoned()
	for _, item := range s.store.items.all() {
		s.store.age(item)
	}
	s.mu.Unlock()
	s.outbox.Wake()
}

// Now returns what the clock shows, in UTC and in milliseconds.
func (s *Sandbox) Now() time.Time { return s.clock.now() }

// clock is ahead of real time.
type clock struct{ ahead atomic.Int64 } // nanoseconds

// now is in milliseconds, so that a time in a response is the one that is compared with.
func (c *clock) now() time.Time {
	return time.Now().Add(time.Duration(c.ahead.Load())).UTC().Truncate(time.Millisecond)
}
