package sandbox

import (
	"slices"

	"github.com/plaidlink/plaidlink-go/gen"
)

// LinkedItem is an Item that [Sandbox.NewItem] made.
type LinkedItem struct {
	AccessToken gen.AccessToken // what calls about the Item take; it is hidden where it is printed
	ItemID      string          // as in the responses and webhooks of the Item
	Institution Institution     // the bank
	Accounts    []Account       // those that the user shared, with their ids
}

// NewItem makes an Item as a success of Link and the exchange of its public token do, for a test of what comes after these.
// It is healthy, has the products auth and transactions, and no webhook: /item/webhook/update sets one.
// Without an argument it is at First Platypus Bank, with a checking account; the first argument is another one.
func (s *Sandbox) NewItem(shared ...Item) LinkedItem {
	var linked Item
	if len(shared) > 0 {
		linked = shared[0]
	}
	linked.Accounts = slices.Clone(linked.Accounts)
	s.mu.Lock()
	defer s.mu.Unlock()
	item := s.store.newItem(linked, origin{
		linkRequest: &linkRequest{products: []gen.Products{gen.ProductsAuth, gen.ProductsTransactions}},
	})
	s.store.keepItem(item)
	return LinkedItem{gen.AccessToken(item.accessToken), item.id, item.linked.Institution, slices.Clone(item.linked.Accounts)}
}
