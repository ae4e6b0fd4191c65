// Package e2e lets witnesses that nobody here wrote talk to this project. It has tests only, in a module of their own, so
// that nobody else requires what they need:
//
//   - plaid-go: Plaid's client for Go walks Link in the program "plaidlink sandbox" and reads every refusal.
//   - plaid (node): Plaid's client for Node does the same.
//   - prism: a mock made from api/openapi.yaml alone checks every request of package plaidlink.
//   - chromium: a browser walks the sandbox's Hosted Link, with a mouse, with the keyboard alone, without JavaScript, on a
//     phone, in the dark, and the app behind it gets its webhooks and tokens.
//
// Run `go test -p 1` in this folder: it prints how many checks each witness made. Compiling Plaid's client takes 2 GB and
// half a minute, once. Those in JavaScript need Node 18.20.1 or later with npm, which installs them into node/node_modules
// as node/package-lock.json says.
//
// `go test -run Browser -artifacts -outputdir <folder>` keeps a screenshot of every page, and
// `go test -run Pictures . -args -pictures ../../docs` draws those of the README.
//
// Without Node or Chromium the tests that need it are skipped, and say how to get it; where the environment variable CI is
// set they fail.
package e2e
