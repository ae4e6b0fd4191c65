package transactions_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/examples/transactions"
	"github.com/plaidlink/plaidlink-go/examples/transactions/plaidapi"
)

const token = "access-sandbox-1"

// fake is as much of Plaid as the loop needs: a list of changes, in pages of two. A cursor is a place in the list.
type fake struct {
	added       []string
	removed     string // with the last page
	changes     int    // how many times the data changes after the first page
	first, next int    // requests
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req plaidapi.TransactionsSyncRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil || r.URL.Path != "/transactions/sync" || req.AccessToken != token {
		http.Error(w, `{"error_type":"INVALID_REQUEST","error_code":"INVALID_FIELD"}`, http.StatusBadRequest)
		return
	}
	at, _ := strconv.Atoi(req.Cursor)
	if req.Cursor == "" {
		f.first++
	} else if f.next++; f.changes > 0 {
		f.changes--
		f.added = append(f.added, "late-"+strconv.Itoa(f.changes))
		http.Error(w, `{"error_type":"TRANSACTIONS_ERROR","error_code":"TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION","error_message":"","request_id":"r"}`, http.StatusBadRequest)
		return
	}
	end := min(at+2, len(f.added))
	page := plaidapi.TransactionsSyncResponse{NextCursor: strconv.Itoa(end), HasMore: end < len(f.added)}
	for _, id := range f.added[at:end] {
		page.Added = append(page.Added, plaidapi.Transaction{TransactionID: id, Amount: 7.25})
	}
	if !page.HasMore && f.removed != "" {
		page.Removed = []plaidapi.RemovedTransaction{{TransactionID: f.removed}}
	}
	json.NewEncoder(w).Encode(page)
}

// memory is a store that fails on demand.
type memory struct {
	cursor string
	saved  map[string]float64
	fails  error
}

func (m *memory) Cursor(context.Context) (string, error) { return m.cursor, nil }

func (m *memory) Save(_ context.Context, pages []*plaidapi.TransactionsSyncResponse, cursor string) error {
	if m.fails != nil {
		return m.fails
	}
	for _, page := range pages {
		for _, t := range slices.Concat(page.Added, page.Modified) {
			m.saved[t.TransactionID] = t.Amount
		}
		for _, t := range page.Removed {
			delete(m.saved, t.TransactionID)
		}
	}
	m.cursor = cursor
	return nil
}

func (m *memory) ids() []string { return slices.Sorted(maps.Keys(m.saved)) }

func newAPI(t *testing.T, f *fake) *plaidapi.Client {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"}, plaidlink.WithBaseURL(server.URL))
	require.NoError(t, err)
	return plaidapi.New(client)
}

func TestSync(t *testing.T) {
	for name, c := range map[string]struct {
		changes, first int
		saved          []string
	}{
		"all pages":                          {0, 1, []string{"a", "b", "c", "e"}},
		"the data changes between two pages": {2, 3, []string{"a", "b", "c", "e", "late-0", "late-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			plaid, store := &fake{added: []string{"a", "b", "c", "d", "e"}, removed: "d", changes: c.changes}, &memory{saved: map[string]float64{}}
			api := newAPI(t, plaid)
			require.NoError(t, transactions.Sync(t.Context(), api, store, token))
			require.Equal(t, c.saved, store.ids())
			require.Equal(t, c.first, plaid.first, "it begins again at the first page")
			require.Equal(t, strconv.Itoa(len(plaid.added)), store.cursor)

			plaid.added = append(plaid.added, "new")
			require.NoError(t, transactions.Sync(t.Context(), api, store, token))
			require.Contains(t, store.saved, "new", "from the cursor on")
		})
	}
}

// What is saved is a whole update with its cursor, or nothing.
func TestSyncThatFails(t *testing.T) {
	plaid, store := &fake{added: []string{"a", "b", "c"}, changes: 100}, &memory{saved: map[string]float64{}}
	api := newAPI(t, plaid)
	require.ErrorContains(t, transactions.Sync(t.Context(), api, store, token), "5 times in a row")
	require.Empty(t, store.saved)
	require.Empty(t, store.cursor)

	plaid.changes, store.fails = 0, errors.New("the disk is full")
	require.ErrorIs(t, transactions.Sync(t.Context(), api, store, token), store.fails)
	require.Empty(t, store.cursor)

	err := transactions.Sync(t.Context(), api, store, "another")
	var perr *plaidlink.Error
	require.ErrorAs(t, err, &perr)
	require.Equal(t, "transactionsSync", perr.Operation)
}
