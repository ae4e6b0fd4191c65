package webhook

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

type forgetful struct{}

func (forgetful) WebhookVerificationKeyGet(context.Context, gen.WebhookVerificationKeyGetRequest, ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	return nil, plaidlink.CodeInvalidWebhookVerificationKeyID
}

// An attacker who is patient does not fill the memory. That cannot be seen from outside: what is dropped counts no more.
func TestVerdictsAreBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := newKeyring(forgetful{}, func() time.Time { return now }, time.Minute)
	for i := range 200 {
		_, err := r.get(t.Context(), fmt.Sprintf("made-up-%d", i))
		require.ErrorIs(t, err, ErrInvalid)
		now = now.Add(unknownEvery)
	}
	require.Len(t, r.verdicts, maxVerdicts)
	require.Contains(t, r.verdicts, "made-up-199")
	require.Empty(t, r.flights)
	require.Empty(t, r.keys)
}
