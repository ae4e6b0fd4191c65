package plaidlink

//go:generate go run ./internal/spec/cmd/spec compose
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config api/oapi-codegen.yaml api/openapi-go.yaml
//go:generate go run ./internal/spec/cmd/spec index
