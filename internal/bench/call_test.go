package bench

import (
	_ "embed"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

//go:embed testdata/link_token_get.json
var linkTokenGet []byte // 26 kB: one session with 60 events

// eachClient runs a benchmark with every client in turn, with responses from memory.
func eachClient(b *testing.B, response func() []byte, do func(*testing.B, client) error) {
	for _, name := range names {
		client := clients[name]("https://plaid.test", &http.Client{Transport: canned{get: response}})
		b.Run("client="+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := do(b, client); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMemory makes calls, and their parts, without a network.
func BenchmarkMemory(b *testing.B) {
	fresh := fresh(linkTokenGet)
	for _, op := range []struct {
		name string
		do   func(*testing.B, client) error
	}{
		{"create", func(b *testing.B, c client) error { return c.Create(b.Context()) }},
		{"get", func(b *testing.B, c client) error { return c.Get(b.Context()) }},
		{"decode", func(_ *testing.B, c client) error { return c.Decode(fresh()) }},
		{"encode", func(_ *testing.B, c client) error { _, err := c.Encode(); return err }},
	} {
		b.Run("op="+op.name, func(b *testing.B) { eachClient(b, fresh, op.do) })
	}
}

// BenchmarkGrowth reads responses with more and more sessions.
func BenchmarkGrowth(b *testing.B) {
	const session = `{"link_session_id":"1f176445-3055-48b3-98dd-4f2c66a2%04d","started_at":"2024-07-29T20:22:33Z","events":[` +
		`{"event_id":"9613f34c-381e-47d5-b548-dda0ced6%04d","event_name":"OPEN","timestamp":"2024-07-29T20:22:33Z","event_metadata":{"request_id":"r%d"}}]}`
	for _, n := range []int{1, 10, 100, 1000} {
		var sessions []string
		for i := range n {
			sessions = append(sessions, fmt.Sprintf(session, i, i, i))
		}
		response := `{"link_token":"link-sandbox-0","created_at":null,"expiration":null,"metadata":{},"request_id":"r","link_sessions":[` + strings.Join(sessions, ",") + `]}`
		b.Run(fmt.Sprintf("sessions=%d", n), func(b *testing.B) {
			eachClient(b, fresh([]byte(response)), func(b *testing.B, c client) error { return c.Get(b.Context()) })
		})
	}
}

// BenchmarkLayers makes the same call without the wrapper: the generated client and net/http, without decoding the response.
func BenchmarkLayers(b *testing.B) {
	network := canned{}
	plain, err := gen.NewClient("https://plaid.test", &http.Client{Transport: network})
	if err != nil {
		b.Fatal(err)
	}
	whole := clients["plaidlink"]("https://plaid.test", &http.Client{Transport: network})
	for _, layer := range []struct {
		name string
		do   func() error
	}{
		{"generated", func() error {
			resp, err := plain.LinkTokenCreate(b.Context(), gen.LinkTokenCreateRequest{})
			if err == nil {
				err = resp.Body.Close()
			}
			return err
		}},
		{"whole", func() error { return whole.Create(b.Context()) }},
	} {
		b.Run("layers="+layer.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := layer.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSandbox calls the sandbox, as tests do: on loopback, with every check.
func BenchmarkSandbox(b *testing.B) {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		created, err := client.LinkTokenCreate(b.Context(), gen.LinkTokenCreateRequest{
			ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
			User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := client.LinkTokenGet(b.Context(), gen.LinkTokenGetRequest{LinkToken: created.LinkToken}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
