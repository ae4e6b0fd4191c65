package plaidlink

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Environment is one of Plaid's environments. Each has its own host and its own secret, and a token is good only in the
// one that made it. There is no default: choosing Production is deliberate.
type Environment string

const (
	// Sandbox has test institutions and no real data.
	Sandbox Environment = "sandbox"
	// Production has real accounts.
	Production Environment = "production"
	// Development was the environment with real accounts and limited numbers.
	//
	// Deprecated: Plaid retired its host on 2024-06-20; a call fails. Use Sandbox, or Production with test accounts.
	Development Environment = "development"
)

var servers = map[Environment]string{
	Sandbox:     gen.ServerURLSandbox,
	Production:  gen.ServerURLProduction,
	Development: gen.ServerURLDevelopment,
}

// ParseEnvironment returns the environment of the name "sandbox", "production" or "development", in any case, as from a configuration. Development is
// read, because old configurations name it, although Plaid retired its host on 2024-06-20.
func ParseEnvironment(s string) (Environment, error) {
	env := Environment(strings.ToLower(s))
	if _, ok := servers[env]; !ok {
		return "", fmt.Errorf("plaidlink: environment %s: expected sandbox, production or development", quoteName(s))
	}
	return env, nil
}

// BaseURL returns the server of the environment as the specification has it, or "" for an unknown environment.
func (e Environment) BaseURL() string { return servers[e] }

// quoteName quotes what should be the name of an environment. What does not look like one is not shown: it may be the secret,
// by mistake.
func quoteName(s string) string {
	if looksLikeName.MatchString(s) {
		return strconv.Quote(s)
	}
	return fmt.Sprintf("a value of %d bytes", len(s))
}

var looksLikeName = regexp.MustCompile(`(?i)^(|sand[a-z]{0,6}|prod[a-z]{0,8}|dev[a-z]{0,10}|stag(e|ing)|test(ing)?|live|local)$`)
