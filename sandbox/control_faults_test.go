package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func TestControlFail(t *testing.T) {
	for name, test := range map[string]struct {
		body   string
		status int // of the client's error; 0 where the connection was closed
		made   int // link tokens
	}{
		"error": {
			`{"operation":"linkTokenCreate","fault":"error","status":400,"error_type":"ITEM_ERROR","error_code":"NO_ACCOUNTS","error_message":"m"}`,
			400, 0,
		},
		"html":          {`{"operation":"linkTokenCreate","fault":"html","status":502}`, 502, 0},
		"drop":          {`{"operation":"linkTokenCreate","fault":"drop"}`, 0, 0},
		"drop_response": {`{"operation":"linkTokenCreate","fault":"drop_response"}`, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := start(t)
			require.Equal(t, http.StatusOK, control(t, server, "fail", test.body).status)
			_, err := client.LinkTokenCreate(t.Context(), createRequest())
			require.Error(t, err)
			var failed *plaidlink.Error
			if test.status != 0 {
				require.ErrorAs(t, err, &failed)
				require.Equal(t, test.status, failed.StatusCode)
			}
			if name == "error" {
				require.Equal(t, plaidlink.Error{Type: "ITEM_ERROR", Code: "NO_ACCOUNTS", Message: "m"},
					plaidlink.Error{Type: failed.Type, Code: failed.Code, Message: failed.Message})
			}
			require.Equal(t, test.made, server.State().LinkTokenCount)
			create(t, client, createRequest())
		})
	}
}

func TestControlFailSeveralTimes(t *testing.T) {
	server, client := start(t)
	got := control(t, server, "fail", `{"operation":"linkTokenGet","fault":"html","status":429,"times":3,"retry_after":"17"}`)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, map[string]int{"linkTokenGet": 3}, server.State().QueuedFaults)
	_, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-1"})
	var failed *plaidlink.Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, 17.0, failed.RetryAfter.Seconds())
	require.Equal(t, map[string]int{"linkTokenGet": 2}, server.State().QueuedFaults)
}

func TestControlSlowRateAndLatency(t *testing.T) {
	server, client := start(t)
	require.Equal(t, http.StatusOK, control(t, server, "fail", `{"operation":"linkTokenCreate","fault":"slow","milliseconds":1}`).status)
	create(t, client, createRequest())
	require.Empty(t, server.State().QueuedFaults)
	require.Equal(t, http.StatusOK, control(t, server, "latency", `{"milliseconds":1}`).status)
	require.Equal(t, int64(1), server.State().LatencyMilliseconds)
	require.Equal(t, http.StatusOK, control(t, server, "rate_limit", `{"operation":"linkTokenCreate","requests":1,"seconds":3600}`).status)
	create(t, client, createRequest())
	_, err := client.LinkTokenCreate(t.Context(), createRequest())
	require.ErrorIs(t, err, plaidlink.TypeRateLimitExceeded)
}

func TestControlFaultRefusals(t *testing.T) {
	server, _ := start(t)
	for name, test := range map[string]struct{ path, body, message string }{
		"an unknown fault":       {"fail", `{"operation":"linkTokenGet","fault":"explode"}`, "fault must be error, html"},
		"an unknown operation":   {"fail", `{"operation":"linkToken","fault":"drop"}`, "is not an operationId"},
		"no status":              {"fail", `{"operation":"linkTokenGet","fault":"html"}`, "a status must be 200 to 599"},
		"no status, but header":  {"fail", `{"operation":"linkTokenGet","fault":"html","retry_after":"1"}`, "a status must be 200 to 599"},
		"too often":              {"fail", `{"operation":"linkTokenGet","fault":"drop","times":1001}`, "times must be 0 to 1000"},
		"less than once":         {"fail", `{"operation":"linkTokenGet","fault":"drop","times":-1}`, "times must be 0 to 1000"},
		"slower than a year":     {"fail", `{"operation":"linkTokenGet","fault":"slow","milliseconds":9223372036854}`, "milliseconds must be 0 to"},
		"a limit of nothing":     {"rate_limit", `{"operation":"all","requests":1,"seconds":1}`, "is not an operationId"},
		"fewer than none":        {"rate_limit", `{"operation":"linkTokenGet","requests":-1,"seconds":1}`, "zero or more"},
		"a period that is past":  {"rate_limit", `{"operation":"linkTokenGet","requests":1,"seconds":-1}`, "seconds must be 0 to"},
		"a response in the past": {"latency", `{"milliseconds":-1}`, "milliseconds must be 0 to"},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, server, test.path, test.body)
			require.Equal(t, "INVALID_FIELD", got.code)
			require.Contains(t, got.message, test.message)
		})
	}
	state := server.State()
	require.Empty(t, state.QueuedFaults)
	require.Empty(t, state.RateLimits)
	require.Zero(t, state.LatencyMilliseconds)
}
