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

const module = "github.com/plaidlink/plaidlink-go"

// A module that imports the client requires one more module, the codec, and its program runs.
func TestImportFromAnotherModule(t *testing.T) {
	require.Less(t, strings.Count(outside, "\n"), 25)
	server := sandbox.NewServer()
	defer server.Close()
	creds := server.Credentials()
	dir := elsewhere(t, outside)
	env := []string{"BASE_URL=" + server.URL, "PLAID_ENV=sandbox", "PLAID_CLIENT_ID=" + creds.ClientID, "PLAID_SECRET=" + string(creds.Secret)}
	in(t, dir, env, "go mod init example.com/outside")
	useThisModule(t, dir)
	in(t, dir, env, "go mod tidy")
	mod := readFile(t, filepath.Join(dir, "go.mod"))
	require.Equal(t, 2, strings.Count(mod, " v"), mod)
	require.Contains(t, mod, "require github.com/go-json-experiment/json v1.27.2 // indirect")
	require.NotContains(t, readFile(t, filepath.Join(dir, "go.sum")), "oapi-codegen/oapi-codegen", "the generator is for plaidgen alone")
	require.Regexp(t, "^link-sandbox-", in(t, dir, env, "go run ."))
}

// readmeSteps are the commands of the README that run its program in an empty folder.
var readmeSteps = []string{"go mod init example.com/connect", "go mod tidy", "go run ."}

func TestReadmeStepsWork(t *testing.T) {
	dir := elsewhere(t, readmeProgram(t))
	in(t, dir, nil, readmeSteps[0])
	useThisModule(t, dir)
	in(t, dir, nil, readmeSteps[1]+" -e") // without a network, what only the tests of dependencies import is not found
	require.Equal(t, "connected: true [redacted]\n", in(t, dir, nil, readmeSteps[2]))
}

// elsewhere is a folder with a program and nothing else.
func elsewhere(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o644))
	return dir
}

// useThisModule makes the module of a folder use this repository in place of a release, and the modules that it has.
func useThisModule(t *testing.T, dir string) {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	in(t, dir, nil, "go mod edit -require="+module+"@v0.0.0 -replace="+module+"="+here)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), []byte(readFile(t, "go.sum")), 0o644))
}

// in runs a command in a folder, without a network, and returns what it prints.
func in(t *testing.T, dir string, env []string, command string) string {
	t.Helper()
	args := strings.Fields(command)
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOPROXY=off", "GOFLAGS="), env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%s\n%s", command, &stderr)
	return stdout.String()
}
