package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// line is a line of the output of witness.mjs.
type line struct {
	Check   string       `json:"check"`
	Error   string       `json:"error"`
	Refusal *clientError `json:"refusal"`
	Done    int          `json:"done"`
}

// Plaid's client for Node goes through Link, and returns its error for each refusal.
func TestPlaidNode(t *testing.T) {
	needNode(t, "node")
	expected := map[string]refusal{}
	for _, one := range refusals {
		expected[one.name] = one
	}
	lines := runWitness(t, map[string]any{"running": startSandbox(t), "ready": prepare(t)})
	last := len(lines) - 1
	require.Equal(t, last, lines[last].Done, "the script counts its lines")
	for _, one := range lines[:last] {
		want, refused := expected[one.Check]
		delete(expected, one.Check)
		plaidNode.check(t, one.Check, func(t *testing.T) {
			require.Empty(t, one.Error)
			require.Equal(t, refused, one.Refusal != nil)
			if refused {
				requireRefused(t, want, *one.Refusal)
			}
		})
	}
	require.Empty(t, expected, "the script left them out")
	require.Equal(t, last, len(refusals)+16, "and 10 checks of what works")
}

func runWitness(t *testing.T, sites map[string]any) (lines []line) {
	t.Helper()
	input, err := json.Marshal(sites)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "witness.mjs")
	cmd.Dir = "node"
	cmd.Stdin = bytes.NewReader(input)
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", &stderr)
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.DisallowUnknownFields()
	for decoder.More() {
		var one line
		require.NoError(t, decoder.Decode(&one))
		lines = append(lines, one)
	}
	require.NotEmpty(t, lines)
	require.Empty(t, strings.TrimSpace(stderr.String()))
	return lines
}
