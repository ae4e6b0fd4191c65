package main

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

	"github.com/plaidlink/plaidlink-go/internal/bench/rival"
)

// siteProtocol makes this program the server for the load, in its own process, so that only the client is measured.
const siteProtocol = "BENCH_SITE_PROTOCOL"

func TestMain(m *testing.M) {
	if protocol := os.Getenv(siteProtocol); protocol != "" {
		serve(protocol)
		return
	}
	os.Exit(withTrust(m))
}

// withTrust makes every client trust the certificate of httptest without being configured.
func withTrust(m *testing.M) int {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	server := httptest.NewTLSServer(nil)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	server.Close()
	file := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(file, block, 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	return m.Run()
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
			io.WriteString(w, rival.Created)
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
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}
