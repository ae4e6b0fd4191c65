package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

const asked = "You seem to have connected this bank already"

func TestSameBank(t *testing.T) {
	checking, savings := account{Name: "Checking", Mask: "0000"}, account{Name: "Savings", Mask: "1111"}
	first := bank{ID: "ins_1", Accounts: []account{checking}}
	for name, c := range map[string]struct {
		other bank
		same  bool
	}{
		"the same account":               {bank{ID: "ins_1", Accounts: []account{savings, checking}}, true},
		"another bank":                   {bank{ID: "ins_2", Accounts: []account{checking}}, false},
		"another login: other accounts":  {bank{ID: "ins_1", Accounts: []account{savings}}, false},
		"the same name, another mask":    {bank{ID: "ins_1", Accounts: []account{{Name: "Checking", Mask: "1"}}}, false},
		"another name, the same mask":    {bank{ID: "ins_1", Accounts: []account{{Name: "Joint", Mask: "0000"}}}, false},
		"a name that is not known":       {bank{ID: "ins_1", Accounts: []account{{Mask: "0000"}}}, true},
		"a mask that is not known":       {bank{ID: "ins_1", Accounts: []account{{Name: "Checking"}}}, true},
		"accounts that are not known":    {bank{ID: "ins_1"}, true},
		"a bank that is not known":       {bank{Accounts: []account{checking}}, false},
		"the balance is not looked at":   {bank{ID: "ins_1", Accounts: []account{{"Checking", "0000", "7"}}}, true},
		"the bank has another name":      {bank{ID: "ins_1", Name: "x", Accounts: []account{checking}}, true},
		"neither bank is known, nothing": {bank{}, false},
	} {
		require.Equal(t, c.same, same(first, c.other), name)
		require.Equal(t, c.same, same(c.other, first), name)
	}
	require.False(t, same(bank{}, bank{}), "no bank is known")
}

// again connects the bank that is connected, up to the question.
func (v *visitor) again(news func(back string)) (back string) {
	v.q.t.Helper()
	exchanges := v.q.exchanges()
	linkToken, back := v.begin("/links")
	require.NoError(v.q.t, failure(v.q.plaid.FinishLink(linkToken, sandbox.Success())))
	news(back)
	require.Contains(v.q.t, v.page(), asked)
	require.Contains(v.q.t, v.page(), "First Platypus Bank</bdi>, <bdi>Plaid Checking</bdi> ••0000")
	require.NotContains(v.q.t, v.page(), "http-equiv", "the page waits for the user")
	require.Equal(v.q.t, exchanges, v.q.exchanges(), "nothing is exchanged before")
	return back
}

// A bank that is connected already is noticed before the exchange, however the news arrives, and nothing happens until the
// user decides.
func TestSameBankTwice(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		shows  string
		banks  int
	}{
		"the user keeps the one": {"decline", "Nothing was connected a second time.", 1},
		"the user wants both":    {"connect", "Your bank is connected.", 2},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			v.connect()
			for _, news := range []func(string){
				func(back string) { require.Contains(t, v.comeBack(back), asked) },
				func(string) { q.webhooks(); q.settle() },
			} {
				back := v.again(news)
				q.restart()
				q.webhooks() // late, and again
				q.settle()
				require.Contains(t, v.page(), asked, "after a restart too")
				_, to, _ := v.do(http.MethodPost, strings.Replace(back, "done", c.answer, 1), nil)
				_, _, page := v.do(http.MethodGet, to, nil)
				require.Contains(t, page, c.shows)
				v.do(http.MethodPost, strings.Replace(back, "done", "connect", 1), nil)
				v.do(http.MethodPost, strings.Replace(back, "done", "decline", 1), nil)
				q.webhooks()
				q.settle()
				require.NotContains(t, v.page(), asked, "it is decided once")
			}
			require.Len(t, v.banks(), 1+2*(c.banks-1))
			require.Equal(t, 1+2*(c.banks-1), q.exchanges())
			require.NotContains(t, q.logs.String(), "level=ERROR")
		})
	}
}

// An Item that needs a new login is known by what it showed before; for one that has ended, nobody is asked.
func TestSameBankAfterALoss(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.RequireLogin(item))
	q.webhooks()
	v.again(func(back string) { v.comeBack(back) })
	require.Contains(t, v.page(), "sign in again there instead")

	require.NoError(t, q.plaid.RevokeAtPlaid(item))
	q.webhooks()
	linkToken, back := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.Contains(t, v.comeBack(back), "Your bank is connected.")
}

// Another user's bank does not count as a duplicate, and nobody learns of it.
func TestSameBankOfAnotherUser(t *testing.T) {
	q := newQuickstart(t)
	q.visitor("Ada").connect()
	q.visitor("Bob").connect()
	require.Equal(t, 2, q.exchanges())
}

// Where Plaid does not respond with what the bank is, the exchange waits; the public token is not lost.
func TestBankIsNotKnownYet(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, back := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	fault := sandbox.PlaidError(400, "API_ERROR", "X", "")
	require.NoError(t, q.plaid.Fail("linkTokenGet", fault, fault, fault, fault))
	q.webhooks()
	until(t, func() bool { q.settle(); return q.requests("linkTokenGet") >= 4 }, "it is asked")
	q.settle()
	require.Contains(t, v.comeBack(back), "Your bank is connected.")
	require.Equal(t, 1, q.exchanges())
}

// A question stays while the user does something else.
func TestQuestionBesideANotice(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	v.again(func(back string) { v.comeBack(back) })
	v.do(http.MethodPost, "/items/"+item+"/replace", nil)
	page := v.page()
	require.Contains(t, page, rotated)
	require.Contains(t, page, asked)
	require.Equal(t, 1, strings.Count(page, "primary"))
}

// The question can come too late: a public token lives for 30 minutes.
func TestDecidedTooLate(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	v.connect()
	back := v.again(func(back string) { v.comeBack(back) })
	q.plaid.Advance(time.Hour)
	_, to, _ := v.do(http.MethodPost, strings.Replace(back, "done", "connect", 1), nil)
	_, _, page := v.do(http.MethodGet, to, nil)
	require.Contains(t, page, "Please connect it once more")
	require.Len(t, v.banks(), 1)
}
