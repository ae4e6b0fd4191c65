package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

var versionConst = regexp.MustCompile(`(?m)^const Version = "(\d+\.\d+\.\d+)"$`)

// cures say what to do about a problem of each kind.
var cures = map[spec.Kind]string{
	spec.DanglingRef: "define it in " + spec.CompletionFile,
	spec.NoTarget:    "correct the target, or delete the action",
	spec.NoEffect:    "delete the action",
	spec.Duplicate:   "remove one in " + spec.FixesFile,
	spec.BadExample:  "correct it in " + spec.CompletionFile,
	spec.Lost:        "define it in " + spec.CompletionFile + ", or take it out of " + spec.ScopeFile,
	spec.Undeclared:  "declare it in " + spec.FixesFile,
}

// explain adds its cure to each problem of an error.
func explain(err error) {
	problems, _ := errors.AsType[spec.Problems](err)
	for i, p := range problems {
		if cure := cures[p.Kind]; cure != "" {
			problems[i].Text += "; " + cure
		}
	}
}

// page is a report in the making.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// section writes a heading and its lines, if there are any.
func (p *page) section(title string, lines []string) {
	if len(lines) > 0 {
		p.line("\n## %s\n\n%s", title, strings.Join(lines, "\n"))
	}
}

// report builds what is written, writes api/bump.md, and returns it with whether work is left.
func (b *bump) report(ctx context.Context) (text string, left bool, err error) {
	compared, err := spec.NewComparison(b.before, b.bumped.YAML)
	if err != nil {
		return "", false, err
	}
	facts, err := b.facts(ctx)
	if err != nil {
		return "", false, err
	}
	places, err := b.compile(ctx)
	if err != nil {
		return "", false, err
	}
	var out page
	file := b.bumped
	out.line("# Plaid's file %s, after %s\n", file.To, file.From)
	kept := "kept byte for byte"
	if file.Cut {
		kept = fmt.Sprintf("cut to %d bytes: the operations of `%s` and what they need", len(file.Vendored.Data), spec.ScopeFile)
	}
	out.line("- File: %d bytes, sha256 %s; %s.", file.Size, file.SHA256, kept)
	if spec.Older(file.To, file.Facts) {
		out.line("- The file is older, %s < %s: %s kept.", file.To, file.Facts, plural(len(file.Kept), "addition"))
	}
	changes, api := goapi.Changes{}, ""
	if len(places) == 0 {
		if changes, api, err = goapi.Since(ctx, b.root, b.base); err != nil {
			return "", false, err
		}
		source, err := os.ReadFile(b.path("version.go"))
		if err != nil {
			return "", false, err
		}
		version := ""
		if m := versionConst.FindSubmatch(source); m != nil {
			version = string(m[1])
		}
		next, reason := step(version, changes, b.before, file.YAML)
		out.line("- Go API, since %s: %s, %s. Version: %s, %s.", api, plural(len(changes.Breaking), "break"),
			plural(len(changes.Compatible), "addition"), next, reason)
	}
	out.section("No longer compiles", broken(places, compared))
	out.section("To decide", b.decisions())
	out.section("For a Go caller", callers(compared))
	out.section("What the file says oddly", mended(file.Mended))
	out.section("Notes", b.notes(facts))
	var breaks []string
	for _, change := range changes.Breaking {
		breaks = append(breaks, fmt.Sprintf("- Breaking: `%s`.", change))
	}
	out.section("Breaks, for CHANGELOG.md", breaks)
	text = out.String()
	return text, len(places) > 0, os.WriteFile(b.path(reportFile), []byte(text), 0o644)
}

// step is the next version of the module, and why.
func step(recorded string, changes goapi.Changes, before, after []byte) (next, reason string) {
	patch, minor, major := goapi.Next(recorded)
	switch {
	case len(changes.Breaking) > 0 && strings.HasPrefix(recorded, "0."):
		return minor, "programs that compile today break"
	case len(changes.Breaking) > 0:
		return major, "programs that compile today break"
	case len(changes.Compatible) > 0:
		return minor, "it only adds"
	case string(before) != string(after):
		return patch, "texts, limits or examples changed"
	}
	return recorded, "nothing changed"
}

// broken lists what no longer compiles, first the causes with the most places.
func broken(places map[string][]string, compared *spec.Comparison) (lines []string) {
	if len(places) == 0 {
		return nil
	}
	for _, cause := range slices.SortedFunc(maps.Keys(places), func(a, b string) int {
		return cmp.Or(len(places[b])-len(places[a]), strings.Compare(a, b))
	}) {
		symbol, _, _ := strings.Cut(cause, ": ")
		lines = append(lines, fmt.Sprintf("- `%s`: %s: %s.", pointers.ReplaceAllString(cause, "became a pointer"),
			plural(len(places[cause]), "place"), strings.Join(places[cause], ", ")))
		if keep := compared.Keep(symbol); keep != "" {
			lines = append(lines, fmt.Sprintf("\n  Change them, or keep the old type: add to the end of `%s`, and run `make generate`:\n\n```yaml\n%s```", spec.FixesFile, keep))
		}
	}
	return append(lines, "\nModules of their own, such as `examples/quickstart`, are vetted by `make check`. Bump again or run `make check` when it compiles.")
}

var pointers = regexp.MustCompile(`changed from (\S+) to \*(\S+)`)

// decisions are what a person should settle, at leisure: nothing depends on it.
func (b *bump) decisions() (lines []string) {
	if len(b.bumped.Kept) > 0 && !spec.Older(b.bumped.To, b.bumped.Facts) {
		lines = append(lines, fmt.Sprintf("- The file lacks %s. All of it stays; delete from `%s` what Plaid has removed for good.",
			grouped(b.bumped.Kept), spec.CompletionFile))
	}
	if len(b.bumped.Unlisted) > 0 {
		lines = append(lines, fmt.Sprintf("- Of Plaid's Link family, `%s` lacks `%s`.", spec.ScopeFile, strings.Join(b.bumped.Unlisted, "`, `")))
	}
	return lines
}

func (b *bump) notes(facts int) (lines []string) {
	for _, dead := range b.bumped.Dead {
		lines = append(lines, fmt.Sprintf("- Deleted: `%s`: %s.", dead.Place, dead.Text))
	}
	if len(b.bumped.Carried) > 0 {
		lines = append(lines, fmt.Sprintf("- Added to `%s`, as only the old file has it: %s.", spec.CompletionFile, grouped(b.bumped.Carried)))
	}
	if facts > 0 {
		lines = append(lines, fmt.Sprintf("- %s of the table hold no longer; `%s` lists them.", plural(facts, "fact"), acceptedFile))
	}
	return lines
}

// callers lists what differs in the new file, a line a schema.
func callers(compared *spec.Comparison) (lines []string) {
	changes, added := compared.Changes()
	for _, change := range changes {
		lines = append(lines, fmt.Sprintf("- `%s`: %s.", change.Schema, strings.Join(change.What, "; ")))
	}
	if len(added) > 0 {
		lines = append(lines, fmt.Sprintf("- New: `%s`.", strings.Join(added, "`, `")))
	}
	return lines
}

// mended groups what was done by its kind.
func mended(all []spec.Mended) (lines []string) {
	byWhat := map[string][]string{}
	for _, m := range all {
		byWhat[m.What] = append(byWhat[m.What], m.Place)
	}
	for what, places := range byWhat {
		lines = append(lines, fmt.Sprintf("- %s: `%s`.", what, strings.Join(places, "`, `")))
	}
	slices.Sort(lines)
	return lines
}

// grouped puts places of the document in words, those of one schema together.
func grouped(places []string) string {
	byOwner := map[string][]string{}
	var owners []string
	for _, place := range places {
		at := strings.Split(strings.ReplaceAll(place[1:], "~1", "/"), "/")
		owner := strings.ReplaceAll(strings.TrimPrefix(place[1:], "paths/"), "~1", "/")
		if at[0] == "components" {
			owner = at[2]
		}
		if !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
		if at[0] == "components" && len(at) > 3 {
			byOwner[owner] = append(byOwner[owner], at[len(at)-1])
		}
	}
	for i, owner := range owners {
		owners[i] = "`" + owner + "`"
		if parts := byOwner[owner]; len(parts) > 0 {
			owners[i] = "`" + strings.Join(parts, "`, `") + "` of " + owners[i]
		}
	}
	return strings.Join(owners, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
