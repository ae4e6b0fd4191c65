package soak

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync/atomic"
)

// callHeader has the number of the call that a request belongs to.
const callHeader = "X-Soak-Call"

// server misbehaves as planned.
type server struct {
	*httptest.Server
	plans       []plan
	seen        []atomic.Int32 // attempts of each call that arrived
	connections atomic.Int64
	stop        chan struct{}
}

func newServer(plans []plan) *server {
	s := &server{plans: plans, seen: make([]atomic.Int32, len(plans)), stop: make(chan struct{})}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	return s
}

func (s *server) close() {
	close(s.stop)
	s.Close()
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, err := strconv.Atoi(r.Header.Get(callHeader))
	if err != nil || call < 0 || call >= len(s.plans) {
		http.Error(w, "expected "+callHeader, http.StatusBadRequest)
		return
	}
	attempt := int(s.seen[call].Add(1))
	if attempt > maxAttempts {
		http.Error(w, "too many attempts", http.StatusBadRequest)
		return
	}
	s.treat(w, r, s.plans[call].steps[attempt-1], call)
}

func (s *server) treat(w http.ResponseWriter, r *http.Request, how step, call int) {
	plaid := func(status int, errorType, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error_type":%q,"error_code":%q,"error_message":"planned","display_message":null,"request_id":"%d"}`, errorType, code, call)
	}
	body := response(call)
	switch how {
	case serverError:
		plaid(500, "API_ERROR", "INTERNAL_SERVER_ERROR")
	case badGateway:
		w.WriteHeader(502)
		fmt.Fprint(w, "<html>502</html>")
	case rateLimited:
		plaid(429, "RATE_LIMIT_EXCEEDED", "LINK_LIMIT")
	case abuseLimited:
		plaid(429, "RATE_LIMIT_EXCEEDED", "RATE_LIMIT")
	case noCredits:
		plaid(429, "RATE_LIMIT_EXCEEDED", "CREDITS_EXHAUSTED")
	case maintenance:
		plaid(503, "API_ERROR", "PLANNED_MAINTENANCE")
	case refused:
		plaid(400, "INVALID_REQUEST", "INVALID_FIELD")
	case alreadyDone:
		plaid(208, "OAUTH_ERROR", "OAUTH_STATE_ID_ALREADY_PROCESSED")
	case redirected:
		http.Redirect(w, r, s.URL+"/elsewhere", http.StatusTemporaryRedirect)
	case silent:
		select {
		case <-r.Context().Done():
		case <-s.stop:
		}
	case reset, halfBody:
		if how == halfBody {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			fmt.Fprint(w, body[:len(body)/2])
			http.NewResponseController(w).Flush()
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if how == reset || runtime.GOOS == "linux" { // elsewhere a reset may overtake the head
			conn.(*net.TCPConn).SetLinger(0)
		}
		conn.Close()
	case tooLarge:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(64<<20))
		fmt.Fprint(w, body)
	case notJSON:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>200</html>")
	default:
		if how == cutJSON {
			body = body[:len(body)-1]
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	}
}

// response returns a body that fits every operation of the soak and has the number of its call.
func response(call int) string {
	return fmt.Sprintf(`{"link_token":"link-%d","access_token":"access-%d","item_id":"item-%d","expiration":"2026-01-01T00:00:00Z",`+
		`"created_at":null,"metadata":{"initial_products":[],"country_codes":[]},"request_id":"%d"}`, call, call, call, call)
}
