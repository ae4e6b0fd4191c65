package bank_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

func TestFind(t *testing.T) {
	found, ok := bank.Find(bank.Default)
	require.True(t, ok)
	require.Equal(t, "First Platypus Bank", found.Name)
	for _, id := range []string{"", "ins_3", "INS_109508", " ins_109508"} {
		found, ok = bank.Find(id)
		require.False(t, ok, id)
		require.Zero(t, found)
	}
}

func TestInstitutions(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range bank.Search("") {
		require.Regexp(t, "^ins_[0-9]+$", i.ID)
		require.Regexp(t, `^[a-z.]+\.example$`, i.Host, "no web site that there is")
		require.False(t, seen[i.ID] || seen[i.Name] || seen[i.Host], "%s twice", i.Name)
		seen[i.ID], seen[i.Name], seen[i.Host] = true, true, true
		require.Equal(t, i.ID == "ins_127287", i.OAuth)
		require.Equal(t, i.ID == "ins_132363", i.Slow)
		require.Equal(t, i.ID == "ins_132361", i.Down)
	}
	require.Equal(t, bank.Default, bank.Search("")[0].ID, "the one without troubles comes first")
}

func TestSearch(t *testing.T) {
	for query, want := range map[string][]string{
		"":                   {"ins_109508", "ins_109509", "ins_109510", "ins_109511", "ins_109512", "ins_127287", "ins_132363", "ins_132361"},
		"  ":                 {"ins_109508", "ins_109509", "ins_109510", "ins_109511", "ins_109512", "ins_127287", "ins_132363", "ins_132361"},
		"TARTAN":             {"ins_109511"},
		"union credit":       {"ins_109509", "ins_109510"}, // words in any order
		"oauth.platypus":     {"ins_127287"},               // by web address
		"unhealthy degraded": {"ins_132363"},
		"ins_109511":         nil, // an id is nothing that a user knows
		"tartan platypus":    nil,
		".*":                 nil, // no pattern
		"\xff":               nil,
	} {
		var ids []string
		for _, i := range bank.Search(query) {
			ids = append(ids, i.ID)
		}
		require.Equal(t, want, ids, "%q", query)
	}
}
