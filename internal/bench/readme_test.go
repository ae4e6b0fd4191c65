package bench

import (
	"fmt"
	"strings"
)

// forUsers are the rows of the README: what a user notices, in this order. Start-up, the size of a program and the latency of
// linkTokenCreate are not among them, because the clients hardly differ there over a network; nor is load, which few have.
var forUsers = []struct{ row, label string }{
	{"Build/cold/client=%s sec/op", "first build, with the standard library cached"},
	{"Build/cold/client=%s peak-B", "– memory"},
	{"Build/edit/client=%s sec/op", "build after an edit"},
	{"Modules/client=%s listed", "modules in `go list -m all`"},
	{"Memory/op=get/client=%s allocs/op", "allocations of a `/link/token/get` with 60 events"},
	{"Memory/op=get/client=%s sec/op", "– time, without the network"},
}

// readme returns the table of the README.
func readme(of results) string {
	rows := map[string]row{}
	for _, s := range sections {
		for _, r := range s.rows {
			rows[r.bench+" "+r.unit] = r
		}
	}
	var out strings.Builder
	out.WriteString("| | by hand | plaidlink | plaid-go v20 |\n|---|---:|---:|---:|\n")
	for _, u := range forUsers {
		var cells []string
		for _, name := range names {
			text := ""
			if v := of.value(rows[u.row], name); v != nil {
				text = show(*v, rows[u.row].unit)
			}
			cells = append(cells, text)
		}
		fmt.Fprintf(&out, "| %s | %s |\n", u.label, strings.Join(cells, " | "))
	}
	return out.String()
}
