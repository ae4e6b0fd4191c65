package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

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
		problems = append(problems, match(all, name, want, left))
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
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		problems = append(problems, fmt.Errorf("-retry: %s is not one of the operations that -ops asks for", id))
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

// match wants the operation of a name, or those of a pattern but for what plaidlink has and what cannot be generated: left has why.
func match(all []spec.FileOperation, name string, want map[string]bool, left map[string]string) error {
	isPattern, matched, found := strings.ContainsAny(name, "*?["), "", false
	for _, op := range all {
		ok, err := path.Match(name, op.ID)
		if err != nil {
			return fmt.Errorf("%.100q is not a pattern: expected one such as 'transactions*'", name)
		}
		if !ok {
			continue
		}
		matched = op.ID
		switch {
		case op.Unfit != "" && !isPattern:
			return fmt.Errorf("%s cannot be generated, %s; Client.Post calls any path by POST, and reads a body as it is into a *[]byte", name, op.Unfit)
		case op.Unfit != "":
			left[op.ID] = op.Unfit
		case isPattern && named(op.Path) != nil:
			left[op.ID] = "plaidlink has it; name it in full to take it"
		default:
			want[op.ID], found = true, true
		}
	}
	switch {
	case found:
		return nil
	case matched != "":
		return fmt.Errorf("%.100q leaves nothing to generate: %s is left out, %s", name, matched, left[matched])
	case isPattern:
		return fmt.Errorf("%.100q matches no operation of the file", name)
	}
	text := fmt.Sprintf("%.100q is not an operation of the file", name)
	if near := nearest(all, name); len(near) > 0 {
		text += "; near: " + strings.Join(near, ", ")
	}
	return errors.New(text)
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
func nearest(all []spec.FileOperation, name string) []string {
	if len(name) > 100 {
		return nil
	}
	distances := map[string]int{}
	for _, op := range all {
		a, b := spec.SameName(name), spec.SameName(op.ID)
		d := distance(a, b)
		if strings.Contains(b, a) && len(name) > 3 {
			d = min(d, 2)
		}
		if d <= max(2, len(name)/4) {
			distances[op.ID] = d
		}
	}
	near := slices.SortedFunc(maps.Keys(distances), func(a, b string) int {
		return cmp.Or(distances[a]-distances[b], strings.Compare(a, b))
	})
	return near[:min(3, len(near))]
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
