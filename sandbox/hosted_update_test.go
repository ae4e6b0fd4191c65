package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// linked is an Item that was linked at an institution, with a checking account.
func linked(t testing.TB, server *sandbox.Server, client *plaidlink.Client, institutionID string) *gen.ItemPublicTokenExchangeResponse {
	t.Helper()
	token := create(t, client, createRequest()).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success(sandbox.Item{
		Institution: sandbox.Institution{ID: institutionID},
		Accounts:    []sandbox.Account{{ID: "account-1", Name: "Plaid Checking", Mask: "0000", Type: "depository", Subtype: "checking"}},
	}))))
	return exchange(t, client, onlySession(t, client, token).Results.ItemAddResults[0].PublicToken)
}

func updateRequest(item *gen.ItemPublicTokenExchangeResponse) gen.LinkTokenCreateRequest {
	req := pageRequest()
	req.Products, req.AccessToken = nil, item.AccessToken
	return req
}

func TestHostedUpdate(t *testing.T) {
	server, client := start(t)
	bySignIn := []string{
		"OPEN CONSENT", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
	}
	for name, test := range map[string]struct {
		institution, name string
		events            []string
	}{
		"a bank of the sandbox": {"ins_109511", "Tartan Bank", bySignIn},
		"another one":           {"ins_3", "Bank ins_3", bySignIn},
		"one with OAuth":        {"ins_127287", "Platypus OAuth Bank", []string{"OPEN CONSENT", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "TRANSITION_VIEW CONNECTED", "HANDOFF"}},
	} {
		t.Run(name, func(t *testing.T) {
			known := linked(t, server, client, test.institution)
			created := create(t, client, updateRequest(known))
			v := visit(t, server, created.HostedLinkURL)
			require.Equal(t, "Sign in to your bank again", v.title())
			require.Contains(t, v.page.text, "What you share already")
			v.press("next")
			require.False(t, v.offers("back"), "there is no bank to choose")
			require.Contains(t, v.page.text, test.name)
			if test.institution == "ins_127287" {
				v.press("next")
			} else {
				v.signIn("user_good", "pass_good")
			}
			require.NotEmpty(t, v.left)

			session := onlySession(t, client, created.LinkToken)
			require.Equal(t, test.events, happened(session))
			require.Equal(t, test.institution, session.Events[1].EventMetadata.InstitutionID)
			result := session.Results.ItemAddResults[0]
			require.Equal(t, test.institution, result.Institution.InstitutionID)
			require.Equal(t, test.name, result.Institution.Name)
			require.Equal(t, "account-1", result.Accounts[0].ID)
			got := exchange(t, client, result.PublicToken)
			require.Equal(t, known.ItemID, got.ItemID)
			require.Equal(t, string(known.AccessToken), string(got.AccessToken))
			v.open(created.HostedLinkURL + "/" + session.LinkSessionID)
			require.Equal(t, "You are connected again", v.title())
			require.Contains(t, v.page.text, "Plaid Checking")
		})
	}
}

func TestHostedUpdateWithAccountSelection(t *testing.T) {
	server, client := start(t)
	known := linked(t, server, client, "ins_3")
	for _, chosen := range [][]string{{"Plaid Checking", "Plaid Mortgage"}, {"Plaid Mortgage"}} {
		req := updateRequest(known)
		req.Update = &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: new(true)}
		created := create(t, client, req)
		v := visit(t, server, created.HostedLinkURL).press("next").signIn("user_good", "pass_good")
		require.Len(t, offered(v), 9, "the account that is shared already, and the others")
		_, sent := v.form("next")
		require.Contains(t, sent["account"], v.account("Plaid Checking"), "what is shared is ticked")
		require.Equal(t, "account-1", v.account("Plaid Checking"))
		var fields []string
		for _, name := range chosen {
			fields = append(fields, "account", v.account(name))
		}
		v.press("next", fields...).press("next")
		require.NotEmpty(t, v.left)
		var names []string
		accounts := onlySession(t, client, created.LinkToken).Results.ItemAddResults[0].Accounts
		for _, account := range accounts {
			names = append(names, account.Name)
		}
		require.Equal(t, chosen, names)
		if len(chosen) == 1 {
			break
		}
		require.Equal(t, "account-1", accounts[0].ID)
	}
}

func TestHostedUpdateThatIsLeftChangesNothing(t *testing.T) {
	server, client := start(t)
	known := linked(t, server, client, "ins_127287")
	req := updateRequest(known)
	req.Update = &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: new(true)}
	v := visit(t, server, create(t, client, req).HostedLinkURL).press("next").press("deny")
	require.Contains(t, v.page.text, "You did not allow the bank", "there is no other bank to go to")
	v.press("next").press("next").press("next", "account", v.account("Plaid Mortgage")).press("back").press("exit")
	require.NotEmpty(t, v.left)

	created := create(t, client, updateRequest(known))
	visit(t, server, created.HostedLinkURL).press("next").press("next")
	require.Equal(t, "account-1", onlySession(t, client, created.LinkToken).Results.ItemAddResults[0].Accounts[0].ID)
}

func TestHostedInstitutionOfTheRequest(t *testing.T) {
	server, client := start(t)
	for institution, name := range map[string]string{"ins_109510": "Tattersall Federal Credit Union", "ins_3": "Bank ins_3"} {
		req := pageRequest()
		req.InstitutionID = institution
		created := create(t, client, req)
		v := visit(t, server, created.HostedLinkURL).press("next")
		require.Contains(t, v.page.text, name)
		require.Contains(t, v.page.text, "Step 1 of 3")
		require.False(t, v.offers("back"))
		v.signIn("user_good", "pass_good").share("Plaid Checking")
		session := onlySession(t, client, created.LinkToken)
		require.Equal(t, institution, session.Results.ItemAddResults[0].Institution.InstitutionID)
		require.NotContains(t, happened(session), "SELECT_INSTITUTION")
	}
}
