package plaidlink

import "runtime"

// Version is the version of this module, as in CHANGELOG.md.
const Version = "0.1.0"

// APIVersion is the dated version of Plaid's API that the types are generated for; it is sent as Plaid-Version.
const APIVersion = "2020-09-14"

var defaultUserAgent = "plaidlink-go/" + Version + " (" + runtime.Version() + "; " + runtime.GOOS + "/" + runtime.GOARCH + ")"
