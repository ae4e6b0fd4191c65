package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestTokenOfALinkedBankIsSavedOnce(t *testing.T) {
	plaid := sandbox.NewServer()
	defer plaid.Close()
	client, err := plaid.Client(plaidlink.WithHTTPClient(contracttest.Client(t, nil)))
	require.NoError(t, err)
	saved := map[string]gen.AccessToken{}
	app := httptest.NewServer(routes(client, plaid.URL, func(id string, token gen.AccessToken) error {
		saved[id] = token
		return nil
	}))
	defer app.Close()

	resp, err := http.Get(app.URL)
	require.NoError(t, err)
	html, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	resp.Body.Close()
	require.Contains(t, string(html), `src="`+plaid.URL+`/link/v2/stable/link-initialize.js"`)

	resp, err = http.Post(app.URL+"/link-token", "", nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	var created struct {
		LinkToken string `json:"link_token"`
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&created))

	finished, err := plaid.FinishLink(created.LinkToken, sandbox.Success())
	require.NoError(t, err)
	publicToken := finished.PublicTokens[0]

	for _, step := range []struct {
		token  string
		status int
	}{
		{publicToken, http.StatusNoContent},
		{publicToken, http.StatusBadRequest}, // it can be exchanged only once
	} {
		resp, err := http.PostForm(app.URL+"/public-token", url.Values{"public_token": {step.token}})
		require.NoError(t, err)
		resp.Body.Close()
		require.Equal(t, step.status, resp.StatusCode)
	}
	require.Len(t, saved, 1)
	for _, token := range saved {
		require.Regexp(t, "^access-sandbox-", string(token))
	}
}
