package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// waiting runs token get --wait, and returns once it has read the token a few times.
func (a account) waiting(t *testing.T, token string, flags ...string) (end func(interrupt bool) result) {
	t.Helper()
	stdout, stderr, stop := start(t, a.env, append([]string{"token", "get", token, "--wait", "--interval", "10ms"}, flags...)...)
	require.Eventually(t, func() bool {
		reads := slices.DeleteFunc(a.Requests(), func(r sandbox.Request) bool { return r.Operation != "linkTokenGet" })
		return len(reads) >= 3
	}, 30*time.Second, time.Millisecond)
	return func(interrupt bool) result {
		code := stop(interrupt)
		out, err := io.ReadAll(stdout)
		require.NoError(t, err)
		errs, err := io.ReadAll(stderr)
		require.NoError(t, err)
		require.NotContains(t, string(out)+string(errs), "\x1b")
		return result{code, string(out), string(errs)}
	}
}

func TestWaitUntilTheUserLinks(t *testing.T) {
	a := newAccount(t)
	token := a.newToken(t)
	end := a.waiting(t, token)
	require.NoError(t, failure(a.FinishLink(token, sandbox.Success())))
	got := end(false)
	require.Zero(t, got.code, got.stderr)
	require.Empty(t, got.stderr, "progress is for terminals")
	require.Contains(t, got.stdout, "public_token public-sandbox-")
}

func TestWaitUntilTheUserLeaves(t *testing.T) {
	a := newAccount(t)
	token := a.newToken(t)
	end := a.waiting(t, token, "--json")
	require.NoError(t, failure(a.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	got := end(false)
	require.Equal(t, 4, got.code)
	require.Equal(t, "plaidlink token get: the user left the session\n", got.stderr)
	require.Contains(t, got.stdout, `"status":"requires_credentials"`, "what happened is printed all the same")
}

func TestWaitIsInterrupted(t *testing.T) {
	a := newAccount(t)
	end := a.waiting(t, a.newToken(t))
	end(true).failed(t, 1, "plaidlink token get: interrupted before a session ended")
}

func TestWaitTakesTooLong(t *testing.T) {
	a := newAccount(t)
	got := a.run(t, "", "token", "get", a.newToken(t), "--wait", "--interval", "10ms", "--timeout", "100ms")
	got.failed(t, 1, "plaidlink token get: no session ended within 100ms; --timeout sets how long to wait")
	got = a.run(t, "", "token", "get", a.newToken(t), "--wait", "--timeout", "100ms")
	got.failed(t, 1, "no session ended within 100ms")
}

// Waiting goes on over what passes, and not over what does not.
func TestWaitOverFailures(t *testing.T) {
	a := newAccount(t)
	token := a.newToken(t)
	require.NoError(t, failure(a.FinishLink(token, sandbox.Success())))
	require.NoError(t, a.Fail("linkTokenGet", sandbox.PlaidError(400, plaidlink.TypeInstitutionError, plaidlink.CodeInstitutionDown, "down")))
	got := a.run(t, "", "token", "get", token, "--wait", "--interval", "10ms")
	require.Zero(t, got.code, got.stderr)

	require.NoError(t, a.Fail("linkTokenGet", sandbox.HTML(404)))
	a.run(t, "", "token", "get", token, "--wait", "--interval", "10ms").failed(t, 1, "404")
}

func TestWaitForATokenThatExpired(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"link_token":"t","created_at":null,"expiration":"2026-03-02T09:30:00Z","metadata":{},"request_id":"r"}`))
	}))
	defer server.Close()
	got := invoke(t, nil, "--sandbox", server.URL, "token", "get", "t", "--wait")
	got.failed(t, 1, "the link token expired at 2026-03-02T09:30:00Z, before a session began")
}

func TestResultsOfEachKindAreCounted(t *testing.T) {
	require.Equal(t, []string{
		"item_add_results 1", "bank_income_results 1", "payroll_income_results 2", "cra_item_add_results 1", "cra_update_results 2",
		"document_income_results 1", "cra_document_upload_results 1", "other results 1",
	}, resultCounts(gen.LinkSessionResults{
		ItemAddResults:           make([]gen.LinkSessionItemAddResult, 1),
		BankIncomeResults:        make([]gen.LinkSessionBankIncomeResult, 1),
		PayrollIncomeResults:     make([]gen.LinkSessionPayrollIncomeResult, 2),
		CRAItemAddResults:        make([]gen.LinkSessionCRAItemAddResult, 1),
		CRAUpdateResults:         make([]gen.LinkSessionCRAUpdateResult, 2),
		DocumentIncomeResults:    &gen.CreditSessionDocumentIncomeResult{},
		CRADocumentUploadResults: &gen.LinkSessionCRADocumentUploadResult{},
		ExtraFields:              gen.ExtraFields{"new": nil},
	}))
	require.Empty(t, resultCounts(gen.LinkSessionResults{}))
}

func TestStateOfSessions(t *testing.T) {
	type session = gen.LinkTokenGetSessionsResponse
	open := session{}
	exited := session{FinishedAt: startOfTests, Exit: &gen.LinkSessionExit{}}
	finished := session{FinishedAt: startOfTests}
	added := &gen.LinkSessionResults{ItemAddResults: []gen.LinkSessionItemAddResult{{}}}
	for name, test := range map[string]struct {
		sessions []session
		want     sessionState
	}{
		"nobody came":                    {nil, pending},
		"one is open":                    {[]session{open}, pending},
		"the user left":                  {[]session{exited}, left},
		"and came back":                  {[]session{exited, open}, pending},
		"and left again":                 {[]session{exited, exited}, left},
		"in whatever order":              {[]session{open, exited}, pending},
		"and linked":                     {[]session{exited, finished}, linked},
		"linked, and left then":          {[]session{{Exit: exited.Exit, Results: added}}, linked},
		"left, with empty results":       {[]session{{Exit: exited.Exit, Results: &gen.LinkSessionResults{}}}, left},
		"results of a kind yet to come":  {[]session{{Exit: exited.Exit, Results: &gen.LinkSessionResults{ExtraFields: gen.ExtraFields{"x": nil}}}}, linked},
		"left, with a Plaid Check Item":  {[]session{{Exit: exited.Exit, Results: &gen.LinkSessionResults{CRAItemAddResults: []gen.LinkSessionCRAItemAddResult{{}}}}}, linked},
		"results of a session that runs": {[]session{{Results: added}}, pending},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, stateOf(test.sessions)) })
	}
}
