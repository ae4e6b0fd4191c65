package sandbox_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestServerListensOnLoopbackUntilClose(t *testing.T) {
	server := newServer(t)
	require.Regexp(t, `^http://127\.0\.0\.1:[0-9]+$`, server.URL)
	address := strings.TrimPrefix(server.URL, "http://")
	connection, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer connection.Close()
	server.Close()
	server.Close()
	_, err = net.Dial("tcp", address)
	require.Error(t, err)
	_, err = connection.Read(make([]byte, 1))
	require.Error(t, err, "open connections are closed")
}

func TestListen(t *testing.T) {
	server, err := sandbox.Listen("0.0.0.0:0")
	require.NoError(t, err)
	defer server.Close()
	require.Regexp(t, `^http://127\.0\.0\.1:[0-9]+$`, server.URL, "an address that can be called")

	_, err = sandbox.Listen(strings.TrimPrefix(newServer(t).URL, "http://"))
	require.ErrorContains(t, err, "sandbox: listen tcp 127.0.0.1:")
	require.ErrorContains(t, err, "in use")
}

func TestNilOptionDoesNothing(t *testing.T) {
	require.Equal(t, "sandbox-client-id", sandbox.New(nil).Credentials().ClientID)
}

func TestServersAreIndependent(t *testing.T) {
	_, first := start(t)
	_, second := start(t)
	_, err := second.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: create(t, first, createRequest()).LinkToken})
	requireRefused(t, err, plaidlink.CodeInvalidLinkToken, "was not made by this sandbox")
}

func TestClientReturnsErrorsOfOptions(t *testing.T) {
	_, err := newServer(t).Client(plaidlink.WithMaxAttempts(0))
	require.ErrorContains(t, err, "sandbox: make a client: ")
}

func TestConcurrentUse(t *testing.T) {
	server, client := start(t)
	const users = 32
	items := make([]string, users)
	var wg sync.WaitGroup
	for i := range users {
		wg.Go(func() {
			req := createRequest()
			req.ClientName = fmt.Sprint("user ", i)
			created, err := client.LinkTokenCreate(t.Context(), req)
			if !assert.NoError(t, err) {
				return
			}
			assert.NoError(t, failure(server.FinishLink(created.LinkToken, sandbox.Success())))
			server.Advance(time.Millisecond)
			got, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
			if !assert.NoError(t, err) {
				return
			}
			assert.Equal(t, req.ClientName, *got.Metadata.ClientName)
			public := got.LinkSessions[0].Results.ItemAddResults[0].PublicToken
			exchanged, err := client.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: public})
			if !assert.NoError(t, err) {
				return
			}
			items[i] = exchanged.ItemID
			assert.NoError(t, server.Fail("sandboxPublicTokenCreate", sandbox.Drop()))
			_, err = client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
				InstitutionID: "ins_109508", InitialProducts: req.Products,
			})
			assert.Error(t, err, "each request takes one fault")
			assert.NotEmpty(t, server.Requests())
			server.AddProfile("+14155550123")
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, item := range items {
		seen[item] = true
	}
	require.Len(t, seen, users, "each user has an Item of their own")
}

// A path of the specification that the sandbox forgot would be a 404.
func TestEveryOperationIsServed(t *testing.T) {
	doc, err := spec()
	require.NoError(t, err)
	server := newServer(t)
	served := 0
	for path := range doc.Paths.Map() {
		require.Equal(t, "MISSING_FIELDS", send(t, server, "POST", path, `{}`, nil).code, path)
		served++
	}
	require.Equal(t, 19, served)
}

// A server listens at once: what takes long, the specification, is read for the first request.
func BenchmarkNewServer(b *testing.B) {
	for b.Loop() {
		sandbox.NewServer().Close()
	}
}
