package main

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
)

// printToken prints what /link/token/get answered, for people to read.
func printToken(out io.Writer, r *gen.LinkTokenGetResponse) error {
	p := newPrinter(out, mask)
	m := r.Metadata
	p.field("link_token", r.LinkToken)
	p.field("created_at", moment(r.CreatedAt))
	p.field("expiration", moment(r.Expiration))
	p.field("client_name", value(m.ClientName))
	p.field("products", join(m.InitialProducts))
	p.field("countries", join(m.CountryCodes))
	p.field("language", value(m.Language))
	p.field("webhook", value(m.Webhook))
	p.field("redirect_uri", value(m.RedirectURI))
	p.field("request_id", r.RequestID)
	if err := p.flush(); err != nil {
		return err
	}
	for _, session := range r.LinkSessions {
		if err := printSession(out, session); err != nil {
			return err
		}
	}
	return nil
}

func printSession(out io.Writer, s gen.LinkTokenGetSessionsResponse) error {
	p := newPrinter(out, mask)
	p.line(0)
	p.line(0, "session "+s.LinkSessionID+"  "+string(stateOfOne(s)))
	if !s.StartedAt.IsZero() {
		p.line(1, "started", s.StartedAt.Format(time.RFC3339))
	}
	if !s.FinishedAt.IsZero() {
		p.line(1, "finished", s.FinishedAt.Format(time.RFC3339))
	}
	if len(s.Events) > 0 {
		p.line(1, "events")
	}
	for _, e := range s.Events {
		m := e.EventMetadata
		p.line(2, e.Timestamp, e.EventName, named(m.InstitutionName, m.InstitutionID), fault(m.ErrorType, m.ErrorCode, m.ErrorMessage))
	}
	if s.Results != nil {
		printResults(p, s.Results)
	}
	if s.Exit != nil {
		printExit(p, s.Exit)
	}
	return p.flush()
}

func printResults(p printer, r *gen.LinkSessionResults) {
	counts := resultCounts(r)
	if len(counts) == 0 {
		return
	}
	p.line(1, "results")
	for _, count := range counts {
		p.line(2, count)
	}
	for _, item := range r.ItemAddResults {
		institution := "no institution"
		if item.Institution != nil {
			institution = named(item.Institution.Name, item.Institution.InstitutionID)
		}
		p.line(2, institution, "public_token "+item.PublicToken)
		for _, a := range item.Accounts {
			p.line(3, a.Name, a.Type+"/"+a.Subtype, strings.TrimSuffix("mask "+a.Mask, "mask "), a.ID)
		}
	}
}

// resultCounts says how many results there are of each kind that has any.
func resultCounts(r *gen.LinkSessionResults) (counts []string) {
	count := func(name string, n int) {
		if n > 0 {
			counts = append(counts, name+" "+strconv.Itoa(n))
		}
	}
	count("item_add_results", len(r.ItemAddResults))
	count("bank_income_results", len(r.BankIncomeResults))
	count("payroll_income_results", len(r.PayrollIncomeResults))
	if r.DocumentIncomeResults != nil {
		count("document_income_results", 1)
	}
	count("other results", len(r.ExtraFields))
	return counts
}

func printExit(p printer, exit *gen.LinkSessionExit) {
	status, institution, failure := "", "", ""
	if m := exit.Metadata; m != nil {
		status = string(m.Status)
		if m.Institution != nil {
			institution = named(m.Institution.Name, m.Institution.InstitutionID)
		}
	}
	if e := exit.Error; e != nil {
		failure = fault(string(e.ErrorType), e.ErrorCode, e.ErrorMessage)
	}
	p.line(1, "exit", status, institution, failure)
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

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func join[T ~string](list []T) string {
	var texts []string
	for _, s := range list {
		texts = append(texts, string(s))
	}
	return strings.Join(texts, ", ")
}
