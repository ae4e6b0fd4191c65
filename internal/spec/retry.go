package spec

import (
	"regexp"

	"gopkg.in/yaml.v3"
)

// RetryKey is the extension by which an operation declares whether it may be sent again after a failure that leaves it
// unknown whether the first request was carried out: always, never, or conditional, which depends on the request.
const RetryKey = "x-plaidlink-retry"

func auditRetry(place string, op *yaml.Node, ps *Problems) {
	switch n := get(op, RetryKey); {
	case n == nil:
		ps.add(Undeclared, place, "expected `%s` with always, never or conditional", RetryKey)
	case n.Value != "always" && n.Value != "never" && n.Value != "conditional":
		ps.add(Undeclared, place, "`%s: %s`: expected always, never or conditional", RetryKey, n.Value)
	}
}

// reading matches the paths that only read, in every version of Plaid's file.
var reading = regexp.MustCompile(`/(get|list|sync|search|get_by_id)$`)

// asking matches those of them that cost money or time each time: a report is pulled, or the bank is asked.
var asking = regexp.MustCompile(`^/(cra/check_report/.+|credit/payroll_income/risk_signals|accounts/balance|processor/balance)/get$`)

// retryOf returns the retry rule of an operation that declares none, by its path.
func retryOf(path string) string {
	if reading.MatchString(path) && !asking.MatchString(path) {
		return "always"
	}
	return "never"
}
