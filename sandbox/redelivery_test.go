package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// exited ends a session of a hosted token, and returns the delivery of its SESSION_FINISHED.
func exited(t testing.TB, server *sandbox.Server, to string) sandbox.Delivery {
	t.Helper()
	token := create(t, newClient(t, server), webhookRequest(to)).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	require.NoError(t, server.WaitWebhooks(t.Context()))
	return finished(t, server)
}

func finished(t testing.TB, server *sandbox.Server) sandbox.Delivery {
	t.Helper()
	deliveries := server.Deliveries()
	last := deliveries[len(deliveries)-1]
	require.Equal(t, []string{"LINK", "SESSION_FINISHED"}, []string{last.Type, last.Code})
	return last
}

func TestRedelivery(t *testing.T) {
	server, _ := start(t)
	r := receive(t, server)
	r.respondWith(http.StatusServiceUnavailable)
	first := exited(t, server, r.url)
	require.Equal(t, sandbox.DeliveryPending, first.State)
	require.Equal(t, r.url, first.URL)
	require.Equal(t, http.StatusServiceUnavailable, first.Attempts[0].Status)
	require.WithinDuration(t, server.Now(), first.Created, time.Minute)
	require.Len(t, r.received(t, server), 2)
	for i, delay := range []time.Duration{
		30 * time.Second, 2 * time.Minute, 8 * time.Minute, 32 * time.Minute, 128 * time.Minute, 512 * time.Minute,
	} {
		due := finished(t, server).Next
		require.WithinDuration(t, server.Now().Add(delay), due, 20*time.Second)
		server.Advance(due.Sub(server.Now()) - 20*time.Second)
		require.Empty(t, r.received(t, server), "before the attempt is due")
		server.Advance(21 * time.Second)
		require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, codes(r.received(t, server)))
		require.Len(t, finished(t, server).Attempts, i+2)
	}
	last := finished(t, server)
	require.Equal(t, sandbox.DeliveryGivenUp, last.State)
	require.Zero(t, last.Next)
	require.Contains(t, last.Reason, "24 hours")
	server.Advance(48 * time.Hour)
	require.Empty(t, r.received(t, server))
}

func TestReceiverRecovers(t *testing.T) {
	server, _ := start(t)
	r := receive(t, server)
	r.respondWith(http.StatusInternalServerError)
	failed := exited(t, server, r.url)
	require.Len(t, r.received(t, server), 2)
	r.respondWith(http.StatusOK)
	server.Advance(31 * time.Second)
	events := r.received(t, server)
	require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, codes(events))
	require.Equal(t, failed.Body, string(events[1].Raw), "the same webhook")
	recovered := finished(t, server)
	require.Equal(t, failed.ID, recovered.ID)
	require.Equal(t, sandbox.DeliveryDelivered, recovered.State)
	require.Equal(t, []int{500, 200}, []int{recovered.Attempts[0].Status, recovered.Attempts[1].Status})
	require.Empty(t, recovered.Attempts[0].Error)
	server.Advance(24 * time.Hour)
	require.Empty(t, r.received(t, server), "nothing is left to do")
}

// Advance alone brings the next try about: nobody has to wait for it.
func TestAdvanceWakesTheOutbox(t *testing.T) {
	statuses, came := make(chan int, 4), make(chan struct{}, 4)
	for _, status := range []int{500, 500, 200, 200} {
		statuses <- status
	}
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(<-statuses)
		came <- struct{}{}
	}))
	defer endpoint.Close()
	server, _ := start(t)
	exited(t, server, endpoint.URL)
	<-came
	<-came
	server.Advance(31 * time.Second)
	for range 2 {
		select {
		case <-came:
		case <-time.After(10 * time.Second):
			require.Fail(t, "no webhook came")
		}
	}
}

func TestReceiverThatIsDown(t *testing.T) {
	server, _ := start(t)
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	failed := exited(t, server, down.URL)
	require.Equal(t, sandbox.DeliveryPending, failed.State)
	require.Zero(t, failed.Attempts[0].Status)
	require.Contains(t, failed.Attempts[0].Error, "refused")
}

func TestRepeatWebhook(t *testing.T) {
	server, _ := start(t)
	r := receive(t, server)
	known := exited(t, server, r.url)
	before := r.received(t, server)
	require.NoError(t, server.RepeatWebhook(known.ID))
	again := r.received(t, server)
	require.Len(t, again, 1)
	require.Equal(t, before[1].ID, again[0].ID, "a receiver can see that it knows it")
	require.Equal(t, known.ID, finished(t, server).DuplicateOf)
	require.NotEqual(t, known.ID, finished(t, server).ID)
	require.ErrorContains(t, server.RepeatWebhook("other"), "sandbox: RepeatWebhook: ")
	require.Len(t, server.Deliveries(), 3)
}

func TestWebhookToTheWorldIsNotSent(t *testing.T) {
	server, _ := start(t)
	kept := exited(t, server, "https://example.com/plaid")
	require.Equal(t, sandbox.DeliveryNotSent, kept.State)
	require.Empty(t, kept.Attempts)
	require.Zero(t, kept.Next)
	require.Contains(t, kept.Reason, "neither on loopback nor allowed")
	require.ErrorContains(t, server.RepeatWebhook(kept.ID), "neither on loopback nor allowed")
}

func TestWithWebhookTarget(t *testing.T) {
	received := make(chan *http.Request, 10)
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { received <- r }))
	defer endpoint.Close()
	server := newServer(t, sandbox.WithWebhookTarget(endpoint.URL+"/all"))
	for _, to := range []string{"https://example.com/plaid", ""} { // whatever the link token names
		require.Equal(t, sandbox.DeliveryDelivered, exited(t, server, to).State)
		for range 2 {
			require.Equal(t, "/all", (<-received).URL.Path)
		}
	}
	require.Empty(t, received)
}

func TestWaitWebhooksEndsWithItsContext(t *testing.T) {
	came := make(chan struct{}, 1)
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the context ends with the connection only once the body was read
		came <- struct{}{}
		<-r.Context().Done()
	}))
	defer endpoint.Close()
	server, client := start(t)
	token := create(t, client, webhookRequest(endpoint.URL)).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	<-came
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, server.WaitWebhooks(ctx), context.Canceled)
	require.Empty(t, finished(t, server).Attempts, "it is behind the first")

	server.Close()
	require.NoError(t, server.WaitWebhooks(t.Context()))
	require.Equal(t, sandbox.DeliveryGivenUp, finished(t, server).State)
	require.Contains(t, finished(t, server).Reason, "closed")
}

// The signature of the first attempt is too old for a verifier when the webhook comes again, where that was chosen.
func TestRedeliveryThatKeepsItsSignature(t *testing.T) {
	server := newServer(t, sandbox.WithChoices(sandbox.Choices{RedeliveryKeepsSignature: true}))
	var signatures []string
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signatures = append(signatures, r.Header.Get("Plaid-Verification"))
		w.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(app.Close)
	client := newClient(t, server)
	token := create(t, client, webhookRequest(app.URL)).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	require.NoError(t, server.WaitWebhooks(t.Context()))
	server.Advance(time.Minute)
	require.NoError(t, server.WaitWebhooks(t.Context()))
	require.Len(t, signatures, 4)
	require.Equal(t, signatures[:2], signatures[2:])
}

func TestAppThatRefusesEverything(t *testing.T) {
	server := newServer(t, sandbox.WithChoices(sandbox.Choices{RefusalsEndRetries: true}))
	client, app := newClient(t, server), receive(t, server)
	app.respondWith(http.StatusInternalServerError)
	for range 5 {
		token := create(t, client, webhookRequest(app.url)).LinkToken
		require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	}
	require.NoError(t, server.WaitWebhooks(t.Context()))
	deliveries := server.Deliveries()
	require.Equal(t, sandbox.DeliveryGivenUp, deliveries[len(deliveries)-1].State)
}

// A webhook that is refused at first comes after a later one.
func TestWebhooksArriveInDisorder(t *testing.T) {
	l := begin(t, newServer(t))
	l.app.respondWith(http.StatusInternalServerError)
	require.NoError(t, l.server.RequireLogin(l.id))
	require.Len(t, l.received(), 1)
	l.app.respondWith(0)
	require.NoError(t, l.server.RepairElsewhere(l.id))
	require.Equal(t, []string{"LOGIN_REPAIRED"}, codes(l.received()))
	l.server.Advance(time.Minute)
	require.Equal(t, []string{"ERROR"}, codes(l.received()), "of an Item that is healthy by now")
	l.healthy()
	deliveries := l.server.Deliveries()
	require.NoError(t, l.server.RepeatWebhook(deliveries[0].ID))
	require.Equal(t, []string{"ERROR"}, codes(l.received()), "once more")
}
