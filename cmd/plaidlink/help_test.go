package main

import (
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// commandsBelow returns every command and group, as the words to type.
func commandsBelow(t *testing.T) (found [][]string) {
	t.Helper()
	var walk func(*kong.Node)
	walk = func(node *kong.Node) {
		for _, below := range node.Children {
			if !below.Hidden {
				found = append(found, strings.Fields(below.Path()))
				walk(below)
			}
		}
	}
	walk(newParser(t.Context(), &program{}, &commands{}).Model.Node)
	require.Greater(t, len(found), 12)
	return found
}

func TestHelpListsEveryCommand(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}, {"help", "help"}} {
		got := invoke(t, nil, args...)
		require.Zero(t, got.code)
		require.Empty(t, got.stderr)
		require.Contains(t, got.stdout, "Exit codes: 0 success, 1 failure, 2 usage error, 3 refused by")
		for _, words := range commandsBelow(t) {
			if len(words) > 1 {
				require.Contains(t, got.stdout, "\n  "+strings.Join(words, " "))
			}
		}
	}
	got := invoke(t, nil)
	require.Equal(t, exitUsage, got.code)
	require.Empty(t, got.stdout)
	require.Contains(t, got.stderr, "Usage: plaidlink <command>")
}

func TestHelpOfEachCommandFitsTheWidth(t *testing.T) {
	for _, words := range append(commandsBelow(t), nil) {
		name := strings.Join(append([]string{"plaidlink"}, words...), " ")
		t.Run(name, func(t *testing.T) {
			wide := invoke(t, nil, append(words, "-h")...)
			require.Equal(t, result{0, wide.stdout, ""}, wide)
			require.Regexp(t, "^Usage: "+name+" ", wide.stdout)
			require.Equal(t, wide, invoke(t, nil, append([]string{"help"}, words...)...))
			require.NotContains(t, wide.stdout, "{", "every variable of a tag has its value")
			for _, columns := range []struct {
				set  string
				want int
			}{{"80", 80}, {"40", 40}, {"10", 40}, {"200", 100}, {"wide", 80}, {"-9", 80}} {
				got := invoke(t, []string{"COLUMNS=" + columns.set}, append(words, "-h")...)
				longest := 0
				for line := range strings.Lines(got.stdout) {
					longest = max(longest, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
				}
				require.LessOrEqual(t, longest, columns.want, "COLUMNS=%s\n%s", columns.set, got.stdout)
				if columns.want == 80 {
					require.Equal(t, wide, got, "COLUMNS=%s", columns.set)
				}
			}
		})
	}
}

// Each command that does something has an example of itself.
func TestHelpHasExamples(t *testing.T) {
	for _, leaf := range newParser(t.Context(), &program{}, &commands{}).Model.Leaves(true) {
		got := invoke(t, nil, append(strings.Fields(leaf.Path()), "-h")...)
		require.Regexp(t, `(Examples?|add this to ~/\.bashrc):\n  \S`, got.stdout, leaf.Path())
		require.Regexp(t, `\n  .*`+leaf.FullPath(), got.stdout)
	}
}

// The help of completion names the place of the script, for each shell.
func TestHelpOfCompletionNamesThePlaces(t *testing.T) {
	got := invoke(t, []string{"COLUMNS=100"}, "completion", "-h")
	for shell, place := range map[string]string{"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/completions", "powershell": "$PROFILE"} {
		require.Contains(t, got.stdout, "plaidlink completion "+shell)
		require.Contains(t, got.stdout, place)
	}
}

// Where the flags of a sandbox do nothing they are not listed, completed or taken.
func TestOnlyCommandsThatCallASandboxHaveItsFlags(t *testing.T) {
	without := map[string]bool{"sandbox": true, "demo": true, "version": true, "completion bash": true}
	for _, line := range []string{"sandbox", "demo", "version", "completion bash", "trigger", "call /x", "token", "token get t", "webhook verify"} {
		words := strings.Fields(line)
		shown := invoke(t, nil, append(words, "-h")...).stdout
		require.Contains(t, shown, "\n  -h, --help ", line)
		require.Equal(t, !without[line], strings.Contains(shown, "\n  --sandbox URL "), line)
		require.Equal(t, !without[line], strings.Contains(shown, "\n  --insecure-sandbox URL"), line)
		completed := invoke(t, nil, append([]string{"__complete", "--word=--", "--"}, words...)...).stdout
		require.Equal(t, !without[line], strings.Contains(completed, "--sandbox\t"), line)
		for _, flag := range []string{"--sandbox", "--insecure-sandbox"} {
			if without[line] {
				invoke(t, nil, append(words, flag, "http://127.0.0.1:1")...).failed(t, exitUsage, "--sandbox: this command does not call a running sandbox (see")
			}
		}
	}
}

// An example that is broken into lines is one command for a shell still.
func TestBrokenExamplesGoOn(t *testing.T) {
	got := invoke(t, []string{"COLUMNS=40"}, "token", "create", "-h")
	require.Contains(t, got.stdout, "  plaidlink token create \\\n      --body request.json --hosted \\\n      --json | jq -r .hosted_link_url\n")
}

func TestWrongUse(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no such command":            {[]string{"sandboxx"}, `plaidlink: unexpected argument sandboxx, did you mean "sandbox"? (see plaidlink --help)`},
		"with a flag of its own":     {[]string{"sandboxx", "--listen", "x"}, `plaidlink: unexpected argument sandboxx, did you mean "sandbox"?`},
		"no such command of a group": {[]string{"token", "make"}, `plaidlink token: unexpected argument make (see plaidlink token --help)`},
		"nearly one of a group":      {[]string{"token", "gett"}, `plaidlink token: unexpected argument gett, did you mean "get"?`},
		"a group alone":              {[]string{"token"}, `plaidlink token: expected one of "create", "get" (see plaidlink token --help)`},
		"help of no command":         {[]string{"help", "token", "make"}, `plaidlink token: unexpected argument make`},
		"a flag alone":               {[]string{"--sandbox", "x"}, `plaidlink: expected one of "token", "eligibility",`},
		"no such flag":               {[]string{"--port"}, "plaidlink: unknown flag --port (see plaidlink --help)"},
		"nearly a flag":              {[]string{"token", "get", "t", "--wiat"}, `plaidlink token get: unknown flag --wiat, did you mean "--wait"?`},
		"an argument to none":        {[]string{"version", "now"}, `plaidlink version: unexpected argument now (see plaidlink version --help)`},
		"one argument too many":      {[]string{"token", "get", "a", "b"}, `plaidlink token get: unexpected argument b`},
		"one argument too few":       {[]string{"token", "get"}, `plaidlink token get: expected "<link-token>" (see plaidlink token get --help)`},
		"no shell":                   {[]string{"completion", "nu"}, `<shell>: unexpected value "nu" (expected one of bash, zsh, fish, powershell) (see`},
		"a sandbox of a sandbox":     {[]string{"sandbox", "--sandbox", "http://127.0.0.1:1"}, "plaidlink sandbox: --sandbox: this command does not call a running sandbox"},
		"a sandbox of the demo":      {[]string{"--sandbox", "http://127.0.0.1:1", "demo"}, "plaidlink demo: --sandbox: this command does not call a running sandbox"},
		"not a number":               {[]string{"sandbox", "--seed", "-1"}, `plaidlink sandbox: --seed: expected a whole number, found "-1"`},
		"not a time":                 {[]string{"sandbox", "--latency", "3"}, `--latency: expected a time such as 300ms, 90s or 5m, found "3"`},
		"not a date":                 {[]string{"webhook", "verify", "--at", "soon"}, `--at: expected a time such as 2026-03-02T09:30:00Z, found "soon"`},
		"not a bool":                 {[]string{"token", "create", "--hosted=2"}, `--hosted: bool value must be true, 1, yes, false, 0 or no but got "2"`},
		"no value":                   {[]string{"token", "create", "--user"}, "--user: expected a value"},
		"a flag for a value":         {[]string{"token", "create", "--user", "--hosted"}, `--user: expected a value, found "--hosted"`},
		"no list":                    {[]string{"token", "create", "--products"}, `--products: missing value`},
		"not a country":              {[]string{"token", "create", "--country", "US,XX"}, `--country: unexpected value "XX" (expected one of AT, BE, `},
		"the flag of before":         {[]string{"token", "create", "--json", "request.json"}, "unexpected argument request.json"},
		"a line break in a flag":     {[]string{"--a\nb"}, `plaidlink: unknown flag --a\nb (see`},
		"a line break in a command":  {[]string{"token", "a\nb\x1b[2J"}, `unexpected argument a\nb\x1b[2J`},
	} {
		t.Run(name, func(t *testing.T) { invoke(t, nil, test.args...).failed(t, exitUsage, test.want) })
	}
}

// A word that is nearly right gets what was probably meant, and no other does.
func TestSuggestions(t *testing.T) {
	for line, want := range map[string]string{
		"token create --products auht":        `--products: unexpected value "auht", did you mean "auth"? (expected one of assets, auth, `, // two letters changed places
		"token create --products us,Balance":  `unexpected value "us" (expected`,                                                           // the first that is wrong
		"token create --products Balance":     `unexpected value "Balance", did you mean "balance"? (`,                                     // the case alone, so not balance_plus
		"token create --products ident":       `did you mean "identity" or "identity_match" or "identity_verification"? (`,                 // the beginning of each
		"token create --country us":           `--country: unexpected value "us", did you mean "US"? (`,
		"token create --country UK":           `--country: unexpected value "UK" (expected`, // half of a code is another code
		"token create --products auth,,x":     `--products: unexpected value "" (expected`,  // the beginning of every name
		"public-token create --products Auth": `did you mean "auth"? (`,
		"completion bsh":                      `<shell>: unexpected value "bsh", did you mean "bash" or "zsh"? (`,
		"trigger advnce":                      `expected a name that --list prints, such as link/finish, found "advnce", did you mean "advance"? (see`,
		"trigger Advance":                     `did you mean "advance"? (see`,
		"trigger finish":                      `did you mean "link/finish"? (see`, // its last word
		"create token":                        `plaidlink: unexpected argument create, did you mean "token create" or "public-token create"? (see`,
		"exchange":                            `did you mean "oauth exchange" or "public-token exchange"? (see`,
		"listen":                              `did you mean "webhook listen"? (see`,
		"hlep":                                `did you mean "help"? (see`,
		"help tokne create":                   `did you mean "token"? (see`,
		"TOKEN create":                        `did you mean "token"? (see`,
		"token hlep":                          `plaidlink token: unexpected argument hlep (see`,
		"complete":                            `unexpected argument complete (see`, // the hidden one is for scripts
		"-x":                                  `unknown flag -x (see`,              // any letter would be near
		"token create --Products auth":        `unknown flag --Products, did you mean "--products"? (see`,
		"token get t wait":                    `unexpected argument wait, did you mean "--wait"? (see`,
		"--listen":                            `unknown flag --listen, did you mean "webhook listen"? (see`,
		"token get t --time 3s":               `unknown flag --time, did you mean "--timeout"? (see`,
	} {
		t.Run(line, func(t *testing.T) { invoke(t, nil, strings.Fields(line)...).failed(t, exitUsage, want) })
	}
}

// versionOf is the version of a source of the specification.
func versionOf(t *testing.T, name string) string {
	t.Helper()
	source, err := os.ReadFile("../../api/" + name)
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^info:\n(?:  .*\n)*?  version: ('?)(\S+?)['\n]`).FindSubmatch(source)
	require.NotNil(t, found, name)
	require.Regexp(t, "^"+plaidlink.APIVersion+`_1\.\d+\.\d+$`, string(found[2]))
	return string(found[2])
}

func TestVersion(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"--version"}, {"-v"}} {
		got := invoke(t, nil, args...)
		require.Zero(t, got.code)
		require.Equal(t, plaidlink.Version, got.field(t, "plaidlink"))
		require.Equal(t, versionOf(t, "plaid-link--openapi-original.yml")+", completed to "+strings.TrimPrefix(versionOf(t, "completion.yaml"), plaidlink.APIVersion+"_"), got.field(t, "specification"))
		require.Equal(t, runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH, got.field(t, "go"))
	}
}

func TestOutputThatCannotBePrinted(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"-h"}, {"completion", "bash"}, {"sandbox", "--listen", "127.0.0.1:0"}} {
		p := &program{getenv: environment(nil), stdout: brokenPipe{}, stderr: &strings.Builder{}}
		require.Equal(t, exitFailed, p.run(t.Context(), args), args)
	}
}
