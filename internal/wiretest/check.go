package wiretest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
)

// RequireFailed asserts what holds for every failed call: the error is found through wraps and names operation and status, and
// neither its text nor that of an earlier attempt has a secret, a token or a body. A status of 0 means that no response came.
func RequireFailed(t testing.TB, err error, operation string, status int) *plaidlink.Error {
	t.Helper()
	require.Error(t, err)
	var e *plaidlink.Error
	require.True(t, errors.As(fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", err)), &e), "%v", err)
	require.Equal(t, operation, e.Operation)
	require.Equal(t, status, e.StatusCode)
	require.True(t, strings.HasPrefix(e.Error(), "plaidlink: "+operation+": "), e.Error())
	for _, err := range append([]error{err}, e.Earlier...) {
		require.ErrorAs(t, err, new(*plaidlink.Error))
		text := fmt.Sprintf("%v %+v %#v %s %q", err, err, err, err, err)
		for _, hidden := range []string{Secret, "link-sandbox-0", "link-sandbox-1", "public-sandbox-0", "access-sandbox-1", BodyMark} {
			require.NotContains(t, text, hidden)
		}
	}
	require.NotContains(t, string(e.Raw), Secret)
	return e
}

// Chain returns an error, those before it and each error below them, at every depth and in every branch: what somebody finds
// who walks.
func Chain(err error) (all []error) {
	if err == nil {
		return nil
	}
	all = append(all, err)
	if e, ok := err.(*plaidlink.Error); ok {
		for _, earlier := range e.Earlier {
			all = append(all, Chain(earlier)...)
		}
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		all = append(all, Chain(e.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			all = append(all, Chain(inner)...)
		}
	}
	return all
}
