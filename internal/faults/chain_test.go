package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// walk calls visit with an error and with each error below it, at every depth and in every branch.
func walk(err error, visit func(error)) {
	if err == nil {
		return
	}
	visit(err)
	if e, ok := err.(*plaidlink.Error); ok {
		for _, earlier := range e.Earlier {
			walk(earlier, visit)
		}
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		walk(e.Unwrap(), visit)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			walk(inner, visit)
		}
	}
}

// requireSafeChain asserts that no error of a chain shows any of the texts, however it is printed.
func requireSafeChain(t testing.TB, err error, hidden ...string) (depth int) {
	t.Helper()
	walk(err, func(err error) {
		depth++
		prints := []string{err.Error()}
		for _, verb := range append(wiretest.Verbs, "%+q", "%#q") {
			prints = append(prints, fmt.Sprintf(verb, err), fmt.Sprintf(verb, struct{ V any }{err}))
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "err", err)
		slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "err", err)
		object, _ := json.Marshal(err)
		for _, printed := range append(prints, log.String(), string(object)) {
			for _, text := range hidden {
				require.NotContains(t, printed, text, "depth %d: %T", depth, err)
			}
			require.NoError(t, wiretest.Leak(printed))
		}
	})
	require.Less(t, depth, 200)
	require.NotZero(t, errors.Unwrap(err))
	return depth
}
