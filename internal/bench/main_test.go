package bench

import (
	"bufio"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// siteProtocol makes this program the server for the load, in its own process, so that only the client is measured.
const siteProtocol = "BENCH_SITE_PROTOCOL"

func TestMain(m *testing.M) {
	if protocol := os.Getenv(siteProtocol); protocol != "" {
		serve(protocol)
		return
	}
	os.Exit(m.Run())
}

// trustSite makes every client of this process trust the certificate of httptest without being configured.
func trustSite(b *testing.B) {
	server := httptest.NewTLSServer(nil)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	server.Close()
	file := filepath.Join(b.TempDir(), "ca.pem")
	require.NoError(b, os.WriteFile(file, block, 0o600))
	b.Setenv("SSL_CERT_FILE", file) // read once, at the first handshake
}

// serve serves until its standard input ends. It prints its URL and counts connections.
func serve(protocol string) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/opened":
			fmt.Fprint(w, opened.Load())
		case "/link/token/get":
			w.Write(linkTokenGet)
		default:
			io.WriteString(w, createdBody)
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients cancel handshakes that they no longer need
	server.EnableHTTP2 = protocol == "h2"
	server.Listener = &countingListener{server.Listener, &opened}
	server.StartTLS()
	fmt.Println(server.URL)
	io.Copy(io.Discard, os.Stdin)
}

// site starts the server and returns its URL.
func site(b *testing.B, protocol string) (url string) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), siteProtocol+"="+protocol)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(b, err)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() { in.Close(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(b, err)
	return strings.TrimSpace(line)
}
