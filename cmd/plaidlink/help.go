package main

import (
	"context"

	"github.com/urfave/cli/v3"
)

// helpTemplate is the help of the program and of every command.
const helpTemplate = `Usage: {{.FullName}}{{if .VisibleCommands}} <command>{{end}}{{if .ArgsUsage}} {{.ArgsUsage}}{{end}} [flags]

{{if .Description}}{{.Description}}{{else}}{{.Usage}}{{end}}
{{if .VisibleCommands}}
Commands:
{{range .VisibleCommands}}{{$group := .Name}}{{range .VisibleCommands}}  {{$group}} {{.Name}}{{"\t"}}{{.Usage}}
{{else}}  {{.Name}}{{"\t"}}{{.Usage}}
{{end}}{{end}}{{end}}
Flags:
{{range .VisibleFlags}}  {{.}}
{{end}}{{if .VisiblePersistentFlags}}
Flags of every command:
{{range .VisiblePersistentFlags}}  {{.}}
{{end}}{{end}}`

func helpCommand() *cli.Command {
	return &cli.Command{
		Name:        "help",
		Usage:       "print the help of a command",
		Description: "Prints the help of the program or of a command.\n\nExample:\n  plaidlink help token create",
		ArgsUsage:   "[command]",
		Action: func(_ context.Context, help *cli.Command) error {
			cmd := help.Root()
			for i, name := range help.Args().Slice() {
				below := cmd.Command(name)
				if below == nil {
					return usagef("there is no command %q", help.Args().Get(i))
				}
				cmd = below
			}
			cli.HelpPrinter(help.Root().Writer, helpTemplate, cmd)
			return nil
		},
	}
}
