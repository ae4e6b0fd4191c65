package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// Sandbox is Plaid Link as an http.Handler. Make one with New; its methods may be called from several goroutines.
// All state is in memory and lives as long as the Sandbox.
type Sandbox struct {
	credentials plaidlink.Credentials
	operations  map[string]*operation // by path
	broken      error                 // why every request is answered with an API_ERROR; nil in a sound build

	keyID      string
	keyCreated time.Time
	privateKey *ecdsa.PrivateKey

	mu             sync.Mutex // guards what follows
	start          time.Time  // reading of the clock at started
	started        time.Time
	linkTokens     map[string]*linkToken
	correlationIDs map[string]*linkToken
	publicTokens   map[string]*publicToken
	accessTokens   map[string]*item
	profiles       map[string]bool // by phone number
	faults         map[string][]Fault
	requests       []Request
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

// WithTime sets what the clock shows at first; the default is the present. It goes on from there with real time.
func WithTime(start time.Time) Option {
	return func(s *Sandbox) { s.start = start }
}

// New makes a sandbox with no tokens and no Items, and with a new key for webhooks.
func New(opts ...Option) *Sandbox {
	now := time.Now()
	s := &Sandbox{
		credentials:    plaidlink.Credentials{ClientID: "sandbox-client-id", Secret: "sandbox-secret"},
		start:          now,
		started:        now,
		linkTokens:     map[string]*linkToken{},
		correlationIDs: map[string]*linkToken{},
		publicTokens:   map[string]*publicToken{},
		accessTokens:   map[string]*item{},
		profiles:       map[string]bool{},
		faults:         map[string][]Fault{},
	}
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	var specErr, keyErr error
	s.operations, specErr = loadOperations()
	s.privateKey, keyErr = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.broken = errors.Join(specErr, keyErr)
	s.keyID, s.keyCreated = newUUID(), s.now()
	return s
}

// Credentials are what a client must send: those of WithCredentials, else sandbox-client-id and sandbox-secret.
func (s *Sandbox) Credentials() plaidlink.Credentials { return s.credentials }

// Advance moves the clock on by d, so that tokens expire without waiting. A negative d moves it back.
func (s *Sandbox) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start = s.start.Add(d)
}

// now reads the clock, in UTC and in milliseconds, so that a time in an answer is the one that is compared with.
// The caller holds s.mu, except in New.
func (s *Sandbox) now() time.Time {
	return s.start.Add(time.Since(s.started)).UTC().Truncate(time.Millisecond)
}
