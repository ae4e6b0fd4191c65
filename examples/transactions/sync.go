// Package transactions keeps the transactions of an Item up to date, with operations that plaidgen generated in plaidapi.
package transactions

import (
	"context"
	"errors"
	"fmt"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/examples/transactions/plaidapi"
)

// In a repository of your own the line is
//
//	//go:generate go run github.com/plaidlink/plaidlink-go/cmd/plaidgen@v0.2.0 -spec 2020-09-14.yml -ops transactionsSync -o plaidapi
//
//go:generate go run github.com/plaidlink/plaidlink-go/cmd/plaidgen -spec plaid.yml -ops transactionsSync,transactionsRefresh,accountsBalanceGet -o plaidapi

// Store is where the transactions of an Item are.
type Store interface {
	// Cursor is the one that was saved last, or empty.
	Cursor(ctx context.Context) (string, error)
	// Save applies the changes of the pages and sets the cursor, both or neither: in one transaction of a database. A change
	// can come again, so what is added replaces what has its id, and what is removed may be gone already.
	Save(ctx context.Context, pages []*plaidapi.TransactionsSyncResponse, cursor string) error
}

// errDataChanged is what Plaid returns when the data changes between two pages.
const errDataChanged = plaidlink.ErrorCode("TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")

const maxRestarts = 5

// Sync saves what has changed since the last time. When the data changes between two pages it begins again at the first one,
// and nothing of the pages before is saved. Run one at a time for an Item: after a webhook, and now and then without one.
func Sync(ctx context.Context, api *plaidapi.Client, store Store, token plaidapi.AccessToken) error {
	first, err := store.Cursor(ctx)
	if err != nil {
		return err
	}
	for range maxRestarts {
		pages, cursor, err := read(ctx, api, token, first)
		if errors.Is(err, errDataChanged) {
			continue
		}
		if err != nil {
			return err
		}
		return store.Save(ctx, pages, cursor)
	}
	return fmt.Errorf("the transactions changed while they were read, %d times in a row", maxRestarts)
}

// read reads all pages from a cursor on.
func read(ctx context.Context, api *plaidapi.Client, token plaidapi.AccessToken, cursor string) (pages []*plaidapi.TransactionsSyncResponse, next string, err error) {
	for {
		page, err := api.TransactionsSync(ctx, plaidapi.TransactionsSyncRequest{AccessToken: token, Cursor: cursor, Count: new(500)})
		if err != nil {
			return nil, "", err
		}
		pages, cursor = append(pages, page), page.NextCursor
		if !page.HasMore {
			return pages, cursor, nil
		}
	}
}
