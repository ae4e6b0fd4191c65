// Package contracttest runs the traffic of a test through contract mode, so that a test fails where the SDK, the sandbox or
// a server of the test departs from the specification.
package contracttest

import (
	"context"
	"net/http"
	"testing"

	"github.com/plaidlink/plaidlink-go/contract"
)

// Client is an http.Client whose every departure fails the test, but for those that an allowed function takes: a test of a
// bad response allows that. A nil next is a transport of its own, which the test's end closes.
func Client(t testing.TB, next http.RoundTripper, allowed ...func(contract.Departure) bool) *http.Client {
	t.Helper()
	if next == nil {
		own := &http.Transport{}
		t.Cleanup(own.CloseIdleConnections)
		next = own
	}
	rt, err := contract.New(next, func(_ context.Context, d contract.Departure) {
		for _, allows := range allowed {
			if allows(d) {
				return
			}
		}
		t.Errorf("contract: %s: %s", d.Kind.Severity(), d)
	})
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: rt}
}

// InResponses allows every departure of a response, for a server that is there to misbehave: only requests are held.
func InResponses(d contract.Departure) bool { return d.Direction == contract.Response }

// InRequests allows every departure of a request, for a test of how they are refused: only responses are held.
func InRequests(d contract.Departure) bool { return d.Direction == contract.Request }
