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
// Requests and answers are of package gen, generated from the specification. A call ends in an answer or in an *Error; it
// is repeated where that is safe, each attempt is bounded in time and size, and no error, log or print shows the secret.
//
// Test against package sandbox, which is Plaid Link on loopback. This package covers Link alone: it is not for Plaid's
// other products.
package plaidlink
