// Command retries bounds a call: the number of its attempts, the time of each, and the time of all.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client(
		plaidlink.WithMaxAttempts(4),                 // 3 by default
		plaidlink.WithAttemptTimeout(10*time.Second), // 30 s by default
	)
	check(err)
	read := gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"} // a read is retried

	// Two failures, then a response: there is no such token.
	check(server.Fail("linkTokenGet", sandbox.HTML(502), sandbox.Drop()))
	var perr *plaidlink.Error
	_, err = client.LinkTokenGet(context.Background(), read)
	fmt.Println(errors.As(err, &perr), perr.Code, "after", perr.Attempts, "attempts")

	// An option of a call overrides that of the client.
	check(server.Fail("linkTokenGet", sandbox.HTML(502)))
	_, err = client.LinkTokenGet(context.Background(), read, plaidlink.WithMaxAttempts(1))
	fmt.Println(errors.As(err, &perr), perr.StatusCode, "after", perr.Attempts, "attempt, temporary:", perr.Temporary())

	// The context bounds the whole call: a wait that would outlast it does not begin, and an attempt ends with it.
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	check(server.Fail("linkTokenGet", sandbox.PlaidError(429, "RATE_LIMIT_EXCEEDED", "ADDITION_LIMIT", "").RetryAfter("8")))
	_, err = client.LinkTokenGet(ctx, read)
	fmt.Println(errors.As(err, &perr), perr.Type, "after", perr.RetryAfter, "at the earliest; out of time:", ctx.Err() != nil)

	server.SetLatency(time.Minute)
	_, err = client.LinkTokenGet(ctx, read)
	fmt.Println("out of time:", errors.Is(err, context.DeadlineExceeded))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// true INVALID_LINK_TOKEN after 3 attempts
// true 502 after 1 attempt, temporary: true
// true RATE_LIMIT_EXCEEDED after 8s at the earliest; out of time: false
// out of time: true
