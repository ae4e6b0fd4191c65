package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the scripts get from the program.
func TestCompletionCandidates(t *testing.T) {
	for name, test := range map[string]struct {
		before []string
		word   string
		want   string
	}{
		"commands":                         {nil, "to", "token"},
		"of a group":                       {[]string{"token"}, "", "create get"},
		"after a flag with its value":      {[]string{"--sandbox", "localhost:1", "token"}, "", "create get"},
		"after a flag and =":               {[]string{"--sandbox=localhost:1", "token"}, "", "create get"},
		"after help":                       {[]string{"help", "token"}, "c", "create"},
		"flags":                            {[]string{"token", "get"}, "--w", "--wait"},
		"flags of all":                     {[]string{"token", "get"}, "--sa", "--sandbox"},
		"flags of a command":               {[]string{"webhook", "listen"}, "--l", "--listen"},
		"shells":                           {[]string{"completion"}, "", "bash zsh fish powershell"},
		"products":                         {[]string{"token", "create", "--products"}, "identity_", "identity_match identity_verification"},
		"more products":                    {[]string{"token", "create", "--products"}, "auth,identity_", "auth,identity_match auth,identity_verification"},
		"products of a flag with =":        {[]string{"token", "create"}, "--products=auth,identity_", "--products=auth,identity_match --products=auth,identity_verification"},
		"products as bash splits them":     {[]string{"token", "create", "--products", "="}, "identity_", "identity_match identity_verification"},
		"products behind the equals sign":  {[]string{"token", "create", "--products"}, "=", "assets auth balance"},
		"countries":                        {[]string{"token", "create", "--country"}, "D", "DE DK"},
		"after a list":                     {[]string{"token", "create", "--country", "US"}, "--us", "--user"},
		"a switch has no value":            {[]string{"token", "create", "--hosted"}, "--us", "--user"},
		"a file, which the shell knows":    {[]string{"token", "create", "--body"}, "", ""},
		"a text":                           {[]string{"token", "get"}, "", ""},
		"nothing is made of what is typed": {[]string{"token", "create"}, "--products=$(touch ran),a", ""},
		"nor of an unknown flag":           {[]string{"token", "create"}, "--$(touch ran)=", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := invoke(t, nil, append([]string{"__complete", "--word=" + test.word, "--"}, test.before...)...)
			require.Zero(t, got.code, got.stderr)
			var found []string
			for line := range strings.Lines(got.stdout) {
				candidate, help, _ := strings.Cut(line, "\t")
				require.NotEmpty(t, help, "a candidate has its help")
				found = append(found, candidate)
			}
			if found = found[:min(3, len(found))]; len(strings.Fields(test.want)) > 3 {
				test.want = strings.Join(strings.Fields(test.want)[:3], " ")
			}
			require.Equal(t, test.want, strings.Join(found, " "))
		})
	}
}

// The lists are the constants of package gen.
func TestEnumsAreThoseOfTheTypes(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../gen/plaid.gen.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	constants := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			typ, isNamed := spec.Type.(*ast.Ident)
			if text, isText := spec.Values[0].(*ast.BasicLit); isNamed && isText && text.Kind == token.STRING {
				value, err := strconv.Unquote(text.Value)
				require.NoError(t, err)
				constants[typ.Name] = append(constants[typ.Name], value)
			}
		}
		return true
	})
	for _, name := range []string{"Products", "CountryCode"} {
		require.NotEmpty(t, constants[name])
		require.ElementsMatch(t, constants[name], strings.Split(enum(name), ","))
	}
}

// typed is what somebody typed before TAB, and what a shell makes of it. It runs nothing of what is typed.
var typed = []struct {
	line string // its words, as the shells quote them
	want []string
}{
	{`plaidlink to`, []string{"token"}},
	{`plaidlink token cr`, []string{"create"}},
	{`plaidlink --sandbox 'a b' token cr`, []string{"create"}},
	{`plaidlink token create --products auth,identity_`, []string{"auth,identity_match", "auth,identity_verification"}},
	{`plaidlink token create --country D`, []string{"DE", "DK"}},
	{`plaidlink token create --user $(touch ran) --cl`, []string{"--client-name"}},
	{`plaidlink token create --user "$(touch ran)" --cl`, []string{"--client-name"}},
	{"plaidlink token create --user `touch ran` --cl", []string{"--client-name"}},
	{`plaidlink token create --user '$(touch ran)' --cl`, []string{"--client-name"}},
	{`plaidlink token get $(touch ran)/`, []string{""}},
	{`plaidlink token create --products $(touch ran),a`, []string{""}},
}

// shell runs a script in a shell that finds the program, in an empty folder, and returns the lines it prints.
func shell(t *testing.T, name string, args ...string) []string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "" {
		t.Skip(name + " is not installed: install it with `apt-get install " + name + "`")
	}
	require.NoError(t, err)
	cmd := process(t)
	dir := t.TempDir()
	cmd.Env = append(cmd.Env, "PATH="+filepath.Dir(cmd.Path)+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.Dir, cmd.Path, cmd.Args = dir, path, append([]string{name}, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	require.Empty(t, stderr.String())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "something of what was typed was run")
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func TestCompletionInBash(t *testing.T) {
	for _, test := range typed {
		// bash splits the words of a line without expanding them, which an array in single quotes does too.
		var words []string
		for _, word := range splitWords(test.line) {
			words = append(words, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
		}
		got := shell(t, "bash", "--norc", "-c", `
			source <(plaidlink completion bash)
			COMP_WORDS=(`+strings.Join(words, " ")+`)
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			_plaidlink
			printf '%s\n' "${COMPREPLY[@]}"`)
		require.Equal(t, test.want, got, test.line)
	}
}

func TestCompletionInZsh(t *testing.T) {
	for _, test := range typed {
		var words []string
		for _, word := range splitWords(test.line) {
			words = append(words, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
		}
		got := shell(t, "zsh", "-f", "-c", `
			compdef() { }
			_describe() { print -l -- "${(@)found%%:*}" }
			source <(plaidlink completion zsh)
			words=(`+strings.Join(words, " ")+`)
			CURRENT=$#words PREFIX=$words[-1]
			_plaidlink`)
		require.Equal(t, test.want, got, test.line)
	}
}

func TestCompletionInFish(t *testing.T) {
	for _, test := range typed {
		line := strings.ReplaceAll(strings.ReplaceAll(test.line, `\`, `\\`), "'", `\'`)
		got := shell(t, "fish", "--no-config", "-c", `
			plaidlink completion fish | source
			complete -C '`+line+`'`)
		for i, candidate := range got {
			got[i], _, _ = strings.Cut(candidate, "\t")
		}
		require.Equal(t, test.want, got, test.line)
	}
}

// splitWords splits a line as a shell does for its completion: quotes and substitutions stay in the words.
func splitWords(line string) (words []string) {
	depth, quote, word := 0, rune(0), ""
	for _, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case strings.ContainsRune("'\"`", r):
			quote = r
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ' ' && depth == 0:
			words, word = append(words, word), ""
			continue
		}
		word += string(r)
	}
	return append(words, word)
}

// The script for PowerShell, which is not here, is held as a text: it registers itself, calls the program, evaluates nothing.
func TestCompletionInPowerShell(t *testing.T) {
	got := invoke(t, nil, "completion", "powershell")
	require.Zero(t, got.code)
	require.Contains(t, got.stdout, "Register-ArgumentCompleter -Native -CommandName plaidlink")
	require.Contains(t, got.stdout, `plaidlink __complete "--word=$word" '--' @words`)
	open := ""
	closing := map[rune]string{'}': "{", ')': "(", ']': "["}
	for _, r := range got.stdout {
		switch {
		case strings.ContainsRune("{([", r):
			open += string(r)
		case closing[r] != "":
			require.True(t, strings.HasSuffix(open, closing[r]), "%q closes %q", r, open)
			open = open[:len(open)-1]
		}
	}
	require.Empty(t, open)
}

func TestNoScriptEvaluates(t *testing.T) {
	for _, name := range []string{"bash", "zsh", "fish", "powershell"} {
		got := invoke(t, nil, "completion", name)
		require.Equal(t, result{0, got.stdout, ""}, got)
		require.Contains(t, got.stdout, "plaidlink __complete")
		require.NotRegexp(t, `(?i)\beval\b|\bInvoke-Expression\b|\biex\b|\(e\)|\(\(e`, got.stdout)
	}
}
