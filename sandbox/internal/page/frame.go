package page

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
)

// Where a page in a frame expects FrameScript and FrameStylesheet.
const (
	FrameScriptPath     = "/link/web/frame.js"
	FrameStylesheetPath = "/link/web/frame.css"
)

var (
	//go:embed link.js
	script []byte
	//go:embed frame.js
	frameScript []byte
	//go:embed frame.css
	frameStylesheet []byte
)

// Script returns the JavaScript that an application loads, which defines window.Plaid. It talks to the sandbox at an origin,
// such as http://127.0.0.1:8080, and to nobody else.
func Script(origin string) []byte {
	quoted, _ := json.Marshal(origin) // also right for JavaScript: < and > and line separators are escaped
	return bytes.Replace(script, []byte("'{{origin}}'"), quoted, 1)
}

// FrameScript returns the JavaScript of a page in a frame: it sends forms without leaving the page, and reports to the page
// around the frame.
func FrameScript() []byte { return bytes.Clone(frameScript) }

// FrameStylesheet returns the CSS that a page in a frame has beside Stylesheet.
func FrameStylesheet() []byte { return bytes.Clone(frameStylesheet) }

// Framed adds the script and the stylesheet of a frame to a page that Render returned, with a report in JSON for the script.
func Framed(html, report []byte) []byte {
	added := `<link rel="stylesheet" href="` + FrameStylesheetPath + `"/>` + "\n" + `<script defer="defer" src="` + FrameScriptPath +
		`" data-report="` + template.HTMLEscapeString(string(report)) + `"></script>` + "\n</head>"
	return bytes.Replace(html, []byte("</head>"), []byte(added), 1)
}

// FramedPolicy is the Content-Security-Policy of a page in a frame, which the pages of one origin may show. Without an origin
// nobody may.
func FramedPolicy(origin string) string {
	if origin == "" {
		origin = "'none'"
	}
	return "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors " + origin
}
