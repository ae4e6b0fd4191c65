package plaidlink

//go:generate go run ./internal/spec/cmd/spec compose
//go:generate go run ./internal/spec/cmd/spec generate
