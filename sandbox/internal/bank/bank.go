// Package bank has the sandbox's institutions, and the accounts and the sign-in of its test user there.
package bank

import (
	"slices"
	"strings"
)

// Institution is a bank of the sandbox.
type Institution struct {
	ID    string
	Name  string
	Host  string // of its web site, which does not exist
	OAuth bool   // its users sign in on its own page
	Slow  bool   // it works, but is shown as degraded
	Down  bool   // nobody can sign in
}

// Default is the institution of a user unless a test chooses another.
const Default = "ins_109508"

// institutions in the order in which they are offered.
var institutions = []Institution{
	{ID: Default, Name: "First Platypus Bank", Host: "platypus.example"},
	{ID: "ins_109509", Name: "First Gingham Credit Union", Host: "gingham.example"},
	{ID: "ins_109510", Name: "Tattersall Federal Credit Union", Host: "tattersall.example"},
	{ID: "ins_109511", Name: "Tartan Bank", Host: "tartan.example"},
	{ID: "ins_109512", Name: "Houndstooth Bank", Host: "houndstooth.example"},
	{ID: "ins_127287", Name: "Platypus OAuth Bank", Host: "oauth.platypus.example", OAuth: true},
	{ID: "ins_132363", Name: "Unhealthy Platypus Bank (degraded)", Host: "degraded.platypus.example", Slow: true},
	{ID: "ins_132361", Name: "Unhealthy Platypus Bank (down)", Host: "down.platypus.example", Down: true},
}

// Find returns the institution with an id; false where the sandbox has none.
func Find(id string) (Institution, bool) {
	at := slices.IndexFunc(institutions, func(i Institution) bool { return i.ID == id })
	if at < 0 {
		return Institution{}, false
	}
	return institutions[at], true
}

// Search returns the institutions that have every word of the query in their name or host, all of them for an empty one.
func Search(query string) []Institution {
	var found []Institution
	for _, i := range institutions {
		text := strings.ToLower(i.Name + " " + i.Host)
		missing := func(word string) bool { return !strings.Contains(text, word) }
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(query)), missing) {
			found = append(found, i)
		}
	}
	return found
}
