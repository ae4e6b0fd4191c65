package page_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// enter is what "do" a form posts when the user presses Enter: a browser clicks the first submit button then.
func enter(form *node) string {
	for _, hidden := range form.with("name", "do") {
		if hidden.attr["type"] == "hidden" {
			return hidden.attr["value"]
		}
	}
	for _, button := range form.named("button") {
		return button.attr["value"]
	}
	return ""
}

func TestEveryFormSaysItsStepAndWhatToDo(t *testing.T) {
	each(t, func(t *testing.T, view any, root *node) {
		link, ofLink := view.(page.Link)
		for _, form := range root.named("form") {
			require.Equal(t, "post", form.attr["method"])
			if !ofLink { // a button of the state
				require.Regexp(t, "^/_sandbox/[a-z/_]+$", form.attr["action"])
				require.Len(t, form.named("button"), 1)
				continue
			}
			require.Equal(t, action, form.attr["action"])
			step := form.with("name", "step")
			require.Len(t, step, 1)
			require.Equal(t, "hidden", step[0].attr["type"])
			require.Equal(t, string(link.Step), step[0].attr["value"])
			require.NotEmpty(t, form.named("button"))
			require.Contains(t, []string{"next", "back", "exit", "search"}, enter(form))
			for _, button := range form.named("button") {
				if button.attr["name"] == "do" {
					require.Contains(t, []string{"next", "back", "exit", "search", "deny", "more"}, button.attr["value"])
					require.Empty(t, form.all(func(n *node) bool { return n.name == "input" && n.attr["name"] == "do" }), "do is said once")
				}
			}
			for _, input := range form.named("input") {
				switch input.attr["type"] {
				case "hidden":
				case "search":
					require.Equal(t, "search", enter(form))
				default:
					require.Equal(t, "next", enter(form))
				}
			}
		}
	})
}

func TestWaysOutOfEachStep(t *testing.T) {
	ways := map[page.Step][]string{ // values of do beside next
		page.StepStart:       {"exit"},
		page.StepInstitution: {"back", "exit", "search"},
		page.StepOAuth:       {"exit"}, // it is not on this path, or it had back
		page.StepEmbedded:    {},
		page.StepBank:        {"deny"},
		page.StepCredentials: {"back", "exit"},
		page.StepAccounts:    {"back", "exit"},
		page.StepConsent:     {"back", "exit"},
		page.StepDone:        {},
		page.StepClosed:      {},
	}
	for _, step := range steps {
		filled := variants(page.Link{Step: step})["plain, rows"]
		link := filled.Interface().(page.Link)
		link.Action, link.Path = action, path
		root := parse(t, link)
		found := map[string]bool{}
		for _, form := range root.named("form") {
			found[enter(form)] = true
			for _, button := range form.with("name", "do") {
				found[button.attr["value"]] = true
			}
			if enter(form) == "exit" {
				require.Len(t, form.named("button"), 1, "nothing else in the form of the exit")
				require.Equal(t, "Leave", form.named("button")[0].label())
				question := form.parent.parent
				require.Equal(t, "dialog", question.name, "it is asked first")
				require.True(t, question.has("popover"))
				for _, one := range root.with("popovertarget", question.attr["id"]) {
					require.Equal(t, "button", one.attr["type"], "no form is sent, so what was typed stays")
				}
				require.Len(t, root.with("popovertarget", question.attr["id"]), 2, "one that asks, one that stays")
			}
		}
		want := map[string]bool{}
		for _, way := range ways[step] {
			want[way] = true
		}
		if step != page.StepDone && step != page.StepClosed {
			want["next"] = true
		}
		require.Equal(t, want, found, step)
	}
}

func TestProblemIsAnnouncedAndItsControlFocused(t *testing.T) {
	each(t, func(t *testing.T, view any, root *node) {
		focused := root.with("autofocus", "autofocus")
		require.LessOrEqual(t, len(focused), 1)
		link, ok := view.(page.Link)
		alerts := root.with("role", "alert")
		if state, ok := view.(page.State); ok && state.Problem != "" {
			require.Len(t, alerts, 1)
			return
		}
		if !ok || link.Problem == "" {
			require.Empty(t, alerts)
			return
		}
		require.Len(t, alerts, 1)
		require.Contains(t, alerts[0].text, link.Problem)
		require.Contains(t, alerts[0].text, link.Code)
		switch link.Step {
		case page.StepDone, page.StepClosed, page.StepEmbedded:
			return // nothing to do about it
		case page.StepAccounts:
			if len(root.named("fieldset")) == 0 {
				return // no account to choose
			}
			require.Equal(t, "problem", root.named("fieldset")[0].attr["aria-describedby"])
		default:
			require.Equal(t, "problem", focused[0].attr["aria-describedby"])
		}
		require.Len(t, focused, 1)
	})
}

func TestFieldsOfTheForms(t *testing.T) {
	banks := []bank.Institution{{ID: "ins_1", Name: "One"}, {ID: "ins_2", Name: "Two", OAuth: true}}
	root := parse(t, page.Link{Step: page.StepInstitution, Action: action, Query: "o", Found: banks})
	require.Equal(t, "o", root.with("name", "query")[0].attr["value"])
	buttons := root.with("name", "institution")
	require.Len(t, buttons, 2)
	require.Equal(t, "ins_2", buttons[1].attr["value"])
	require.Contains(t, buttons[1].text, "own page")
	require.NotContains(t, buttons[0].text, "own page")

	root = parse(t, page.Link{Step: page.StepInstitution, Action: action, Query: "zebra"})
	require.Contains(t, root.text, "zebra", "reports what was not found")
	queries := root.with("name", "query")
	require.Len(t, queries, 2)
	require.Equal(t, "hidden", queries[1].attr["type"])
	require.Empty(t, queries[1].attr["value"], "and offers to search for everything")

	root = parse(t, page.Link{Step: page.StepCredentials, Action: action, Institution: banks[0], Username: "user_good"})
	require.Equal(t, "user_good", root.with("name", "username")[0].attr["value"])
	require.Equal(t, "off", root.with("name", "username")[0].attr["autocomplete"])
	password := root.with("name", "password")[0]
	require.Equal(t, "password", password.attr["type"])
	require.Equal(t, "current-password", password.attr["autocomplete"])
	require.False(t, password.has("value"))

	accounts := []page.Account{{ID: "a", Name: "A"}, {ID: "b", Name: "B", Chosen: true}}
	for several, kind := range map[bool]string{true: "checkbox", false: "radio"} {
		root = parse(t, page.Link{Step: page.StepAccounts, Action: action, Accounts: accounts, Several: several})
		inputs := root.with("name", "account")
		require.Len(t, inputs, 2)
		for i, input := range inputs {
			require.Equal(t, kind, input.attr["type"])
			require.Equal(t, accounts[i].ID, input.attr["value"])
			require.Equal(t, accounts[i].Chosen, input.has("checked"))
		}
	}
}
