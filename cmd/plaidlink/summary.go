package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
)

// printToken prints the response of /link/token/get, for people to read.
func (p *program) printToken(r *gen.LinkTokenGetResponse) error {
	t, m := newTable(p.stdout, p.mask), r.Metadata
	t.fields(0, "link_token", r.LinkToken, "created_at", stamp(value(r.CreatedAt)), "expiration", stamp(value(r.Expiration)),
		"client_name", value(m.ClientName), "products", join(m.InitialProducts), "countries", join(m.CountryCodes),
		"language", value(m.Language), "webhook", value(m.Webhook), "redirect_uri", value(m.RedirectURI), "request_id", r.RequestID)
	for _, session := range r.LinkSessions {
		t.session(session)
	}
	return t.Flush()
}

func (t table) session(s gen.LinkTokenGetSessionsResponse) {
	t.line(0)
	t.line(0, "session "+s.LinkSessionID+"  "+string(stateOfOne(s)))
	t.fields(1, "started", stamp(s.StartedAt), "finished", stamp(s.FinishedAt))
	if len(s.Events) > 0 {
		t.line(1, "events")
	}
	for _, e := range s.Events {
		m := e.EventMetadata
		t.line(2, e.Timestamp, e.EventName, named(m.InstitutionName, m.InstitutionID), fault(m.ErrorType, m.ErrorCode, m.ErrorMessage))
	}
	t.results(value(s.Results))
	if s.Exit != nil {
		m, e := value(s.Exit.Metadata), value(s.Exit.Error)
		bank := value(m.Institution)
		t.line(1, "exit", string(m.Status), named(bank.Name, bank.InstitutionID), fault(string(e.ErrorType), e.ErrorCode, e.ErrorMessage))
	}
}

func (t table) results(r gen.LinkSessionResults) {
	counts := resultCounts(r)
	if len(counts) == 0 {
		return
	}
	t.line(1, "results")
	for _, count := range counts {
		t.line(2, count)
	}
	for _, item := range r.ItemAddResults {
		bank := value(item.Institution)
		t.line(2, cmp.Or(named(bank.Name, bank.InstitutionID), "no institution"), "public_token "+item.PublicToken)
		for _, a := range item.Accounts {
			t.line(3, a.Name, a.Type+"/"+a.Subtype, strings.TrimSuffix("mask "+a.Mask, "mask "), a.ID)
		}
	}
}

// resultCounts counts the results of each kind that has any.
func resultCounts(r gen.LinkSessionResults) (counts []string) {
	count := func(name string, n int) {
		if n > 0 {
			counts = append(counts, name+" "+strconv.Itoa(n))
		}
	}
	count("item_add_results", len(r.ItemAddResults))
	count("bank_income_results", len(r.BankIncomeResults))
	count("payroll_income_results", len(r.PayrollIncomeResults))
	count("cra_item_add_results", len(r.CRAItemAddResults))
	count("cra_update_results", len(r.CRAUpdateResults))
	if r.DocumentIncomeResults != nil {
		count("document_income_results", 1)
	}
	if r.CRADocumentUploadResults != nil {
		count("cra_document_upload_results", 1)
	}
	count("other results", len(r.ExtraFields))
	return counts
}

// named is a name with an id behind it.
func named(name, id string) string {
	if name == "" || id == "" {
		return name + id
	}
	return name + " (" + id + ")"
}

// fault is an error of Plaid's, or empty.
func fault(errorType, code, message string) string {
	if errorType == "" && code == "" {
		return ""
	}
	return strings.TrimSuffix(errorType+"/"+code+": "+message, ": ")
}

// stamp is a time, or empty if there is none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// value is what p points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func join[T any](list []T) string {
	var texts []string
	for _, one := range list {
		texts = append(texts, fmt.Sprint(one))
	}
	return strings.Join(texts, ", ")
}
