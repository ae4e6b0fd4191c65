package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// asProgram makes this test binary the program itself.
const asProgram = "QUICKSTART_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is the program, in a process of its own, with a sandbox that is not in it.
type process struct {
	cmd       *exec.Cmd
	out, logs *safeBuffer
	ended     chan struct{}
}

func startProcess(t *testing.T, plaid *sandbox.Server, database string) (*process, *visitor) {
	t.Helper()
	p := &process{out: &safeBuffer{}, logs: &safeBuffer{}, ended: make(chan struct{})}
	p.cmd = exec.Command(os.Args[0], "-listen", "127.0.0.1:0", "-db", database, "-sandbox", plaid.URL)
	p.cmd.Env = append(os.Environ(), asProgram+"=1", "QUICKSTART_KEY="+testKey,
		"PLAID_CLIENT_ID="+plaid.Credentials().ClientID, "PLAID_SECRET="+string(plaid.Credentials().Secret))
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.logs
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // it was killed
	}()
	t.Cleanup(p.kill)
	printed := regexp.MustCompile(`Open (http://127\.0\.0\.1:\d+) `)
	until(t, func() bool { return printed.MatchString(p.out.String()) }, "it prints its address")
	q := &quickstart{t: t, plaid: plaid, app: &app{url: printed.FindStringSubmatch(p.out.String())[1]}}
	return p, q.visitor("Ada")
}

// kill ends the process as kill -9 does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// The program is killed at each step of an exchange, and started again. A bank is shown as connected if and only if its
// access token is stored. What was in memory alone, or on its way, is lost; the user reads that, and can connect once more.
func TestKillDuringAnExchange(t *testing.T) {
	const connected, lost = "Connected on", "it was lost on its way here"
	for name, c := range map[string]struct {
		broken, mend string                                                // of the database
		plaid        func(kill func(), carryOut http.Handler) http.Handler // in place of the exchange
		log          string                                                // after this line, kill
		then         string                                                // what the user reads after the next start
		exchanges    int
	}{
		"before Plaid carries it out": {
			plaid: func(kill func(), _ http.Handler) http.Handler {
				return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { kill() })
			},
			then: connected, exchanges: 2,
		},
		"before the response arrives": {
			plaid: func(kill func(), carryOut http.Handler) http.Handler {
				return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					carryOut.ServeHTTP(httptest.NewRecorder(), r)
					kill()
				})
			},
			then: lost, exchanges: 2,
		},
		"before it is stored": {
			broken: trigger("INSERT ON items").broken, mend: trigger("").mend,
			log: notStored, then: lost, exchanges: 2,
		},
		"as soon as it is stored": {log: "msg=connected", then: connected, exchanges: 1},
	} {
		t.Run(name, func(t *testing.T) {
			plaid := sandbox.NewServer()
			t.Cleanup(plaid.Close)
			database := filepath.Join(t.TempDir(), "quickstart.db")
			edit(t, database, c.broken)
			p, v := startProcess(t, plaid, database)
			status, _, page := v.do(http.MethodPost, "/links", nil)
			require.Equal(t, http.StatusSeeOther, status, page)
			if c.plaid != nil {
				require.NoError(t, plaid.Fail("itemPublicTokenExchange", func(carryOut http.Handler) http.Handler {
					return c.plaid(p.kill, carryOut)
				}))
			}
			require.NoError(t, failure(plaid.FinishLink(plaid.State().LinkTokens[0].LinkToken, sandbox.Success())))
			if c.log != "" {
				until(t, func() bool { return strings.Contains(p.logs.String(), c.log) }, c.log)
				p.kill()
			}
			<-p.ended
			require.NotContains(t, p.logs.String(), "access-sandbox-")

			edit(t, database, c.mend)
			_, v = startProcess(t, plaid, database)
			until(t, func() bool {
				_, _, page = v.do(http.MethodGet, "/", nil)
				return strings.Contains(page, c.then)
			}, "the user reads: "+c.then)
			require.Len(t, v.banks(), strings.Count(page, connected))
			require.Equal(t, c.exchanges, v.q.exchanges())
			t.Attr("got", fmt.Sprintf("killed %s: banks=%d lost=%t exchanges=%d", name, len(v.banks()), strings.Contains(page, lost), v.q.exchanges()))
			status, _, _ = v.do(http.MethodPost, "/links", nil)
			require.Equal(t, http.StatusSeeOther, status, "to connect once more")
			_, _, page = v.do(http.MethodGet, "/", nil)
			require.NotContains(t, page, lost)
		})
	}
}

// edit changes a database that no program has open.
func edit(t *testing.T, database, statements string) {
	t.Helper()
	s, err := openTestStore(t, database, testKey)
	require.NoError(t, err)
	_, err = s.db.Exec(statements)
	require.NoError(t, err)
	require.NoError(t, s.close())
}

// Ctrl-C ends the program in good order, and the last line is a goodbye.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs signals")
	}
	plaid := sandbox.NewServer()
	t.Cleanup(plaid.Close)
	p, _ := startProcess(t, plaid, filepath.Join(t.TempDir(), "quickstart.db"))
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	<-p.ended
	require.Zero(t, p.cmd.ProcessState.ExitCode())
	require.True(t, strings.HasSuffix(p.out.String(), "Goodbye.\n"), p.out.String())
}

// A second Ctrl-C ends the program at once, whatever it waits for.
func TestSecondInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs signals")
	}
	plaid := sandbox.NewServer()
	t.Cleanup(plaid.Close)
	database := filepath.Join(t.TempDir(), "quickstart.db")
	edit(t, database, trigger("INSERT ON items").broken)
	p, v := startProcess(t, plaid, database)
	v.do(http.MethodPost, "/links", nil)
	require.NoError(t, failure(plaid.FinishLink(plaid.State().LinkTokens[0].LinkToken, sandbox.Success())))
	until(t, func() bool { return strings.Contains(p.logs.String(), notStored) }, "it cannot be stored")
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	until(t, func() bool { return strings.Contains(p.logs.String(), "Ctrl-C again") }, "it stops")
	until(t, func() bool {
		_ = p.cmd.Process.Signal(os.Interrupt)
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	}, "it ends at once")
	require.NotZero(t, p.cmd.ProcessState.ExitCode())
	require.NotContains(t, p.out.String(), "Goodbye")
}
