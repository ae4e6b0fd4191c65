// Package e2e tests this project against independent programs, its witnesses. It contains only tests, in their own module, so
// that no other module requires what they need:
//
//   - plaid-go: Plaid's client for Go goes through Link in the program "plaidlink sandbox" and reads every refusal.
//   - plaid (node): Plaid's client for Node does the same.
//   - prism: a mock made from api/openapi.yaml alone checks every request of package plaidlink.
//   - chromium: a browser goes through the sandbox's Hosted Link with a mouse, with only the keyboard, without JavaScript, on
//     the screen of a phone and in dark colors, and the app behind it gets its webhooks and tokens.
//
// Chromium also opens Link in pages: with react-plaid-link 4 and 5 in React's StrictMode, bundled by Vite, without a framework, and by
// the recipes of docs/testing-in-a-browser.md for chromedp and Playwright. It gets the sandbox's script in place of Plaid's.
//
// Besides, printers and encoders that programs use are given what must be hidden; the outcomes are a table in docs/security.md.
//
// Run `go test -p 1` in this folder: it prints how many checks each witness made. Compiling Plaid's client takes 2 GB and
// half a minute, once. The programs in JavaScript need Node 18.20.1 or later with npm, which installs the versions of
// node/package-lock.json into node/node_modules, and those of web in the same way.
//
// `go test -run Browser -artifacts -outputdir <folder>` keeps a screenshot of every page, and
// `go test -run Pictures . -args -pictures ../../docs` draws those of docs/testing.md.
//
// Without Node or Chromium the tests that need it are skipped with a message about how to install it. If the environment
// variable CI is set, they fail instead.
package e2e
