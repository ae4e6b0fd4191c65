package soak

import (
	"math/rand/v2"
	"net/http"

	"github.com/plaidlink/plaidlink-go/gen"
)

// step is how the server treats one attempt.
type step int

const (
	fine step = iota
	serverError
	badGateway
	rateLimited
	abuseLimited
	noCredits
	maintenance
	refused
	alreadyDone
	redirected
	reset
	halfBody
	silent
	tooLarge
	notJSON
	cutJSON
	steps // how many there are
)

// trait is what the caller must get for a step. It follows the documented table of what is retried, not the client's code.
type trait struct {
	name   string
	retry  string // "", "retryable" operations only, "once", or "always"
	status int    // of the error, 0 if there is no response
}

var traits = [steps]trait{
	fine:         {"a response", "", http.StatusOK},
	serverError:  {"500 from Plaid", "retryable", 500},
	badGateway:   {"502 with HTML", "retryable", 502},
	rateLimited:  {"429", "always", 429},
	abuseLimited: {"429 RATE_LIMIT", "once", 429},
	noCredits:    {"429 CREDITS_EXHAUSTED", "", 429},
	maintenance:  {"503 PLANNED_MAINTENANCE", "", 503},
	refused:      {"400", "", 400},
	alreadyDone:  {"208", "", 208},
	redirected:   {"307", "", 307},
	reset:        {"reset", "retryable", 0},
	halfBody:     {"cut in the body", "retryable", 200},
	silent:       {"silent", "retryable", 0},
	tooLarge:     {"too large", "", 200},
	notJSON:      {"200 with HTML", "", 200},
	cutJSON:      {"200 with cut JSON", "", 200},
}

const maxAttempts = 3

// plan is what happens to a call, and what its outcome must be.
type plan struct {
	operation gen.Operation
	steps     [maxAttempts]step

	attempts int  // that must reach the server
	last     step // of the last attempt, which decides
}

var operations = []gen.Operation{gen.OperationLinkTokenGet, gen.OperationLinkTokenCreate, gen.OperationItemPublicTokenExchange}

// planFor draws the plan of a call. It depends only on the seed and the number of the call.
func planFor(seed uint64, number int) plan {
	r := rand.New(rand.NewPCG(seed, uint64(number)))
	p := plan{operation: operations[r.IntN(len(operations))]}
	for i := range p.steps {
		if r.Float64() < 0.25 {
			p.steps[i] = step(1 + r.IntN(int(steps)-1))
			if p.steps[i] == silent && r.Float64() < 0.9 {
				p.steps[i] = reset // silence costs a whole attempt timeout
			}
		}
	}
	p.attempts, p.last = p.outcome()
	return p
}

func (p plan) outcome() (attempts int, last step) {
	retryable := p.operation.ID != gen.OperationItemPublicTokenExchange.ID
	for i, s := range p.steps {
		again := false
		switch traits[s].retry {
		case "always":
			again = true
		case "once":
			again = i == 0
		case "retryable":
			again = retryable
		}
		if !again || i == maxAttempts-1 {
			return i + 1, s
		}
	}
	return maxAttempts, p.steps[maxAttempts-1]
}
