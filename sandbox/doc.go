// Package sandbox is Plaid Link on loopback: an HTTP server with real state and without a network, for tests, demos and
// clients in other languages.
//
//	server := sandbox.NewServer()
//	defer server.Close()
//	client, err := server.Client()                             // a *plaidlink.Client that talks to it
//	…
//	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{…})
//	finished, err := server.FinishLink(created.LinkToken, sandbox.Success()) // what a user does in the browser
//	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: finished.PublicTokens[0]})
//
// It serves every operation of the specification, checks every request against it, and refuses with the status,
// error_type and error_code of Plaid. [Sandbox.Fail], [Sandbox.LimitRate] and [Sandbox.SetLatency] make it misbehave,
// [Sandbox.Advance] makes tokens expire, [Sandbox.RequireLogin] and its kin change an Item, [Sandbox.Requests], [Sandbox.Deliveries] and [Sandbox.State] return what happened.
//
// [Sandbox.Handle] and [WithFixtures] respond to the other paths of Plaid.
//
// # Hosted Link
//
// A link token with hosted_link has a hosted_link_url that opens in a browser: choose a bank, sign in with user_good and
// pass_good, choose accounts, agree. The password error_<CODE>, such as error_ITEM_LOCKED, fails with that error_code, and the
// user user_locked with ITEM_LOCKED; the text is in the language of the token where that is en, es or fr, else in English;
// First Platypus Bank and others sign in here, Platypus OAuth Bank on a page of its own, and one bank is down. The page needs
// no JavaScript. At its end it goes to completion_redirect_uri.
//
// # Link in a web page
//
// GET /link/v2/stable/link-initialize.js is a script with the interface of Plaid's: a page that loads it has window.Plaid, by
// itself or by way of react-plaid-link, and shows the same pages in a frame. The page must be on this machine, at localhost, at
// a name below it or at 127.0.0.1, or at one of [WithAllowedHosts]. The script talks to the sandbox that it was loaded from,
// and takes its tokens only.
//
// # Webhooks
//
// Sessions of tokens with hosted_link, or with enable_multi_item_link, end with the webhooks ITEM_ADD_RESULT, EVENTS and
// SESSION_FINISHED to the webhook of the token, if that is on loopback, or to [WithWebhookTarget]. They are signed, and
// retried until the response is 200, after 30 s, 2 min, 8 min and so on of the sandbox's clock, for 24 hours.
// [Sandbox.WaitWebhooks] waits until they are delivered, [Sandbox.Advance] brings the next attempt about. A [Signer] signs
// webhooks of a test's own.
//
// # Items
//
// An Item lives until /item/remove. It is healthy, or in the error state ITEM_LOGIN_REQUIRED: after [Sandbox.RequireLogin],
// /sandbox/item/reset_login, 30 days without a sign-in, the end of its consent ([Sandbox.SetConsentExpiration]),
// [Sandbox.RevokeAtBank], or a second connection of the same client_user_id to Chase (ins_56) or PNC (ins_13), which allow one.
// A success in update mode mends it in silence, [Sandbox.RepairElsewhere] with a webhook. [Sandbox.RevokeAtPlaid] ends it, and
// /user/remove ends all Items of a user. The webhooks of an Item go to the webhook of its link token until
// /item/webhook/update; their bodies have no time and no id, so that the second lost login has the bytes of the first.
//
// Users are those of the present API, or of the older one ([WithLegacyUsers]).
//
// # When not to use it
//
// It does not prove that Plaid accepts a request: it knows the specification and the documented rules, not your account.
// Use Plaid's own sandbox for that.
//
// # Rules of /link/token/create
//
// Beside the schema, these are refused as Plaid describes it. The source is the description of the property in the
// specification of this module, unless another one is named:
//   - neither user_id nor user; a language that is not in the list of Plaid's own file, 1.697.4
//   - no products for a new Item; balance among them; a product in two of the four lists of products (the file, again)
//   - a product of Plaid Check without consumer_report_permissible_purpose, and that without such a product
//   - in update mode, products other than those that it adds (Assets, Statements, Income, Plaid Check) or validates (auth,
//     identity, investments_auth), after Plaid's page on update mode; access_tokens beside access_token; update.user beside an
//     access token, or without user_id and user_token
//   - a redirect_uri with a query, over http to another host than localhost, or beside android_package_name
//   - a webhook that is not an absolute http or https address
//   - an institution_id of another form than ins_<digits>, which no source describes
//   - both ids of payment_initiation; more than one source of income or of employment; Statements of more than two years, or
//     that end before they begin; texts that are too long in user.address and payment_configuration; days of cra_options
//   - a lifetime of a hosted URL that is not 1 second to 21 days; delivery by sms or email without phone number or address
//
// # Where Plaid is silent
//
// Where no source describes what Plaid does, the sandbox makes the stricter choice, or the one listed here:
//   - A public token and a correlation id can be exchanged once; a second exchange is refused.
//   - A link token is used up by a success. After an exit it can be finished again, as another session.
//   - An expired link token is refused everywhere, but for /link/token/get while a session of it ended less than 6 hours ago.
//   - A success in update mode has a public token of the existing Item: its exchange returns the known access token.
//   - Calls with the token of a removed Item fail with ITEM_NOT_FOUND, and /accounts/get fails for an Item in an error state;
//     these and other doubts are [Choices].
//   - /item/webhook/update without the property webhook is refused: only null removes the address.
//   - The webhook of a link token in update mode gets the webhooks of the session; the Item keeps its own.
//   - /sandbox/item/fire_webhook takes a webhook_type that goes with the code, and without one the code's usual type. It sends
//     to Items whose error state would keep Plaid from sending it.
//   - An access that is taken back at the bank is reported at once, by USER_PERMISSION_REVOKED and ERROR.
//   - /item/access_token/invalidate leaves link tokens in update mode and public tokens of the Item as they are.
//   - /link/token/create and /sandbox/public_token/create refuse a user_id or user_token that is unknown, and both at once.
//     The link and public tokens of a user or an Item that was removed are refused.
//   - update.user without update.item_ids needs an Item of the user in an error state.
//   - A second /user/create for a client_user_id changes nothing; in the older API it is refused with INVALID_FIELD, and a
//     removed user_token with INVALID_USER_TOKEN. /user/get does not read users of the older API.
//   - Every institution is in every country, and balances are in USD. Accounts that a test made up have none.
//   - A correlation id lives as long as its link token.
//   - Properties and enum values that the specification does not list are accepted, although Plaid refuses some of them: a
//     client may know a newer specification. [WithStrict] refuses them.
//   - http to any address of loopback is accepted in redirect_uri, as to localhost; an address of an app is, too.
//   - A request without Plaid-Version is accepted; another version than 2020-09-14 is not.
//   - Any institution_id of the form ins_<digits> is accepted, and supports every product.
//   - A hosted session that nobody goes on with for 10 minutes ends as an exit.
//   - Webhooks are signed with the real time, whatever the sandbox's clock shows, so that a verifier's own clock fits.
//   - A 429 of [Sandbox.LimitRate] has no Retry-After.
//   - Responses are not compressed.
//   - Events are listed by their time. The page that asks once more before it shares has no view; the page that shows an error
//     is the form to try again, so no TRANSITION_VIEW comes before the next SUBMIT_CREDENTIALS. Exit asks nothing before it
//     exits. Who refuses at the page of a bank has the error ACCESS_NOT_GRANTED.
//
// So does the script of a web page:
//   - onEvent gets everything but OPEN just before onSuccess or onExit; onExit is not called after onSuccess.
//   - is_update_mode is "true" or "false" at OPEN, and null elsewhere.
//   - For several Items onSuccess gets null, and a metadata without an institution and accounts.
//   - A link token that cannot be used is reported by onExit when Link opens, without an event. Its link_session_id is empty.
//   - open while Link is open does nothing, and so does exit while it is not. destroy may be called at any time, and no callback
//     comes after it. exit by force hides Link at once; onExit follows, after 2 s at most.
//   - The scrolling and the focus that open finds are those that come back.
//   - Keys in the frame, Escape too, do nothing to the page. A receivedRedirectUri without an oauth_state_id is a message in the
//     console, and an onExit when Link opens. When the sandbox cannot be reached, onExit gets an API_ERROR.
//   - A browser without windows, such as the web view of an app, is left for the bank's page if there is a redirect_uri.
//   - createEmbedded shows banks whatever its token is, and refuses it when a bank is chosen.
//
// # Who can reach it
//
// A request must name an address, localhost, a name below localhost or one of [WithAllowedHosts] as its Host, with any port;
// everything else gets a 421, so that no web site can point a name of its own at the sandbox. The paths below /_sandbox/
// refuse requests that another web site sent, and serve this machine alone unless [WithControlToken] sets a token, which
// they demand then. A webhook goes to this machine, to a host of WithAllowedHosts, or to the URL of [WithWebhookTarget].
//
// # What is kept
//
// All state is in memory. A link token goes 6 hours after it expired and its last session ended, a public token 6 hours
// after it expired. Of link tokens, public tokens, Items, users and profiles the newest 50,000 of each are kept, of requests and
// webhooks 1000, of the sessions of a link token 100, of their events 1000; sessions that nobody ended are 10,000 at most.
//
// # Without Go
//
// The command "plaidlink sandbox" serves it. Besides Plaid's paths it has some of its own, which need no credentials, but a
// control token where one is set. GET /_sandbox/ is a page that shows what the sandbox holds, GET /_sandbox/state the same
// as JSON, GET /_sandbox/health responds with 200 to whoever asks. These take a POST with Content-Type application/json, and respond with 200, or with an error in the form of
// Plaid's:
//
//	/_sandbox/link/finish          {"link_token": "link-sandbox-…", "outcome": "success"}
//	                               or "exit"; optional: institution_id, error_type, error_code, status
//	/_sandbox/link/correlation_id  {"link_token": "link-sandbox-…"}
//	/_sandbox/item/require_login   {"item_id": "…"}
//	/_sandbox/item/repair_elsewhere {"item_id": "…"}
//	/_sandbox/item/end_consent     {"item_id": "…", "seconds": 604800}, from now
//	/_sandbox/item/revoke          {"item_id": "…", "at": "bank"} or "plaid"
//	/_sandbox/item/revoke_account  {"item_id": "…", "account_id": "…"}
//	/_sandbox/advance              {"seconds": 1800}
//	/_sandbox/fail                 {"operation": "linkTokenGet", "fault": "html", "status": 502}
//	                               fault: error (with error_type, error_code, error_message), html, drop, drop_response
//	                               or slow (with milliseconds); optional: times, retry_after
//	/_sandbox/rate_limit           {"operation": "linkTokenGet", "requests": 15, "seconds": 60}
//	/_sandbox/latency              {"milliseconds": 300}
//	/_sandbox/profile              {"phone_number": "+14155550123"}
//	/_sandbox/webhook/repeat       {"id": "…"}, of a delivery in the state
//	/_sandbox/webhook/rotate_key   {}
//
// link/finish responds with link_session_id, with public_tokens and item_ids, which are empty after an exit, and with the key_id
// of the key that signs webhooks, as webhook/rotate_key and the state do.
package sandbox
