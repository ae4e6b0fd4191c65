package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/wire"
)

// named returns the operation of plaidlink's that a path has, or nil.
func named(path string) *wire.Operation {
	for _, op := range gen.Operations() {
		if op.Path == path {
			return &op
		}
	}
	return nil
}

// choose returns the operations that names and patterns stand for, in the order of their names, with their retry rules, and a
// note for each that patterns leave out. The error names everything that is wrong.
func choose(all []spec.FileOperation, ops, retry string) (chosen []spec.FileOperation, notes []string, err error) {
	want, left, problems := map[string]bool{}, map[string]string{}, []error{}
	for _, name := range split(ops) {
		if strings.ContainsAny(name, "*?[") {
			err = pattern(all, name, want, left)
		} else {
			err = exact(all, name, want)
		}
		problems = append(problems, err)
	}
	rules, err := parseRules(retry)
	problems = append(problems, err)
	for _, op := range all {
		if !want[op.ID] {
			if why := left[op.ID]; why != "" {
				notes = append(notes, op.ID+" is left out, "+why)
			}
			continue
		}
		known, rule := named(op.Path), rules[op.ID]
		delete(rules, op.ID)
		switch {
		case known != nil && rule != "":
			problems = append(problems, fmt.Errorf("-retry: %s: plaidlink has a rule for it, which stays", op.ID))
		case known != nil && known.Retry == wire.RetryAlways:
			rule = "always"
		case known != nil:
			rule = "never"
		case rule == "":
			rule = op.Retry
		}
		op.Retry = rule
		chosen = append(chosen, op)
	}
	for _, id := range split(retry) {
		if id, _, _ = strings.Cut(id, "="); rules[id] != "" {
			problems = append(problems, fmt.Errorf("-retry: %s is not one of the operations that -ops asks for", id))
		}
	}
	return chosen, notes, errors.Join(problems...)
}

func split(list string) (parts []string) {
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// exact wants one operation.
func exact(all []spec.FileOperation, name string, want map[string]bool) error {
	at := slices.IndexFunc(all, func(op spec.FileOperation) bool { return op.ID == name })
	if at < 0 {
		text := fmt.Sprintf("%.100q is not an operation of the file", name)
		if near := nearest(all, name); len(near) > 0 {
			text += "; near: " + strings.Join(near, ", ")
		}
		return errors.New(text)
	}
	if why := all[at].Unfit; why != "" {
		return fmt.Errorf("%s cannot be generated, %s; Client.Post calls any path by POST, and reads a body as it is into a *[]byte", name, why)
	}
	want[name] = true
	return nil
}

// pattern wants the operations that match, but for those that plaidlink has and those that cannot be generated: left has why.
func pattern(all []spec.FileOperation, name string, want map[string]bool, left map[string]string) error {
	if _, err := path.Match(name, ""); err != nil {
		return fmt.Errorf("%.100q is not a pattern: expected one such as 'transactions*'", name)
	}
	matched, found := "", false
	for _, op := range all {
		if ok, _ := path.Match(name, op.ID); !ok {
			continue
		}
		matched = op.ID
		switch {
		case op.Unfit != "":
			left[op.ID] = op.Unfit
		case named(op.Path) != nil:
			left[op.ID] = "plaidlink has it; name it in full to take it"
		default:
			want[op.ID], found = true, true
		}
	}
	switch {
	case matched == "":
		return fmt.Errorf("%.100q matches no operation of the file", name)
	case !found:
		return fmt.Errorf("%.100q leaves nothing to generate: %s is left out, %s", name, matched, left[matched])
	}
	return nil
}

// parseRules returns the rules of -retry, by operationId.
func parseRules(list string) (map[string]string, error) {
	rules, problems := map[string]string{}, []error{}
	for _, part := range split(list) {
		id, rule, _ := strings.Cut(part, "=")
		if rule != "always" && rule != "never" {
			problems = append(problems, fmt.Errorf("-retry: %.100q: expected an operationId with =always or =never", part))
			continue
		}
		rules[id] = rule
	}
	return rules, errors.Join(problems...)
}

// nearest returns up to three names that a wrong one may be meant for: the same in another form, such as a path, then those
// that differ in few letters, then longer ones.
func nearest(all []spec.FileOperation, name string) (near []string) {
	if len(name) > 100 {
		return nil
	}
	type candidate struct {
		name     string
		distance int
	}
	var candidates []candidate
	for _, op := range all {
		d := distance(letters(name), letters(op.ID))
		if strings.Contains(letters(op.ID), letters(name)) && len(name) > 3 {
			d = min(d, 2)
		}
		if d <= max(2, len(name)/4) {
			candidates = append(candidates, candidate{op.ID, d})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return a.distance - b.distance })
	for _, c := range candidates[:min(3, len(candidates))] {
		near = append(near, c.name)
	}
	return near
}

// letters is a name in lower case, without what is neither a letter nor a digit.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// distance is the number of letters to insert, delete or replace between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
