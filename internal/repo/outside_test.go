package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// outside is a program of somebody else's: it makes a link token in fewer than 25 lines.
const outside = `package main

import (
	"context"
	"fmt"
	"os"
	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func main() {
	client, err := plaidlink.NewFromEnv(plaidlink.WithBaseURL(os.Getenv("BASE_URL")))
	if err != nil {
		panic(err)
	}
	created, err := client.LinkTokenCreate(context.Background(), gen.LinkTokenCreateRequest{
		ClientName: "Example", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-1"}, Products: []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		panic(err)
	}
	fmt.Print(created.LinkToken)
}
`

// A module that imports the client requires one more module, the codec, and its program runs.
func TestImportFromAnotherModule(t *testing.T) {
	require.Less(t, strings.Count(outside, "\n"), 25)
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("main.go", outside)
	write("go.mod", "module example.com/outside\n\ngo 1.26\n\nrequire github.com/plaidlink/plaidlink-go v0.0.0\n\nreplace github.com/plaidlink/plaidlink-go => "+here+"\n")
	sums, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	write("go.sum", string(sums))

	server := sandbox.NewServer()
	defer server.Close()
	creds := server.Credentials()
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "BASE_URL="+server.URL,
			"PLAID_ENV=sandbox", "PLAID_CLIENT_ID="+creds.ClientID, "PLAID_SECRET="+string(creds.Secret))
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%v\n%s", args, out)
		return string(out)
	}
	run("mod", "tidy")
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(mod), " v"), string(mod))
	require.Contains(t, string(mod), "require github.com/go-json-experiment/json v1.27.2 // indirect")
	sums, err = os.ReadFile(filepath.Join(dir, "go.sum"))
	require.NoError(t, err)
	require.NotContains(t, string(sums), "oapi-codegen/oapi-codegen", "the generator is for plaidgen alone")
	require.Regexp(t, "^link-sandbox-", run("run", "."))
}
