package spec

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// commentWidth is the number of columns that a line of a comment has at most, unless a single word is longer.
const commentWidth = 96

var (
	bulletMark  = regexp.MustCompile(`^\s*([-*+]|\d+[.)])\s+`)
	startsBlock = regexp.MustCompile(`^([-*+#]+|\d+[.)])$`) // what would begin something else at the start of a line
	link        = regexp.MustCompile(`\[([^\[\]]+)\]\(([^()\s]+)\)`)
	escaped     = regexp.MustCompile(`\\([[:punct:]])`)
	tag         = regexp.MustCompile(`</?[a-z]+ ?/?>`)
	autolink    = regexp.MustCompile(`<(https?://[^>\s]+)>`)
	emphasis    = regexp.MustCompile(`(^|[\s("'])[*_]([^*_\s](?:[^*_]*[^*_\s])?)[*_]($|[\s)"',.:;!?])`)
	deprecated  = regexp.MustCompile(`^(?i:deprecated[.,:;]|\(deprecated\)) +`)
)

// deprecatedMark begins the paragraph that Go tools know.
const deprecatedMark = "Deprecated: "

// block is a paragraph, or an item of a list.
type block struct{ mark, text string }

// comment returns a description, which is CommonMark, as the lines of a Go comment: paragraphs and lists, without the
// marks of code and emphasis. Links show their addresses. It does not know tables, headings and fenced code blocks.
func comment(description string) string {
	var out strings.Builder
	for i, b := range blocks(description) {
		first, rest := "// ", "// "
		switch {
		case b.mark != "" && strings.ContainsAny(b.mark, "-*+"):
			first, rest = "//   - ", "//     "
		case b.mark != "":
			first, rest = "//  "+strings.TrimRight(b.mark, ".)")+". ", "//     "
		}
		if i > 0 {
			out.WriteString("\n")
			if b.mark == "" {
				out.WriteString("//\n")
			}
		}
		wrap(&out, b.text, first, rest)
	}
	return out.String()
}

// blocks are the parts of a description, as plain text.
func blocks(description string) (all []block) {
	open := false // whether a line continues the last block
	for line := range strings.Lines(description) {
		line = strings.TrimSpace(line)
		mark := bulletMark.FindString(line)
		switch {
		case line == "":
			open = false
		case mark == "" && open:
			all[len(all)-1].text += " " + line
		default:
			all, open = append(all, block{strings.TrimSpace(mark), line[len(mark):]}), true
		}
	}
	for i, b := range all {
		text := strings.TrimSpace(deprecated.ReplaceAllString(plainText(b.text), deprecatedMark))
		if b.mark == "" && text != "" && !strings.ContainsAny(text[len(text)-1:], ".:;!?") {
			text += "."
		}
		all[i].text = text
	}
	return slices.DeleteFunc(all, func(b block) bool { return b.text == "" })
}

// plainText is text without the marks of CommonMark. Code between backticks stays as it is.
func plainText(text string) string {
	text = link.ReplaceAllStringFunc(text, func(found string) string {
		parts := link.FindStringSubmatch(found)
		if words, to := parts[1], parts[2]; strings.HasPrefix(to, "http") && !strings.HasPrefix(strings.Trim(words, "`"), "http") {
			return words + " (" + to + ")"
		}
		return parts[1]
	})
	parts := strings.Split(text, "`")
	for i := 0; i < len(parts); i += 2 {
		part := autolink.ReplaceAllString(parts[i], "$1")
		part = strings.ReplaceAll(tag.ReplaceAllString(part, ""), "**", "")
		parts[i] = escaped.ReplaceAllString(emphasis.ReplaceAllString(part, "$1$2$3"), "$1")
	}
	text = strings.Join(parts, "")
	return strings.ReplaceAll(text, "''", `""`) // which gofmt would make one quotation mark
}

// wrap writes words in lines that begin with first and then with rest.
func wrap(out *strings.Builder, text, first, rest string) {
	width := 0
	for i, word := range strings.Fields(text) {
		long := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			out.WriteString(first)
			width = len(first)
		case width+1+long > commentWidth && !startsBlock.MatchString(word):
			out.WriteString("\n" + rest)
			width = len(rest)
		default:
			out.WriteString(" ")
			width++
		}
		out.WriteString(word)
		width += long
	}
}
