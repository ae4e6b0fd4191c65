// Package odd is what plaidgen makes of a file in which everything is odd.
package odd

//go:generate go run github.com/plaidlink/plaidlink-go/cmd/plaidgen -spec ../../testdata/odd.yml -ops *,accountsGet -o .
