// Package webhook verifies and receives Plaid's webhooks.
//
//	verifier := webhook.NewVerifier(client) // a *plaidlink.Client of the environment that sends the webhooks
//	http.Handle("POST /plaid/webhook", verifier.Handler(func(ctx context.Context, e webhook.Event) error {
//		switch p := e.Payload.(type) {
//		case *gen.LinkSessionFinishedWebhook:
//			return store(ctx, e.ID, p.PublicTokens)
//		}
//		return nil // not handled here
//	}))
//
// [Verifier.Handler] responds 200 only after your function returned nil; Plaid delivers everything else again, for up to 24
// hours. [Verifier.Verify] is for programs that do not use net/http: give it the headers, and the body as it came, to the
// last space.
//
// # Duplicates, disorder and replays
//
// Plaid delivers the same webhook more than once, and not in the order of events. Whoever has seen a delivery can send it
// again until it is 5 minutes old, and it verifies again.
//
// Where the body names the occurrence, all of these have the same [Event.ID]: a Link session that ended, a public token, a
// list of Link events, the deadline of an Item. Record the ID in the same transaction as its effect, with a unique
// constraint, and let [WithSeen] look it up: then each effect happens once.
//
// Every other event has no ID, and must not be dropped: the second lost login of an Item has the bytes of the first. Take
// it as a hint, and read the state that it is about, from /item/get or /transactions/sync. Then duplicates, disorder and
// replays do no harm.
//
// # Keys
//
// A key is fetched when the first webhook names it, and again when it is 15 minutes old ([WithKeyMaxAge]), so that a key
// that Plaid revokes is refused after that time at the latest. The name is in the webhook, where anyone can write anything.
// So unknown names cost few fetches: 10 at once, then at most 60 an hour ([WithKeyQuota]). While more are named, half of
// the fetches go to the names that the most deliveries have, and half are drawn by lot; a webhook whose key waits gets 503,
// and comes again. Webhooks with known keys are not affected. [WithKeyStore] keeps known keys over a restart.
//
// # When not to use it
//
// It is not a queue: Plaid waits 10 seconds, so store what takes longer and return. It cannot work behind a proxy that
// rewrites bodies, because the signature covers every byte. It is not needed to learn how a Link session ended, where
// polling LinkTokenGet is enough.
package webhook
