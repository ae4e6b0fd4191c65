package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// failpoint makes the database fail at one step of an exchange, as a full or damaged disk does, until mend.
type failpoint struct{ broken, mend string }

func trigger(event string) failpoint {
	return failpoint{
		"CREATE TRIGGER failpoint BEFORE " + event + " BEGIN SELECT RAISE(FAIL, 'the disk is full'); END",
		"DROP TRIGGER failpoint",
	}
}

// afterExchange are the steps between Plaid's response and the end of the transaction that stores the access token.
var afterExchange = map[string]failpoint{
	"the Item is inserted":        trigger("INSERT ON items"),
	"the public token is settled": trigger("UPDATE ON public_tokens WHEN NEW.state = 'done'"),
	"the link is settled":         trigger("UPDATE ON links WHEN NEW.state = 'done'"),
	"the transaction is committed": {
		`CREATE TABLE failpoint (x REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
		 CREATE TRIGGER failing AFTER INSERT ON items BEGIN INSERT INTO failpoint VALUES ('nobody'); END`,
		"DROP TRIGGER failing; DROP TABLE failpoint",
	},
}

func (q *quickstart) exec(statements string) {
	q.t.Helper()
	_, err := q.app.store.db.Exec(statements)
	require.NoError(q.t, err)
}

const notStored = "an access token is not stored yet"

// Some tests report what they got with t.Attr, and `make faults` of this repository prints it.

// An access token whose storing fails is kept and stored later: there is one exchange, and it is not logged as connected
// before it is in the database.
func TestAccessTokenOutlivesAFailingDatabase(t *testing.T) {
	for step, f := range afterExchange {
		t.Run(step, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			linkToken, back := v.begin("/links")
			require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
			q.exec(f.broken)
			require.Contains(t, v.comeBack(back), "Your bank is being connected")
			for range 3 {
				q.settle()
			}
			require.Empty(t, v.banks())
			require.NotContains(t, q.logs.String(), "msg=connected")
			require.Contains(t, q.logs.String(), notStored)

			q.exec(f.mend)
			until(t, func() bool { return len(v.banks()) == 1 }, "it is stored without being asked to")
			require.Contains(t, v.comeBack(back), "Your bank is connected.")
			require.Equal(t, 1, q.exchanges())
			require.Equal(t, 1, strings.Count(q.logs.String(), "msg=connected"))
			require.NotContains(t, q.logs.String(), "access-sandbox-")
			v.updates()
			t.Attr("got", fmt.Sprintf("fails once when %s: banks=%d exchanges=%d", step, len(v.banks()), q.exchanges()))
		})
	}
}

// updates requires that the access token of the visitor's first bank is one that Plaid knows.
func (v *visitor) updates() {
	v.q.t.Helper()
	v.begin("/items/" + v.banks()[0] + "/update")
}

// A stop waits until the access token is stored.
func TestStopWaitsForAnAccessToken(t *testing.T) {
	for step, f := range afterExchange {
		t.Run(step, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			linkToken, _ := v.begin("/links")
			require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
			q.exec(f.broken)
			q.webhooks()
			until(t, func() bool { return strings.Contains(q.logs.String(), notStored) }, "it cannot be stored")
			stopped := make(chan struct{})
			go func() { defer close(stopped); q.stop() }()
			until(t, func() bool {
				conn, err := net.DialTimeout("tcp", q.address, time.Second)
				if err == nil {
					conn.Close()
				}
				return err != nil
			}, "it accepts no more")
			q.exec(f.mend)
			<-stopped
			q.start()
			require.Len(t, v.banks(), 1)
			require.Equal(t, 1, q.exchanges())
			v.updates()
			t.Attr("got", fmt.Sprintf("stopped meanwhile, fails when %s: banks=%d exchanges=%d", step, len(v.banks()), q.exchanges()))
		})
	}
}

// A database that cannot be written is noticed before the exchange, and no other exchange begins while an access token waits
// to be stored.
func TestNoExchangeWithoutAPlaceForTheAccessToken(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, back := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	f := trigger("UPDATE ON public_tokens WHEN NEW.state = 'exchanging'")
	q.exec(f.broken)
	require.Contains(t, v.comeBack(back), "Your bank is being connected")
	require.Zero(t, q.exchanges())
	q.exec(f.mend)

	linkToken, back = v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success(sandbox.Item{Institution: sandbox.Institution{ID: "ins_109511"}}))))
	f = afterExchange["the Item is inserted"]
	q.exec(f.broken)
	require.Contains(t, v.comeBack(back), "Your bank is being connected", "two wait now")
	q.settle()
	require.Equal(t, 1, q.exchanges())
	q.exec(f.mend)
	q.settle()
	require.Len(t, v.banks(), 2)
	require.Equal(t, 2, q.exchanges())
	t.Attr("got", fmt.Sprintf("cannot be written, two links: banks=%d exchanges=%d", len(v.banks()), q.exchanges()))
}

// An Item of another user is neither taken from them nor shown as connected.
func TestItemOfAnotherUser(t *testing.T) {
	q := newQuickstart(t)
	ada, bob := q.visitor("Ada"), q.visitor("Bob")
	item := ada.connect()
	linkToken, back := bob.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.NoError(t, q.plaid.Fail("itemPublicTokenExchange", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"access_token":"access-sandbox-0","item_id":%q,"request_id":"r"}`, item)
		})
	}))
	require.Contains(t, bob.comeBack(back), "Connecting this bank did not work")
	q.settle()
	require.Equal(t, 2, q.exchanges(), "it is settled")
	require.Empty(t, bob.banks())
	require.Equal(t, []string{item}, ada.banks())
	require.Contains(t, q.logs.String(), "another user's")
	require.Equal(t, 1, strings.Count(q.logs.String(), "msg=connected"), "Ada's")
	ada.updates()
	t.Attr("got", fmt.Sprintf("an Item of another user: banks=%d theirs=%d", len(bob.banks()), len(ada.banks())))
}

// Of an exchange that Plaid did not carry out, nothing is lost; the user reads the difference.
func TestReservationIsReleased(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, back := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.NoError(t, q.plaid.Fail("itemPublicTokenExchange", sandbox.PlaidError(400, "INVALID_INPUT", "INVALID_API_KEYS", "no")))
	require.Contains(t, v.comeBack(back), "Your bank is being connected")
	q.plaid.Advance(time.Hour)
	require.Contains(t, v.comeBack(back), "Connecting this bank did not work")
}
