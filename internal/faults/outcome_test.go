package faults

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Outcome is what a caller got. The zero value is that of no call, and a row does not take it.
type Outcome struct {
	happened  bool
	operation string // empty for New and NewFromEnv
	response  any    // nil for none
	err       error
	captured  plaidlink.Response
	elapsed   time.Duration
	allocated uint64
}

// Err returns the error of the call, or nil.
func (o Outcome) Err() error { return o.err }

// Response returns the response, or nil. It is a pointer to a type of package gen, or a client.
func (o Outcome) Response() any { return o.response }

// Captured returns what [plaidlink.CaptureResponse] captured, unless the call captured it elsewhere.
func (o Outcome) Captured() plaidlink.Response { return o.captured }

// Elapsed returns the time that the call took, by the clock of its bubble if it ran in one.
func (o Outcome) Elapsed() time.Duration { return o.elapsed }

// Allocated returns the bytes that [Allocating] measured.
func (o Outcome) Allocated() uint64 { return o.allocated }

// Failure returns the [plaidlink.Error] of the call, or nil.
func (o Outcome) Failure() *plaidlink.Error {
	var e *plaidlink.Error
	errors.As(o.err, &e)
	return e
}

// Attempts returns how many attempts the client reports.
func (o Outcome) Attempts() int {
	if e := o.Failure(); e != nil {
		return e.Attempts
	}
	return o.captured.Attempts
}

// changing is what differs from run to run, or that the row shows elsewhere.
var changing = regexp.MustCompile(`^plaidlink: \w+: |Post "[^"]*": |net/http: HTTP/1.x transport connection broken: |127\.0\.0\.1:\d+->| \([^()]*\)$|:\d{4,5}\b|stream ID \d+; `)

// call describes the call on one line: its operation, its attempts, and what else was measured of it.
func (o Outcome) call() string {
	if o.operation == "" {
		return ""
	}
	var measured []string
	if o.elapsed >= 50*time.Millisecond { // less is the machine's own
		measured = append(measured, fmt.Sprintf("in %s", o.elapsed.Round(10*time.Millisecond)))
	}
	if o.allocated > 0 {
		measured = append(measured, fmt.Sprintf("%.1f MiB allocated", float64(o.allocated)/(1<<20)))
	}
	if n := unknown(reflect.ValueOf(o.response)); n > 0 {
		measured = append(measured, fmt.Sprintf("unknown properties: %d", n))
	}
	text := fmt.Sprintf("%s %dx", o.operation, o.Attempts())
	if len(measured) > 0 {
		text += " (" + strings.Join(measured, ", ") + ")"
	}
	return text
}

// end describes on one line what the caller got.
func (o Outcome) end() string {
	e := o.Failure()
	switch {
	case o.err == nil && o.operation == "":
		if _, encoded := o.response.(string); encoded {
			return "encoded"
		}
		return "a client"
	case o.err == nil:
		return "a response"
	}
	text := short(changing.ReplaceAllString(o.err.Error(), ""))
	if e != nil && e.MaybeCarriedOut {
		text = "perhaps carried out: " + text
	}
	if e != nil && e.RetryAfter > 0 {
		text += fmt.Sprintf(", RetryAfter %s", e.RetryAfter)
	}
	return text
}

// short returns the beginning of a text.
func short(text string) string {
	const most = 100
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// unknown counts what a response keeps in ExtraFields, at every depth.
func unknown(v reflect.Value) (n int) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			n = unknown(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += unknown(v.Index(i))
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			switch {
			case field.Type == reflect.TypeFor[gen.ExtraFields]():
				n += value.Len()
			case field.IsExported():
				n += unknown(value)
			}
		}
	}
	return n
}

// describe puts the outcomes of one case on one line: those of one or two calls as they are, those of many summed up.
func describe(outcomes []Outcome) string {
	if len(outcomes) > 2 {
		return sum(outcomes)
	}
	var parts []string
	for i, o := range outcomes {
		part := strings.TrimPrefix(o.call()+": "+o.end(), ": ")
		if i+1 < len(outcomes) && o.end() == outcomes[i+1].end() {
			part = o.call()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func sum(outcomes []Outcome) string {
	responses, attempts, such := 0, 0, ""
	for _, o := range outcomes {
		attempts += o.Attempts()
		if o.err == nil {
			responses++
		} else if such == "" {
			such = " such as " + o.end()
		}
	}
	return fmt.Sprintf("%d calls, %d attempts: %d responses, %d errors%s", len(outcomes), attempts, responses, len(outcomes)-responses, such)
}
