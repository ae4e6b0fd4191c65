package plaidlink_test

import (
	stdjson "encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// A second link token harms nobody; a second SMS or e-mail does.
func TestLinkTokenCreateIsRetriedUnlessItSendsAMessage(t *testing.T) {
	extra := func(name, value string) gen.ExtraFields {
		return gen.ExtraFields{name: stdjson.RawMessage(value)}
	}
	for name, test := range map[string]struct {
		req      gen.LinkTokenCreateRequest
		attempts int
	}{
		"Link in the application":        {gen.LinkTokenCreateRequest{}, 3},
		"a hosted page":                  {gen.LinkTokenCreateRequest{HostedLink: &gen.LinkTokenCreateHostedLink{}}, 3},
		"by SMS":                         {gen.LinkTokenCreateRequest{HostedLink: &gen.LinkTokenCreateHostedLink{DeliveryMethod: "sms"}}, 1},
		"by a new method":                {gen.LinkTokenCreateRequest{HostedLink: &gen.LinkTokenCreateHostedLink{DeliveryMethod: "carrier pigeon"}}, 1},
		"delivery_method in ExtraFields": {gen.LinkTokenCreateRequest{HostedLink: &gen.LinkTokenCreateHostedLink{ExtraFields: extra("delivery_method", `"sms"`)}}, 1},
		"hosted_link in ExtraFields":     {gen.LinkTokenCreateRequest{ExtraFields: extra("hosted_link", `{"delivery_method":"email"}`)}, 1},
		"another extra field":            {gen.LinkTokenCreateRequest{ExtraFields: extra("new", `1`)}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			server := wiretest.InMemory(wiretest.Reply(500, ""))
			client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithMaxRetryDelay(time.Nanosecond),
				plaidlink.WithHTTPClient(&http.Client{Transport: server})) // without a contract, because the requests are incomplete
			_, err := client.LinkTokenCreate(t.Context(), test.req)
			require.Error(t, err)
			require.Equal(t, test.attempts, server.Count())
		})
	}
}

// The budget of retries belongs to the client, not to a call, and other clients have their own.
func TestRetryBudgetIsOfTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError)
		m := wiretest.InMemory(failing)
		for name, test := range map[string]struct {
			opts []plaidlink.Option
			want int // requests of 20 calls at one instant, each of 2 attempts at most
		}{
			"the default": {nil, 40},
			"five":        {[]plaidlink.Option{plaidlink.WithRetryBudget(5)}, 25},
			"none":        {[]plaidlink.Option{plaidlink.WithRetryBudget(0)}, 20},
			"one attempt": {[]plaidlink.Option{plaidlink.WithMaxAttempts(1)}, 20},
		} {
			m.Then(failing)
			opts := append([]plaidlink.Option{plaidlink.WithMaxAttempts(2), plaidlink.WithMaxRetryDelay(1)}, test.opts...)
			c := m.Client(t, opts...)
			for range 20 {
				_, err := wiretest.GetToken(t, c)
				wiretest.RequireFailed(t, err, wiretest.OpGet, 500)
			}
			require.Len(t, m.Requests(t), test.want, name)
		}
	})
}
