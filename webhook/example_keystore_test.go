package webhook_test

import (
	"context"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// keyFile is the path of a file, as a KeyStore. Nobody else can read or write it, and a program that is killed while it
// writes leaves the old one.
type keyFile string

func (f keyFile) Load(context.Context) ([]byte, error) {
	file, err := os.Open(string(f))
	if err != nil {
		return nil, err // fs.ErrNotExist before the first Save
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 64<<10+1)) // a larger one is not ours; the verifier reports it
}

func (f keyFile) Save(_ context.Context, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(string(f)), ".keys-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // unless it was renamed
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), string(f))
	}
	return err
}

// The keys are kept in a file over a restart.
func ExampleKeyStore() {
	client, err := plaidlink.NewFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	verifier := webhook.NewVerifier(client,
		webhook.WithKeyStore(keyFile("/var/lib/example/plaid-webhook-keys"), plaidlink.Production),
		webhook.WithLogger(slog.Default())) // reports what is wrong with the file
	http.Handle("POST /plaid/webhook", verifier.Handler(func(context.Context, webhook.Event) error { return nil }))
}
