// Package wire is what the types that are generated for Plaid's API have in common: those of package gen, and those that the
// command plaidgen writes. It is for generated code. A program uses the types and the aliases of the package that was
// generated, such as gen.AccessToken and gen.Date.
//
// Code that plaidgen wrote compiles with this package as long as the major version of the module is the same.
package wire
