package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const testKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// quickstart is the application, which can stop and start again while Plaid goes on. Plaid's webhooks arrive at a mailbox,
// so that a test delivers them when it wants.
type quickstart struct {
	t        *testing.T
	plaid    *sandbox.Server
	database string
	address  string
	logs     *safeBuffer
	app      *app
	stop     func()

	mu   sync.Mutex
	mail []letter
}

// letter is a webhook as it came.
type letter struct {
	header http.Header
	body   []byte
}

func newQuickstart(t *testing.T, options ...sandbox.Option) *quickstart {
	t.Helper()
	q := &quickstart{t: t, database: filepath.Join(t.TempDir(), "quickstart.db"), address: "127.0.0.1:0", logs: &safeBuffer{}}
	mailbox := httptest.NewServer(http.HandlerFunc(q.post))
	t.Cleanup(mailbox.Close)
	q.plaid = sandbox.NewServer(append(options, sandbox.WithWebhookTarget(mailbox.URL))...)
	t.Cleanup(q.plaid.Close)
	q.start()
	t.Cleanup(func() { q.stop() })
	return q
}

// start runs the application as main does.
func (q *quickstart) start() {
	q.t.Helper()
	log := slog.New(slog.NewTextHandler(q.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	store, err := openStore(q.t.Context(), q.database, testKey, log)
	require.NoError(q.t, err)
	client, err := q.plaid.Client()
	require.NoError(q.t, err)
	listener, err := net.Listen("tcp", q.address)
	require.NoError(q.t, err)
	q.address = listener.Addr().String()
	q.app = newApp(client, plaidlink.Sandbox, q.plaid, store, log)
	q.app.locate(listener, config{})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.app.serve(ctx, listener) }()
	q.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(q.t, <-ended)
		require.NoError(q.t, store.close())
	})
}

func (q *quickstart) restart() {
	q.t.Helper()
	q.stop()
	q.start()
}

// post keeps a webhook that Plaid sent.
func (q *quickstart) post(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mail = append(q.mail, letter{r.Header.Clone(), body})
}

// webhooks hands the webhooks that Plaid sent so far to the application, which must accept them. They stay in the mailbox.
func (q *quickstart) webhooks() {
	q.t.Helper()
	ctx, cancel := context.WithTimeout(q.t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(q.t, q.plaid.WaitWebhooks(ctx))
	q.mu.Lock()
	mail := slices.Clone(q.mail)
	q.mu.Unlock()
	require.NotEmpty(q.t, mail)
	for _, one := range mail {
		require.Equal(q.t, http.StatusOK, q.deliver(one))
	}
}

// deliver hands a webhook to the application, and returns the status of the response.
func (q *quickstart) deliver(one letter) int {
	req, err := http.NewRequest(http.MethodPost, q.app.url+hookPath, bytes.NewReader(one.body))
	require.NoError(q.t, err)
	req.Header = one.header.Clone()
	resp, err := http.DefaultClient.Do(req)
	require.NoError(q.t, err)
	require.NoError(q.t, resp.Body.Close())
	return resp.StatusCode
}

// settle waits until all that waits was exchanged, or tried.
func (q *quickstart) settle() { q.app.exchanger.settle(q.t.Context()) }

// exchanges returns how often an exchange was requested.
func (q *quickstart) exchanges() (count int) {
	for _, request := range q.plaid.Requests() {
		if request.Operation == "itemPublicTokenExchange" {
			count++
		}
	}
	return count
}

// visitor is a user with a browser, who follows the application's redirects.
type visitor struct {
	q      *quickstart
	client *http.Client
}

func (q *quickstart) visitor(name string) *visitor {
	q.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(q.t, err)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	q.t.Cleanup(transport.CloseIdleConnections)
	v := &visitor{q, &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
	status, to, _ := v.do(http.MethodPost, "/sign-in", url.Values{"name": {name}})
	require.Equal(q.t, http.StatusSeeOther, status)
	require.Equal(q.t, "/", to)
	return v
}

func (v *visitor) do(method, path string, form url.Values) (status int, location, body string) {
	v.q.t.Helper()
	req, err := http.NewRequest(method, v.q.app.url+path, strings.NewReader(form.Encode()))
	require.NoError(v.q.t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := v.client.Do(req)
	require.NoError(v.q.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(v.q.t, err)
	return resp.StatusCode, resp.Header.Get("Location"), string(text)
}

// banks returns the Items on the visitor's page.
func (v *visitor) banks() (ids []string) {
	v.q.t.Helper()
	status, _, body := v.do(http.MethodGet, "/", nil)
	require.Equal(v.q.t, http.StatusOK, status)
	for _, part := range strings.Split(body, `id="name-`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		ids = append(ids, id)
	}
	return ids
}

// begin presses a button that leads to Plaid's page, and returns the link token behind it and the address to come back to.
func (v *visitor) begin(path string) (linkToken, back string) {
	v.q.t.Helper()
	status, to, body := v.do(http.MethodPost, path, nil)
	require.Equal(v.q.t, http.StatusSeeOther, status, body)
	for _, token := range v.q.plaid.State().LinkTokens {
		if token.HostedLinkURL == to {
			linkToken = token.LinkToken
		}
	}
	require.NotEmpty(v.q.t, linkToken, to)
	var id string
	require.NoError(v.q.t, v.q.app.store.db.QueryRow("SELECT id FROM links WHERE link_token = ?", linkToken).Scan(&id))
	return linkToken, "/links/" + id + "/done"
}

// connect connects a bank, and comes back.
func (v *visitor) connect() (itemID string) {
	v.q.t.Helper()
	before := len(v.banks())
	linkToken, back := v.begin("/links")
	require.NoError(v.q.t, failure(v.q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.Contains(v.q.t, v.comeBack(back), "Your bank is connected.")
	all := v.banks()
	require.Len(v.q.t, all, before+1)
	return all[before]
}

// comeBack follows the redirect from Plaid's page, and returns what the visitor reads.
func (v *visitor) comeBack(path string) (body string) {
	v.q.t.Helper()
	status, to, body := v.do(http.MethodGet, path, nil)
	require.Equal(v.q.t, http.StatusSeeOther, status, body)
	status, _, body = v.do(http.MethodGet, to, nil)
	require.Equal(v.q.t, http.StatusOK, status)
	return body
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
