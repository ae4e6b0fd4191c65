package main

import (
	"runtime"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// version is the command version.
type version struct{}

func (*version) Run(p *program) error {
	return p.printFields(p.mask,
		"plaidlink", plaidlink.Version,
		"specification", readSpecification().Info.Version,
		"go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
}
