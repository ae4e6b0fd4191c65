package main

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"
)

// bashScript stands for the library's, which evaluates the line while it is typed: a TAB would run what is in its $(…), and
// empty the file behind its >. This one passes the words on as they are.
const bashScript = `# Completion of plaidlink for bash.
_plaidlink() {
  local current=${COMP_WORDS[COMP_CWORD]} line
  local words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
  if [[ $current == -* ]]; then
    words+=("$current")
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    line=${line%%:*}
    if [[ $line == "$current"* ]]; then
      COMPREPLY+=("$line")
    fi
  done < <("${COMP_WORDS[0]}" "${words[@]}" --generate-shell-completion 2>/dev/null </dev/null)
}
complete -o default -F _plaidlink plaidlink
`

// configureCompletion makes the library's command visible, for the shells that the description names.
func configureCompletion(cmd *cli.Command) {
	cmd.Hidden = false
	cmd.Usage = "print a script that completes commands and flags, for bash, zsh or fish"
	cmd.Description = `Prints a script that completes commands and flags in a shell.

Examples:
  source <(plaidlink completion bash)      # in ~/.bashrc
  source <(plaidlink completion zsh)       # in ~/.zshrc, after compinit
  plaidlink completion fish > ~/.config/fish/completions/plaidlink.fish`
	cmd.Action = nil // prepare's says what was expected
	var shells []*cli.Command
	for _, shell := range cmd.Commands {
		if shell.Name == "pwsh" {
			continue
		}
		if shell.Name == "bash" {
			shell.Action = func(_ context.Context, cmd *cli.Command) error {
				_, err := io.WriteString(cmd.Root().Writer, bashScript)
				return err
			}
		}
		shell.Usage = "print the script for " + shell.Name
		shell.Description = "Prints the script for " + shell.Name + ".\n\nExample:\n  plaidlink completion " + shell.Name
		shells = append(shells, shell)
	}
	cmd.Commands = shells
	prepare(cmd)
}
