package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompletionScripts(t *testing.T) {
	for shell, want := range map[string]string{
		"bash": "complete -o default -F _plaidlink plaidlink",
		"zsh":  "#compdef plaidlink",
		"fish": "complete -c plaidlink",
	} {
		got := finish(t, program(t, nil, "completion", shell))
		require.Zero(t, got.code, shell)
		require.Empty(t, got.stderr)
		require.Contains(t, got.stdout, want)
		require.Contains(t, got.stdout, "plaidlink")
	}
}

// What the scripts ask the program.
func TestCompletions(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"commands":          {nil, []string{"token:", "webhook:", "sandbox:", "completion:"}},
		"of a group":        {[]string{"token"}, []string{"create:", "get:"}},
		"flags":             {[]string{"token", "get", "--w"}, []string{"--wait:"}},
		"flags of all":      {[]string{"token", "get", "--sa"}, []string{"--sandbox:"}},
		"flags of commands": {[]string{"webhook", "listen", "--l"}, []string{"--listen:"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := finish(t, program(t, []string{"PLAID_SECRET=" + testSecret}, append(test.args, "--generate-shell-completion")...))
			require.Zero(t, got.code)
			for _, want := range test.want {
				require.Contains(t, "\n"+got.stdout, "\n"+want)
			}
			require.NotContains(t, got.stdout+got.stderr, testSecret)
		})
	}
}

// A real shell, with the script sourced. It runs nothing of what is typed.
func TestCompletionInBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	require.NoError(t, err, "this test needs bash")
	for typed, want := range map[string]string{
		"plaidlink token cr":                      "create",
		"plaidlink --sandbox 'a b' token cr":      "create",
		"plaidlink to":                            "token",
		"plaidlink token ''":                      "create get",
		"plaidlink token get --w":                 "--wait",
		"plaidlink 'token' '$(touch ran)' cr":     "create",
		"plaidlink token get '>' 'ran' --w":       "--wait",
		"plaidlink token get ';' touch ran ';' x": "",
	} {
		dir := t.TempDir()
		cmd := program(t, []string{"PATH=" + filepath.Dir(binary) + string(os.PathListSeparator) + os.Getenv("PATH")})
		cmd.Dir, cmd.Path = dir, bash
		cmd.Args = []string{"bash", "--norc", "-c", `
			source <(plaidlink completion bash)
			COMP_WORDS=(` + typed + `)
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			_plaidlink && echo "${COMPREPLY[@]}"`}
		got := finish(t, cmd)
		require.Equal(t, result{0, want + "\n", ""}, got, typed)
		require.NoFileExists(t, filepath.Join(dir, "ran"), typed)
	}
}
