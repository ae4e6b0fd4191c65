package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHostedSeveralItems(t *testing.T) {
	for name, test := range map[string]struct {
		last string // what the user does at the end, at the consent of the second bank
		want []string
	}{
		"both":                          {"next", []string{"Tartan Bank", "Houndstooth Bank"}},
		"leaves, and keeps the first":   {"exit", []string{"Tartan Bank"}},
		"begins a third, does not link": {"more", nil},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := start(t)
			req := pageRequest()
			req.EnableMultiItemLink = new(true)
			created := create(t, client, req)
			v := visit(t, server, created.HostedLinkURL).choose("ins_109511").signIn("user_good", "pass_good")
			v.press("next", "account", v.account("Plaid Checking"))
			v.press("more")
			require.Equal(t, "Choose your bank", v.title())
			v.press("next", "institution", "ins_109512").signIn("user_good", "pass_good")
			v.press("next", "account", v.account("Plaid Saving"))
			v.press(test.last)

			session := onlySession(t, client, created.LinkToken)
			if test.want == nil {
				require.True(t, session.FinishedAt.IsZero())
				return
			}
			require.Nil(t, session.Exit)
			var names []string
			for _, added := range session.Results.ItemAddResults {
				names = append(names, added.Institution.Name)
				require.Len(t, added.Accounts, 1)
				exchange(t, client, added.PublicToken)
			}
			require.Equal(t, test.want, names)
			var handedOff []string
			for _, event := range session.Events {
				if event.EventName == "HANDOFF" {
					handedOff = append(handedOff, event.EventMetadata.InstitutionName)
				}
			}
			require.Equal(t, test.want, handedOff, "one HANDOFF for each Item")
		})
	}
}

// The page offers another bank only where the session may link several.
func TestHostedOneItem(t *testing.T) {
	server, client := start(t)
	v := visit(t, server, create(t, client, pageRequest()).HostedLinkURL).choose("ins_109511").signIn("user_good", "pass_good")
	v.press("next", "account", v.account("Plaid Checking"))
	require.Nil(t, values(v.page.all("form")[len(v.page.all("form"))-1], "more"))
	v.send("POST", v.origin+v.page.all("form")[0].attr["action"], map[string][]string{"do": {"more"}})
	require.NotEqual(t, "Choose your bank", v.title(), "a forged form does nothing")
}
