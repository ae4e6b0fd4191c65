package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// happened are the names of the events, with the views.
func happened(session gen.LinkTokenGetSessionsResponse) []string {
	var names []string
	for _, event := range session.Events {
		name := event.EventName
		if view := event.EventMetadata.ViewName; view != "" {
			name += " " + view
		}
		names = append(names, name)
	}
	return names
}

func webhookCodes(server *sandbox.Server) []string {
	var codes []string
	for _, delivery := range server.Deliveries() {
		codes = append(codes, delivery.Code)
	}
	return codes
}

func TestHostedSuccess(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL)
	require.Equal(t, "Connect your bank to Example App", v.title())
	require.Contains(t, v.page.text, "Account and routing numbers")
	require.NotContains(t, v.page.text, "Step ")

	v.press("next")
	require.Contains(t, v.page.text, "Step 1 of 4")
	v.press("next", "institution", "ins_109509")
	require.Contains(t, v.page.text, "Step 2 of 4")
	v.signIn("user_good", "pass_good")
	require.Contains(t, v.page.text, "Step 3 of 4")
	require.Contains(t, v.page.text, "$110.00")
	v.press("next", "account", v.account("Plaid Checking"), "account", v.account("Plaid Saving"))
	require.Contains(t, v.page.text, "Step 4 of 4")
	require.Contains(t, v.page.text, "Plaid Saving")
	require.NotContains(t, v.page.text, "Money Market")
	running := onlySession(t, client, created.LinkToken)
	require.True(t, running.FinishedAt.IsZero(), "it has not ended yet")
	require.Nil(t, running.Results)
	require.Empty(t, server.Deliveries())

	v.press("next")
	require.Equal(t, "https://app.example/done?user=1", v.left)
	session := onlySession(t, client, created.LinkToken)
	require.False(t, session.FinishedAt.Before(session.StartedAt))
	require.Nil(t, session.Exit)
	require.Equal(t, []string{
		"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS",
		"TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
	}, happened(session))
	require.Empty(t, session.Events[1].EventMetadata.InstitutionID, "no bank is chosen yet")
	for _, event := range session.Events[2:] {
		require.Equal(t, "ins_109509", event.EventMetadata.InstitutionID)
		require.Equal(t, "First Gingham Credit Union", event.EventMetadata.InstitutionName)
	}
	require.Len(t, running.Events, 7, "what was returned before does not change")

	result := session.Results.ItemAddResults[0]
	require.Equal(t, "ins_109509", result.Institution.InstitutionID)
	require.Len(t, result.Accounts, 2)
	require.Equal(t, "Plaid Checking", result.Accounts[0].Name)
	require.Equal(t, "savings", result.Accounts[1].Subtype)
	require.Equal(t, "1111", result.Accounts[1].Mask)
	require.NotEmpty(t, exchange(t, client, result.PublicToken).AccessToken)
	require.Equal(t, []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}, webhookCodes(server))
	require.Contains(t, server.Deliveries()[2].Body, result.PublicToken)

	v.open(v.at)
	require.Equal(t, "You are connected", v.title(), "who comes back sees how it ended")
	require.Equal(t, "https://app.example/done?user=1", v.page.all("a")[0].attr["href"])
	require.Contains(t, v.page.text, "Plaid Saving")
}

func TestHostedWithoutAnAppEndsOnItsOwnPage(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	req.HostedLink = &gen.LinkTokenCreateHostedLink{}
	created := create(t, client, req)
	v := visit(t, server, created.HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_good").share("Plaid Checking")
	require.Empty(t, v.left)
	require.Equal(t, "You are connected", v.title())
	require.Contains(t, v.page.text, "Plaid Checking")
	require.Empty(t, v.page.all("a"))
	require.NotNil(t, onlySession(t, client, created.LinkToken).Results)

	req.HostedLink = &gen.LinkTokenCreateHostedLink{}
	created = create(t, client, req)
	v = visit(t, server, created.HostedLinkURL).press("exit")
	require.Empty(t, v.left)
	require.Equal(t, "Nothing was shared", v.title())
}

func TestHostedSearch(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).press("next")
	require.Contains(t, v.page.text, "8 banks")

	v.press("search", "query", "first PLATYPUS")
	require.Contains(t, v.page.text, "1 bank for")
	v.form("next", "institution", "ins_109508")
	require.NotContains(t, v.page.text, "Gingham")
	v.press("search", "query", "no such <bank>")
	require.Contains(t, v.page.text, "No bank matches “no such <bank>”")
	v.press("exit")

	session := onlySession(t, client, created.LinkToken)
	require.Equal(t, []string{
		"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SEARCH_INSTITUTION", "SEARCH_INSTITUTION", "TRANSITION_VIEW EXIT", "EXIT",
	}, happened(session))
	require.Equal(t, "no such <bank>", session.Events[3].EventMetadata.InstitutionSearchQuery)
	require.Equal(t, gen.LinkSessionExitMetadataStatusInstitutionNotFound, session.Exit.Metadata.Status)

	v = visit(t, server, created.HostedLinkURL).press("next").press("search", "query", "nothing").press("search", "query", "")
	require.Contains(t, v.page.text, "8 banks", "the page offers every bank again")
	v.press("search", "query", "gingham").press("next", "institution", "ins_109509")
	require.Contains(t, v.page.text, "First Gingham Credit Union")
}
