// Package plaidlink is a client of Plaid Link, which lets a person connect a bank account to an application.
//
//	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: id, Secret: secret})
//	…
//	token, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
//		ClientName:   "Example App",
//		Language:     "en",
//		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
//		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
//		Products:     []gen.Products{gen.ProductsAuth},
//	})
//
// The types of requests and responses are in package [github.com/plaidlink/plaidlink-go/gen], generated from the specification.
// A call returns a response or an [*Error], never both and never neither. It is retried where that is safe, each attempt is
// bounded in time and size, and no error, log or print shows the secret.
//
// Test against package [github.com/plaidlink/plaidlink-go/sandbox], which is Plaid Link on loopback. Receive webhooks with package
// [github.com/plaidlink/plaidlink-go/webhook].
//
// There are methods for Link and for the life of an Item. [Client.Post] calls any other operation of Plaid by its path, and command
// plaidgen writes typed methods for those that you name. Plaid neither makes nor supports this module.
package plaidlink
