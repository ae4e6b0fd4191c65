package bench

// row is a line of the table: one measure of every client.
type row struct {
	label string
	bench string // its name in the results, where %s stands for the client
	unit  string
	goal  goal
	why   string // the goal is missed, if it is
}

// goal bounds the figure of this module: at most limit, or at most limit times that of another client. The zero value sets no
// goal.
type goal struct {
	set   bool
	of    string // a client
	limit float64
}

func times(limit float64) goal      { return goal{true, "floor", limit} }
func ofOfficial(limit float64) goal { return goal{true, "plaid-go", limit} }
func atMost(limit float64) goal     { return goal{true, "", limit} }

// met reports whether a figure meets the goal, where other is that of the client to compare with.
func (g goal) met(v, other float64) bool {
	if g.of != "" {
		v /= other
	}
	return v <= g.limit
}

type section struct {
	title string
	rows  []row
}

const (
	byReflection  = "the codec looks at each of the 40 fields of the request by reflection; a second, generated encoder would avoid that, and save 1 to 2 µs of a call over a network"
	sharedMachine = "other programs ran on the machine at the same time; compare the CPU time, or run again"
	moreTypes     = "the goal is that of the first version, which had half the types"
	encodeShare   = "most of the difference is the encoding, see below; the rest is the time limit and the trace of the connection"
)

// sections are the sections of the table.
var sections = []section{
	{"Build and dependencies", []row{
		{"cold build, standard library cached", "Build/cold/client=%s", "sec/op", atMost(3), moreTypes},
		{"– CPU time", "Build/cold/client=%s", "cpu-sec/op", atMost(4), moreTypes},
		{"– memory of the largest process", "Build/cold/client=%s", "peak-B", atMost(200e6), ""},
		{"rebuild after an edit of main.go", "Build/edit/client=%s", "sec/op", times(1.2), moreTypes},
		{"go vet, first", "Build/vet/client=%s", "sec/op", goal{}, ""},
		{"go vet after an edit of main.go", "Build/vet-edit/client=%s", "sec/op", goal{}, ""},
		{"modules linked", "Modules/client=%s", "linked", atMost(6), ""},
		{"modules listed by go list -m all", "Modules/client=%s", "listed", atMost(60), ""},
		{"lines of go.sum", "Modules/client=%s", "go.sum-lines", goal{}, ""},
		{"modules downloaded by go build", "Modules/client=%s", "downloaded", goal{}, ""},
		{"– for the generator", "Modules/client=%s", "generator", atMost(0), "the importer downloads it"},
		{"size of a minimal program", "Program/size/client=%s", "B", goal{}, ""},
		{"its start and exit", "Program/start/client=%s", "sec/op", goal{}, ""},
		{"– memory", "Program/memory/client=%s", "B", goal{}, ""},
	}},
	{"A program with a package of plaidgen's, beside plaid-go, which has all operations", []row{
		{"ten operations: build, with the standard library and this module cached", "Build/ops=ten/client=%s", "sec/op", goal{}, ""},
		{"– CPU time", "Build/ops=ten/client=%s", "cpu-sec/op", ofOfficial(1. / 20), sharedMachine},
		{"– memory of the largest process", "Build/ops=ten/client=%s", "peak-B", ofOfficial(1. / 8), ""},
		{"all operations: build", "Build/ops=all/client=%s", "sec/op", goal{}, ""},
		{"– CPU time", "Build/ops=all/client=%s", "cpu-sec/op", ofOfficial(1. / 2), sharedMachine},
		{"– memory of the largest process", "Build/ops=all/client=%s", "peak-B", ofOfficial(1. / 2), ""},
		{"generating ten operations", "Generate/ops=ten", "sec/op", goal{}, ""},
		{"– memory", "Generate/ops=ten", "peak-B", goal{}, ""},
		{"generating all operations", "Generate/ops=all", "sec/op", atMost(20), sharedMachine},
		{"– memory", "Generate/ops=all", "peak-B", atMost(400e6), ""},
	}},
	{"A call, with a response from memory", []row{
		{"/link/token/get, 26 kB with 60 events", "Memory/op=get/client=%s", "sec/op", times(0.6), ""},
		{"– allocations", "Memory/op=get/client=%s", "allocs/op", times(1), ""},
		{"– memory", "Memory/op=get/client=%s", "B/op", atMost(80e3), ""},
		{"decoding only that response", "Memory/op=decode/client=%s", "sec/op", times(0.5), sharedMachine},
		{"– allocations", "Memory/op=decode/client=%s", "allocs/op", goal{}, ""},
		{"/link/token/create", "Memory/op=create/client=%s", "sec/op", times(1), encodeShare},
		{"– allocations", "Memory/op=create/client=%s", "allocs/op", times(1.1), ""},
		{"encoding only its request", "Memory/op=encode/client=%s", "sec/op", times(1.5), byReflection},
		{"– allocations", "Memory/op=encode/client=%s", "allocs/op", goal{}, ""},
	}},
	{"A response that grows", []row{
		{"/link/token/get with 1 session", "Growth/sessions=1/client=%s", "sec/op", goal{}, ""},
		{"– with 10", "Growth/sessions=10/client=%s", "sec/op", goal{}, ""},
		{"– with 100", "Growth/sessions=100/client=%s", "sec/op", goal{}, ""},
		{"– with 1,000", "Growth/sessions=1000/client=%s", "sec/op", goal{}, ""},
		{"– memory with 1", "Growth/sessions=1/client=%s", "B/op", goal{}, ""},
		{"– memory with 1,000", "Growth/sessions=1000/client=%s", "B/op", goal{}, ""},
	}},
	{"Under load, over TLS on loopback, default clients, HTTP/1.1", loadRows("h1", atMost(0.003))},
	{"The same with HTTP/2", loadRows("h2", goal{})},
	{"Around a call", []row{
		{"linkTokenCreate by the generated client and net/http, without decoding", "Layers/layers=generated", "sec/op", goal{}, ""},
		{"– allocations", "Layers/layers=generated", "allocs/op", goal{}, ""},
		{"the whole call: credentials, limits, retries, decoding", "Layers/layers=whole", "sec/op", goal{}, ""},
		{"– allocations", "Layers/layers=whole", "allocs/op", goal{}, ""},
		{"contract mode off, /link/token/get of 26 kB", "Call/linkTokenGet-26kB/contract=off", "sec/op", goal{}, ""},
		{"contract mode on", "Call/linkTokenGet-26kB/contract=on", "sec/op", goal{}, ""},
		{"a webhook with a known key", "Verify/good", "sec/op", goal{}, ""},
		{"a forged webhook, refused", "Verify/forged", "sec/op", goal{}, ""},
		{"calls per second to the sandbox, one caller", "Sandbox", "calls/s", goal{}, ""},
		{"composing the vendored specification", "Generate/compose/file=vendored", "sec/op", goal{}, ""},
		{"– memory", "Generate/compose/file=vendored", "peak-B", goal{}, ""},
		{"composing from a file of 3 MB", "Generate/compose/file=3MB", "sec/op", goal{}, ""},
		{"– memory", "Generate/compose/file=3MB", "peak-B", goal{}, ""},
		{"generating the code", "Generate/code/file=vendored", "sec/op", goal{}, ""},
		{"– memory", "Generate/code/file=vendored", "peak-B", goal{}, ""},
	}},
}

func loadRows(protocol string, conns goal) []row {
	var rows []row
	for _, callers := range []string{"1", "32", "64", "512"} {
		bench := "Load/protocol=" + protocol + "/callers=" + callers + "/client=%s"
		rows = append(rows,
			row{"calls per second, callers: " + callers, bench, "calls/s", goal{}, ""},
			row{"– p50", bench, "p50-sec", goal{}, ""},
			row{"– p99", bench, "p99-sec", goal{}, ""},
			row{"– new connections per call", bench, "conns/op", connections(callers, conns), "a call that finds no idle connection dials, so up to twice as many as callers are opened at the start, and none later"},
			row{"– allocations", bench, "allocs/op", goal{}, ""})
	}
	return rows
}

// connections is the goal for new connections, which is set for 32 callers only.
func connections(callers string, g goal) goal {
	if callers == "32" {
		return g
	}
	return goal{}
}
