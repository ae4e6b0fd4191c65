package spec

import "gopkg.in/yaml.v3"

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
