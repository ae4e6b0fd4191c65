package otel_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/examples/otel"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func Example() {
	spans := tracetest.NewInMemoryExporter()
	provider := trace.NewTracerProvider(trace.WithSyncer(spans))
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client(plaidlink.WithHTTPClient(&http.Client{
		Transport: otel.Transport{Tracer: provider.Tracer("example"), Next: http.DefaultTransport},
	}))
	if err != nil {
		log.Fatal(err)
	}

	server.Fail("linkTokenGet", sandbox.HTML(502))
	_, err = client.LinkTokenGet(context.Background(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"})
	fmt.Println(err != nil)
	for _, span := range spans.GetSpans() {
		fmt.Print(span.Name, " ", span.Status.Code)
		for _, a := range span.Attributes {
			if a.Key != "server.address" {
				fmt.Print(" ", a.Key, "=", a.Value.String())
			}
		}
		fmt.Println()
	}
	// Output:
	// true
	// plaid.linkTokenGet Error http.request.resend_count=0 http.response.status_code=502
	// plaid.linkTokenGet Error http.request.resend_count=1 http.response.status_code=400
}
