// Command errorcodes decides by the code of an error what to do about a public token.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client(plaidlink.WithMaxAttempts(1))
	if err != nil {
		log.Fatal(err)
	}
	for _, fault := range []sandbox.Fault{
		sandbox.PlaidError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidPublicToken, "expired"),
		sandbox.PlaidError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidAPIKeys, "wrong secret"),
		sandbox.PlaidError(429, plaidlink.TypeRateLimitExceeded, "ADDITION_LIMIT", "too many"),
		sandbox.PlaidError(400, "NEW_TYPE", "NEW_CODE", "Plaid adds codes at any time"),
		sandbox.DropResponse(),
	} {
		server.Fail("itemPublicTokenExchange", fault)
		request := gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-0"}
		_, err := client.ItemPublicTokenExchange(context.Background(), request)
		fmt.Println(advice(err))
	}
}

// advice goes from special cases to general ones. Printing an error shows neither a secret nor a token.
func advice(err error) string {
	var perr *plaidlink.Error
	switch {
	case errors.Is(err, plaidlink.CodeInvalidPublicToken):
		return "open Link again"
	case errors.Is(err, plaidlink.CodeInvalidAPIKeys):
		return "wake the operator"
	case errors.As(err, &perr) && perr.MaybeCarriedOut: // the Item may exist, so a retry is not safe
		return "find out before you retry"
	case errors.As(err, &perr) && perr.Temporary():
		return "try again later"
	case errors.As(err, &perr):
		return fmt.Sprint("report ", perr.Type, "/", perr.Code)
	}
	return "linked"
}

// Output:
// open Link again
// wake the operator
// try again later
// report NEW_TYPE/NEW_CODE
// find out before you retry
