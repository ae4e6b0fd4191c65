// Package webhook verifies and receives Plaid's webhooks.
//
//	verifier := webhook.NewVerifier(client) // a *plaidlink.Client of the environment that sends the webhooks
//	http.Handle("/plaid/webhook", verifier.Handler(func(ctx context.Context, e webhook.Event) error {
//		switch p := e.Payload.(type) {
//		case *gen.LinkSessionFinishedWebhook:
//			return store(ctx, e.ID, p.PublicTokens)
//		}
//		return nil // of no interest
//	}))
//
// Handler answers 200 only after your function returned nil; Plaid delivers everything else again, for up to 24 hours.
// Verify is for programs that do not use net/http: give it the headers, and the body as it came, to the last space.
//
// # Duplicates, disorder and replays
//
// Plaid delivers the same webhook more than once, and not in the order of events. Whoever has seen a delivery can send it
// again for 5 minutes, and it verifies again. All of these have the same Event.ID. Record the ID in the same transaction as
// its effect, with a unique constraint, and let WithSeen look it up: then each effect happens once. Webhooks without an id
// or a time of their own, such as those of an Item, can have the same body for another event: keep their IDs for a day or
// so, not for ever.
//
// # Keys
//
// A key is fetched when the first webhook names it, and again when it is 15 minutes old (WithKeyMaxAge), so that a key
// that Plaid revokes is refused after that time at the latest. The name stands in the webhook, where anyone can write what
// he likes. So ids that are no known keys cost few calls: 10 at once, then one in 10 seconds. While they are used up, a
// webhook with a new key is answered 503 and comes again; webhooks with known keys are not affected.
//
// # When not to use it
//
// It is no queue: Plaid waits 10 seconds, so store what takes longer and return. It cannot work behind a proxy that
// rewrites bodies, because the signature covers every byte. It is not needed to learn how a Link session ended, where
// polling LinkTokenGet is enough.
package webhook
