package main

import (
	"context"
	"regexp"
	"runtime"

	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the versions of the module, the specification and Go",
		Description: `Prints the version of this module, of the specification that it was generated from, and of Go.

Example:
  plaidlink version`,
		Action: printVersion,
	}
}

var specVersion = regexp.MustCompile(`(?m)^info:\n(?:  .*\n)*?  version: (\S+)$`)

func printVersion(_ context.Context, cmd *cli.Command) error {
	spec := "unknown"
	if found := specVersion.FindSubmatch(api.OpenAPI); found != nil {
		spec = string(found[1])
	}
	return printFields(cmd,
		"plaidlink", plaidlink.Version,
		"specification", spec,
		"go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
}
