// Package wiretest is what the tests of the client stand on: a server that does what a test wants, a client of it, and checks of
// what came back.
//
// [InMemory] is a server without a network. It works in a bubble of testing/synctest, where times are exact:
//
//	server := wiretest.InMemory(wiretest.Reply(500, "{}"), wiretest.Reply(200, wiretest.TokenBody))
//	_, err := wiretest.GetToken(t, server.Client(t))
//	require.NoError(t, err)
//	require.Len(t, server.Requests(t), 2)
//
// [Prints] and [Leak] look for the secret in whatever a value prints. The tests in package faults have a server on loopback, too.
//
// Tests of handlers need none of this: use net/http/httptest. Programs that are tested against Plaid Link use package sandbox.
package wiretest
