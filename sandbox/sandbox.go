package sandbox

import (
	"cmp"
	"sync"
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
		Now: s.clock.now, Sign: s.signer.signNow, Target: s.webhookTarget, Allowed: s.allowedHosts, NewID: s.ids.uuid,
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
