// Package wiretest is what the tests of the client stand on: servers that do what a test wants, a client of them, and checks of
// what came back.
//
// [InMemory] is a server without a network. It works in a bubble of testing/synctest, where times are exact:
//
//	server := wiretest.InMemory(wiretest.Reply(500, "{}"), wiretest.Reply(200, wiretest.TokenBody))
//	_, err := wiretest.GetToken(t, server.Client(t))
//	require.NoError(t, err)
//	require.Len(t, server.Requests(t), 2)
//
// [Serve] is a server on loopback, down to the bytes, for what net/http's server does not do: half a header, a reset, a body
// without an end. [Prints] and [Leak] look for the secret in whatever a value prints. [Specification] is the embedded
// document.
//
// Tests of handlers need none of this: use net/http/httptest. Programs that are tested against Plaid Link use package sandbox.
package wiretest
