package sandbox

import (
	"sync"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// Sandbox is Plaid Link as an http.Handler. Make one with New; its methods may be called from several goroutines.
// All state is in memory, see "What is kept" in the package comment.
type Sandbox struct {
	credentials   plaidlink.Credentials
	operations    map[string]*operation // by path
	broken        error                 // why every request is answered with an API_ERROR; nil in a sound build
	clock         *clock
	ids           *ids
	signer        *Signer
	webhookTarget string // empty where each webhook goes to the URL of its link token
	outbox        *outbox.Outbox

	mu             sync.Mutex // guards what follows
	linkTokens     *shelf[*linkToken]
	hostedLinks    map[string]*linkToken // by the last part of hosted_link_url
	correlationIDs map[string]*linkToken
	running        *shelf[*linkSession] // on a hosted page, by link_session_id
	publicTokens   *shelf[*publicToken]
	accessTokens   *shelf[*item]
	profiles       *shelf[bool] // by phone number
	faults         map[string][]Fault
	limits         map[string]*rateLimit
	latency        time.Duration
	requests       []*Request
	recorded       int  // bytes of requests
	closed         bool // whether timers are armed no more
}

// Option configures New, NewServer and Listen. A nil Option does nothing.
type Option func(*Sandbox)

// WithCredentials sets the only credentials that are accepted. An empty part keeps its default, see Credentials.
func WithCredentials(credentials plaidlink.Credentials) Option {
	return func(s *Sandbox) {
		if credentials.ClientID != "" {
			s.credentials.ClientID = credentials.ClientID
		}
		if credentials.Secret != "" {
			s.credentials.Secret = credentials.Secret
		}
	}
}

// New makes a sandbox with no tokens and no Items, and with a new key for webhooks. Close it where hosted pages or
// webhooks were in use; a Server does so itself.
func New(opts ...Option) *Sandbox {
	s := &Sandbox{
		credentials: plaidlink.Credentials{ClientID: "sandbox-client-id", Secret: "sandbox-secret"},
		clock:       newClock(),
		ids:         newIDs(),
		signer:      NewSigner(),
		hostedLinks: map[string]*linkToken{}, correlationIDs: map[string]*linkToken{},
		faults: map[string][]Fault{},
		limits: map[string]*rateLimit{},
	}
	s.linkTokens = newShelf(maxKept, s.forget, s.forgotten)
	s.running = newShelf(maxRunning, nil, func(l *linkSession) { s.leave(l) })
	s.publicTokens = newShelf(maxKept, s.forgetPublic, nil)
	s.accessTokens = newShelf[*item](maxKept, nil, nil)
	s.profiles = newShelf[bool](maxKept, nil, nil)
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	s.operations, s.broken = loadOperations()
	s.outbox = newOutbox(s)
	return s
}

// Credentials are what a client must send: those of WithCredentials, else sandbox-client-id and sandbox-secret.
func (s *Sandbox) Credentials() plaidlink.Credentials { return s.credentials }

// Close ends what goes on by itself: webhooks are delivered no more, and sessions on a hosted page are not ended any more
// when nobody goes on with them. Requests are answered as before. It may be called again.
func (s *Sandbox) Close() {
	s.outbox.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, session := range s.running.all() {
		session.visit.abandon.Stop()
	}
}

func (s *Sandbox) now() time.Time { return s.clock.now() }
