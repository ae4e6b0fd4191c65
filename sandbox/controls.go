package sandbox

import (
	"maps"
	"slices"
)

// Control is one of the sandbox's own paths that take a POST, see "Without Go" in the package comment.
type Control struct {
	Name    string // the path below /_sandbox/
	Example string // a body, JSON
}

// Controls returns what [New] makes, sorted by name.
func Controls() []Control {
	var all []Control
	for _, name := range slices.Sorted(maps.Keys(controls)) {
		all = append(all, Control{name, controlExamples[name]})
	}
	return all
}

// controlExamples have every property that a control needs, by its name.
var controlExamples = map[string]string{
	"link/finish":           `{"link_token":"link-sandbox-…","outcome":"success"}`,
	"link/correlation_id":   `{"link_token":"link-sandbox-…"}`,
	"item/require_login":    `{"item_id":"…"}`,
	"item/repair_elsewhere": `{"item_id":"…"}`,
	"item/end_consent":      `{"item_id":"…","seconds":604800}`,
	"item/revoke":           `{"item_id":"…","at":"bank"}`,
	"item/revoke_account":   `{"item_id":"…","account_id":"…"}`,
	"advance":               `{"seconds":1800}`,
	"fail":                  `{"operation":"linkTokenGet","fault":"html","status":502}`,
	"rate_limit":            `{"operation":"linkTokenGet","requests":15,"seconds":60}`,
	"latency":               `{"milliseconds":300}`,
	"profile":               `{"phone_number":"+14155550123"}`,
	"webhook/repeat":        `{"id":"…"}`,
	"webhook/rotate_key":    `{}`,
}
