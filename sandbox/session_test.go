package sandbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func eventNames(session gen.LinkTokenGetSessionsResponse) []string {
	var names []string
	for _, event := range session.Events {
		names = append(names, event.EventName)
	}
	return names
}

func TestFinishLinkSuccess(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))

	sessions := get(t, client, token).LinkSessions
	require.Len(t, sessions, 1)
	session := sessions[0]
	require.NotEmpty(t, session.LinkSessionID)
	require.False(t, session.StartedAt.IsZero())
	require.False(t, session.FinishedAt.Before(session.StartedAt))
	require.Nil(t, session.Exit)
	require.Nil(t, session.OnExit)
	require.Equal(t, []string{"OPEN", "HANDOFF"}, eventNames(session))
	require.Equal(t, "ins_109508", session.Events[1].EventMetadata.InstitutionID)

	require.Len(t, session.Results.ItemAddResults, 1)
	result := session.Results.ItemAddResults[0]
	require.Equal(t, "First Platypus Bank", result.Institution.Name)
	require.Equal(t, "ins_109508", result.Institution.InstitutionID)
	require.Len(t, result.Accounts, 1)
	require.Equal(t, "checking", result.Accounts[0].Subtype)
	require.NotEmpty(t, result.Accounts[0].ID)
	require.Equal(t, result.PublicToken, session.OnSuccess.PublicToken, "the deprecated form has the same")
	require.Equal(t, result.Accounts, session.OnSuccess.Metadata.Accounts)
	require.Equal(t, session.LinkSessionID, session.OnSuccess.Metadata.LinkSessionID)
	exchange(t, client, result.PublicToken)
}

func TestFinishLinkSuccessWithSeveralItems(t *testing.T) {
	server, client := start(t)
	req := createRequest()
	req.EnableMultiItemLink = new(true)
	token := create(t, client, req).LinkToken
	accounts := []sandbox.Account{{ID: "account-1", Name: "Savings", Type: "depository", Subtype: "savings"}, {Name: "Card", Type: "credit"}}
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success(
		sandbox.Item{Institution: sandbox.Institution{ID: "ins_109511"}},
		sandbox.Item{Institution: sandbox.Institution{ID: "ins_3", Name: "My Bank"}, Accounts: accounts},
		sandbox.Item{Institution: sandbox.Institution{ID: "ins_56"}},
	))))
	require.Empty(t, accounts[1].ID, "what the caller passed is not changed")

	results := get(t, client, token).LinkSessions[0].Results.ItemAddResults
	require.Len(t, results, 3)
	require.Equal(t, "Tartan Bank", results[0].Institution.Name)
	require.Equal(t, "My Bank", results[1].Institution.Name)
	require.Equal(t, "Bank ins_56", results[2].Institution.Name)
	require.Equal(t, "account-1", results[1].Accounts[0].ID)
	require.NotEmpty(t, results[1].Accounts[1].ID)
	require.NotEqual(t, exchange(t, client, results[0].PublicToken).ItemID, exchange(t, client, results[1].PublicToken).ItemID)
}

func TestFinishLinkExit(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	outcome := sandbox.Exited(sandbox.Exit{
		Status:      gen.LinkSessionExitMetadataStatusRequiresCode,
		Error:       &gen.PlaidError{ErrorType: gen.PlaidErrorTypeItemError, ErrorCode: "INVALID_MFA", ErrorMessage: "the code was wrong"},
		Institution: &sandbox.Institution{ID: "ins_109509"},
	})
	outcome.Events = []gen.LinkEvent{{EventName: "ERROR", EventID: "event-1", Timestamp: "2026-03-02T09:31:00Z"}}
	require.NoError(t, failure(server.FinishLink(token, outcome)), "after an exit the token is still good")
	outcome.Exit.Error.ErrorCode = "CHANGED"
	outcome.Events[0].EventName = "CHANGED"
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))

	sessions := get(t, client, token).LinkSessions
	require.Len(t, sessions, 3)
	plain, wrongCode := sessions[0], sessions[1]
	require.Nil(t, plain.Exit.Error)
	require.Nil(t, plain.Exit.Metadata.Institution)
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresCredentials, plain.Exit.Metadata.Status)
	require.Equal(t, plain.LinkSessionID, plain.Exit.Metadata.LinkSessionID)
	require.Equal(t, []string{"OPEN", "EXIT"}, eventNames(plain))
	require.Nil(t, plain.Results)
	require.Nil(t, plain.OnSuccess)

	require.Equal(t, "INVALID_MFA", wrongCode.Exit.Error.ErrorCode, "later changes by the caller have no effect")
	require.Equal(t, "First Gingham Credit Union", wrongCode.Exit.Metadata.Institution.Name)
	require.Equal(t, wrongCode.Exit.Metadata, wrongCode.OnExit.Metadata, "the deprecated form has the same")
	require.Equal(t, []string{"OPEN", "ERROR", "EXIT"}, eventNames(wrongCode))
	require.Equal(t, "event-1", wrongCode.Events[1].EventID)
	require.NotEmpty(t, wrongCode.Events[1].EventMetadata.RequestID)
	closing := wrongCode.Events[2].EventMetadata
	require.Equal(t, "requires_code", closing.ExitStatus)
	require.Equal(t, "INVALID_MFA", closing.ErrorCode)
	require.Equal(t, "ins_109509", closing.InstitutionID)
}

func TestFinishLinkInUpdateMode(t *testing.T) {
	server, client := start(t)
	known := exchange(t, client, newPublicToken(t, client))
	req := createRequest()
	req.Products = nil
	req.AccessToken = known.AccessToken
	token := create(t, client, req).LinkToken
	require.ErrorContains(t, failure(server.FinishLink(token, sandbox.Success(sandbox.Item{}))), "in update mode")
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))

	got := exchange(t, client, get(t, client, token).LinkSessions[0].Results.ItemAddResults[0].PublicToken)
	require.Equal(t, known.ItemID, got.ItemID)
	require.Equal(t, string(known.AccessToken), string(got.AccessToken))
}

func TestFinishLinkErrors(t *testing.T) {
	server, client := start(t)
	expired := create(t, client, createRequest()).LinkToken
	server.Advance(4 * time.Hour)
	used := create(t, client, createRequest()).LinkToken
	require.NoError(t, failure(server.FinishLink(used, sandbox.Success())))
	fresh := create(t, client, createRequest()).LinkToken
	exit := sandbox.Exit{}
	for name, test := range map[string]struct {
		token   string
		outcome sandbox.Outcome
		want    string
	}{
		"an unknown token":        {"link-sandbox-1", sandbox.Success(), "the link_token was not made by this sandbox"},
		"another environment":     {"link-production-1", sandbox.Success(), "the link_token belongs to the environment production, and this one is sandbox"},
		"an expired token":        {expired, sandbox.Success(), "the link_token has expired"},
		"a token used up":         {used, sandbox.Exited(exit), "the link_token was used up by a session that succeeded"},
		"left, yet linked":        {fresh, sandbox.Outcome{Items: []sandbox.Item{{}}, Exit: &exit}, "an outcome with Exit has no Items"},
		"two Items unasked":       {fresh, sandbox.Success(sandbox.Item{}, sandbox.Item{}), "several Items need a link token with enable_multi_item_link"},
		"an error without a code": {fresh, sandbox.Exited(sandbox.Exit{Error: &gen.PlaidError{ErrorType: "ITEM_ERROR"}}), "the Error of an Exit needs ErrorType and ErrorCode"},
		"an error without a type": {fresh, sandbox.Exited(sandbox.Exit{Error: &gen.PlaidError{ErrorCode: "INVALID_MFA"}}), "the Error of an Exit needs ErrorType and ErrorCode"},
		"an outcome without JSON": {
			fresh, sandbox.Success(sandbox.Item{Accounts: []sandbox.Account{{ExtraFields: gen.ExtraFields{"new": json.RawMessage("{")}}}}),
			"the outcome has no JSON form",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := server.FinishLink(test.token, test.outcome)
			require.ErrorContains(t, err, "sandbox: FinishLink: "+test.want)
		})
	}
	require.Empty(t, get(t, client, fresh).LinkSessions, "an error leaves no session")
}

func TestSessionDataEndsSixHoursAfterTheSession(t *testing.T) {
	server, client := start(t)
	req := createRequest()
	short := create(t, client, req).LinkToken // lives 4 h
	req.HostedLink = &gen.LinkTokenCreateHostedLink{URLLifetimeSeconds: new(7 * 60 * 60)}
	long := create(t, client, req).LinkToken
	for _, token := range []string{short, long} {
		require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))
	}
	server.Advance(6*time.Hour - time.Minute)
	require.Len(t, get(t, client, short).LinkSessions, 1, "the session outlives its token")
	require.Len(t, get(t, client, long).LinkSessions, 1)
	server.Advance(time.Minute)
	_, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: short})
	requireRefused(t, err, plaidlink.CodeInvalidLinkToken, "has expired")
	require.Empty(t, get(t, client, long).LinkSessions, "the token outlives its session")
}

func TestFinishLinkOverHTTP(t *testing.T) {
	server, client := start(t)
	for outcome, tokens := range map[string]int{"success": 1, "exit": 0} {
		token := create(t, client, createRequest()).LinkToken
		got := send(t, server, "POST", "/_sandbox/link/finish", `{"link_token":"`+token+`","outcome":"`+outcome+`"}`, nil)
		require.Equal(t, 200, got.status)
		session := get(t, client, token).LinkSessions[0]
		require.Equal(t, session.LinkSessionID, got.properties["link_session_id"])
		require.Len(t, got.properties["public_tokens"], tokens)
		require.Equal(t, tokens == 0, session.Exit != nil)
		for _, public := range got.properties["public_tokens"].([]any) {
			exchange(t, client, public.(string))
		}
	}
}
