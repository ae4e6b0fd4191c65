// Package sandbox is Plaid Link on loopback: an HTTP server with real state and without a network, for tests, demos and
// clients in other languages.
//
//	server := sandbox.NewServer()
//	defer server.Close()
//	client, err := server.Client()                             // a *plaidlink.Client that talks to it
//	…
//	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{…})
//	err = server.FinishLink(created.LinkToken, sandbox.Success()) // what a user does in the browser
//	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
//
// It answers the seven operations of the specification, checks every request against it, and refuses with the status,
// error_type and error_code of Plaid. Fail makes it misbehave, Advance makes tokens expire, Requests tells what it received.
//
// # When not to use it
//
// It is no proof that Plaid accepts a request: it knows the specification and the documented rules, not your account.
// Use Plaid's own sandbox for that.
//
// # Where Plaid is silent
//
// Where no source says what Plaid does, the sandbox takes the stricter choice, or the one said here:
//   - A public token and a correlation id can be exchanged once; a second exchange is refused.
//   - A link token is used up by a success. After an exit it can be finished again, as another session.
//   - An expired link token is refused everywhere, but for /link/token/get while a session of it ended less than 6 hours ago.
//   - A success in update mode gives a public token of the existing Item: its exchange gives the known access token.
//   - A correlation id lives as long as its link token.
//   - Members that the specification does not list are accepted and ignored, although Plaid refuses some with
//     UNKNOWN_FIELDS: a client may know a newer specification.
//   - A request without Plaid-Version is accepted; another version than 2020-09-14 is not.
//   - Any institution_id of the form ins_<digits> is accepted, and supports every product.
//   - Answers are not compressed, rate limits do not exist, webhooks are not sent.
//
// # Without Go
//
// The command "plaidlink sandbox" serves it. Besides Plaid's paths it has one of its own, which ends a Link session as
// FinishLink does and needs no credentials:
//
//	POST /_sandbox/link/finish
//	Content-Type: application/json
//
//	{"link_token": "link-sandbox-…", "outcome": "success"}
//
// The outcome is "success" or "exit". The answer is 200 with link_session_id, public_tokens (empty after an exit) and
// request_id, or an error in the form of Plaid's.
package sandbox
