package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// seen is the attribute by which a test of another package reports what it saw; see the package's comment.
const seen = "got"

// place is where a row is tested that is not about calls.
type place struct {
	number int
	fault  string
	dir    string // of the package, which may be another module's
	tests  []string
}

var elsewhere = []place{
	{50, "made-up key names without end", "webhook", []string{
		"TestStrangersDoNotKeepTheKeyOut", "TestStrangersDoNotKeepANewKeyOut", "TestRedeliveryGetsThroughStrangers", "TestKeysAreKeptOverARestart"}},
	{51, "300 senders of 1 MiB with no good signature", "webhook", []string{"TestStrangersBodiesAreNotRead"}},
	{52, "the clock of the host is behind", "webhook", []string{"TestLeeway"}},
	{53, "an adapter changes the case of header names", "webhook", []string{"TestHeaderIsFoundInAnyCase"}},
	{54, "the same bytes for another event", "webhook", []string{"TestTheSameBytesAreAnotherEvent"}},
	{55, "a key whose coordinates cannot be read", "webhook", []string{"TestKeyThatCannotBeReadIsUnavailable"}},
	{56, "the first signal while the command reads its input", "cmd/plaidlink", []string{"TestInterruptEndsReading", "TestFirstSignalEndsReading"}},
	{57, "escapes and line breaks in texts that the command prints", "cmd/plaidlink", []string{
		"TestTextsOfWebhooksArePrintedOnOneLine", "TestTextsOfResponsesArePrintedOnOneLine", "TestTextsOfTheDemoArePrintedOnOneLine"}},
	{58, "the quickstart cannot store an access token, or is killed", "examples/quickstart", []string{
		"TestAccessTokenOutlivesAFailingDatabase", "TestStopWaitsForAnAccessToken", "TestNoExchangeWithoutAPlaceForTheAccessToken",
		"TestItemOfAnotherUser", "TestKillDuringAnExchange"}},
	{59, "the quickstart's key, its files, a second sign-in", "examples/quickstart", []string{
		"TestKeyFileBesideData", "TestFilesAreMadePrivate", "TestRotateKey", "TestInterruptedRotation", "TestSecondSignInEndsTheFirstSession"}},
}

// addElsewhere runs the tests of other packages, and adds a row for each place.
func (t *table) addElsewhere(places []place) {
	tests := map[string][]string{} // by directory
	for _, p := range places {
		tests[p.dir] = append(tests[p.dir], p.tests...)
	}
	for dir, names := range tests {
		cmd := exec.Command("go", "test", "-C", "../../"+dir, "-count", "1", "-json", "-run", "^("+strings.Join(names, "|")+")$", ".")
		cmd.Stderr = os.Stderr
		out, _ := cmd.Output() // tests that fail are in the output
		for _, p := range places {
			if p.dir == dir {
				t.add(p.row(bytes.NewReader(out)))
			}
		}
	}
}

// row returns the row of a place out of what go test -json printed. It passed if each test passed and reported something.
func (p place) row(events io.Reader) *Row {
	r := &Row{number: p.number, fault: p.fault}
	passed, reported := map[string]bool{}, map[string]bool{}
	for in := json.NewDecoder(events); ; {
		var e struct{ Action, Test, Key, Value string }
		if in.Decode(&e) != nil { // at the end
			break
		}
		test, _, _ := strings.Cut(e.Test, "/")
		switch {
		case !slices.Contains(p.tests, test):
		case e.Action == "attr" && e.Key == seen:
			name, text, _ := strings.Cut(e.Value, ": ")
			r.add(name, short(text))
			reported[test] = true
		case e.Action == "pass" && e.Test == test:
			passed[test] = true
		}
	}
	r.passed = true
	for _, test := range p.tests {
		if !passed[test] || !reported[test] {
			r.passed = false
			r.add(test, fmt.Sprintf("passed %t, reported %t", passed[test], reported[test]))
		}
	}
	return r
}
