package e2e_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// column is a column of the table: values that hold a secret or an access token, by themselves and inside of others.
type column struct {
	name          string
	alone, inside []any
}

// Holder is a struct of a caller. Its name and field are exported, for the sake of the encoders.
type Holder[T any] struct{ V T }

func add[T any](c *column, values ...T) {
	for _, v := range values {
		c.alone = append(c.alone, v, &v)
		c.inside = append(c.inside, Holder[T]{v}, &Holder[T]{v}, Holder[*T]{&v}, Holder[[]T]{[]T{v}})
	}
}

// bodyOf has the access token where no hex dump breaks it.
func bodyOf(token string) string { return `{"a":"` + token + `"}` }

func columns(t *testing.T, secret, token string) []*column {
	secrets, credentials, tokens := &column{name: "`Secret`"}, &column{name: "`Credentials`"}, &column{name: "`gen.AccessToken`"}
	typed, person := &column{name: "access tokens in types of `gen`"}, &column{name: "personal data in types of `gen`"}
	failed, event := &column{name: "`Error.Raw`"}, &column{name: "`Event.Raw` and `Payload`"}

	add(secrets, plaidlink.Secret(secret))
	add(credentials, plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: plaidlink.Secret(secret)})
	add(tokens, gen.AccessToken(token))

	access := gen.AccessToken(token)
	add(typed, gen.ItemPublicTokenExchangeResponse{AccessToken: access})
	add(typed, gen.ItemAccessTokenInvalidateResponse{NewAccessToken: access})
	add(typed, gen.AccountsGetRequest{AccessToken: access})
	add(typed, gen.LinkTokenCreateRequest{AccessToken: access}, gen.LinkTokenCreateRequest{AccessTokens: []gen.AccessToken{access}},
		gen.LinkTokenCreateRequest{IncomeVerification: &gen.LinkTokenCreateRequestIncomeVerification{AccessTokens: []gen.AccessToken{access}}})

	id, home := gen.UserIDNumber{Value: secret}, gen.UserAddress{Street: secret}
	users := []gen.LinkTokenCreateRequestUser{{SSN: secret}, {LegalName: secret}, {EmailAddress: secret}, {IDNumber: &id}, {Address: &home}}
	add(person, id)
	add(person, home)
	add(person, users...)
	add(person, gen.LinkTokenCreateRequest{UserToken: secret})
	for _, user := range users {
		add(person, gen.LinkTokenCreateRequest{User: &user})
	}

	client := wiretest.InMemory(wiretest.Reply(400, bodyOf(token))).Client(t)
	_, err := wiretest.GetToken(t, client)
	e, ok := errors.AsType[*plaidlink.Error](err)
	require.True(t, ok)
	require.Equal(t, bodyOf(token), string(e.Raw))
	add(failed, *e)
	add(event, webhook.Event{Type: "ITEM", Code: "NEW", IssuedAt: time.Unix(1772366400, 0), Raw: []byte(bodyOf(token))},
		webhook.Event{Type: "LINK", Code: "ITEM_ADD_RESULT", Payload: &gen.ItemAddResultWebhook{PublicToken: token}})
	return []*column{secrets, credentials, tokens, typed, person, failed, event}
}

// The outcomes of a printer, the worst last.
const (
	hidden   = "hidden"
	noCall   = "does not compile"
	refused  = "error"
	redacted = "`[redacted]`" // in what may be stored
	shown    = "**shown**"
	asItIs   = "as it is" // in what may be stored
)

var outcomes = []string{hidden, noCall, refused, redacted, shown, asItIs}

func (p printer) outcome(v, other any) string {
	text, err := p.print(v, other)
	// YAML writes bytes as a list of numbers; other printers break lines of them.
	leak := wiretest.Leak(strings.Join(strings.Fields(strings.ReplaceAll(text, "- ", "")), ""))
	switch {
	case leak != nil && p.encodes && err == nil:
		return asItIs
	case leak != nil:
		return shown
	case errors.Is(err, errNotTaken):
		return noCall
	case err != nil:
		return refused
	case p.encodes && strings.Contains(text, "[redacted]"):
		return redacted
	}
	return hidden
}

// worst returns the outcome that shows most.
func (p printer) worst(values, others []any) string {
	worst := 0
	for i, v := range values {
		worst = max(worst, slices.Index(outcomes, p.outcome(v, others[i])))
	}
	return outcomes[worst]
}

func (p printer) cell(c, other *column) string {
	alone, inside := p.worst(c.alone, other.alone), p.worst(c.inside, other.inside)
	if alone == inside || inside == noCall {
		return alone
	}
	return alone + ", inside " + inside
}

const otherSecret, otherToken = "xxxx-xxxxxx-xxxxxx", "access-sandbox-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" // as long

// What each printer and encoder does with each value is what docs/security.md says, cell by cell.
func TestPrintersDoAsDocumented(t *testing.T) {
	all, others := columns(t, wiretest.Secret, wiretest.AccessToken), columns(t, otherSecret, otherToken)
	head, rule := "| |", "|---|"
	for _, c := range all {
		head, rule = head+" "+c.name+" |", rule+"---|"
	}
	rows := []string{head, rule}
	for _, p := range printers {
		row := "| " + p.name + " |"
		for i, c := range all {
			row += " " + p.cell(c, others[i]) + " |"
		}
		rows = append(rows, row)
	}
	docs, err := os.ReadFile("../../docs/security.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(docs), "\n| |")
	table, _, _ = strings.Cut("| |"+table, "\n\n")
	require.Equal(t, strings.Join(rows, "\n"), table, "write it into docs/security.md:\n%s", strings.Join(rows, "\n"))
}

// A printer that shows a value is found: each shows what a careless type holds, whatever it prints bytes as.
func TestPrintersShowCarelessTypes(t *testing.T) {
	type Careless struct {
		Text  string
		Bytes []byte
	}
	careless := func(secret, token string) (c column) {
		add(&c, Careless{Text: token}, Careless{Text: secret}, Careless{Bytes: []byte(bodyOf(token))})
		return c
	}
	values, others := careless(wiretest.Secret, wiretest.AccessToken).alone, careless(otherSecret, otherToken).alone
	for _, p := range printers {
		want := map[bool]string{false: shown, true: asItIs}[p.encodes]
		if p.name == "zerolog Stringer" {
			want = noCall
		}
		for i, v := range values {
			require.Equal(t, want, p.outcome(v, others[i]), "%s of %v", p.name, v)
		}
		switch p.name {
		case "log/slog, JSON", "zap.Any", "zap.Reflect", "zerolog Any, Interface", "logrus, JSON":
			require.Equal(t, refused, p.outcome(make(chan int), nil), "%s of what JSON cannot encode", p.name)
		}
	}
}
