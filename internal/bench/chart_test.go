package bench

import (
	"fmt"
	"math"
	"strings"
)

// charted are the rows of the chart, by benchmark and unit.
var charted = map[string]string{
	"Build/cold/client=%s sec/op":                    "cold build",
	"Build/cold/client=%s peak-B":                    "memory of a build",
	"Memory/op=get/client=%s sec/op":                 "/link/token/get, 26 kB",
	"Memory/op=get/client=%s allocs/op":              "– allocations",
	"Memory/op=create/client=%s sec/op":              "/link/token/create",
	"Memory/op=create/client=%s allocs/op":           "– allocations",
	"Load/protocol=h1/callers=32/client=%s p50-sec":  "p50 with 32 callers, HTTP/1.1",
	"Load/protocol=h1/callers=32/client=%s conns/op": "– new connections per call",
	"Load/protocol=h2/callers=512/client=%s p50-sec": "p50 with 512 callers, HTTP/2",
}

var colors = map[string]string{"floor": "#8c959f", "plaidlink": "#1a7f37", "plaid-go": "#cf222e"}

// chart draws the results as SVG: a bar shows the figure of a client relative to that of the floor, on a logarithmic scale.
func chart(of results) string {
	const left, width, bar = 230, 470, 12
	var body strings.Builder
	y := 40
	low, high := -2.0, 2.0 // powers of ten
	at := func(ratio float64) float64 {
		return left + width*(min(max(math.Log10(ratio), low), high)-low)/(high-low)
	}
	for _, s := range sections {
		for _, r := range s.rows {
			label, ok := charted[r.bench+" "+r.unit]
			floor := of.value(r, "floor")
			if !ok || floor == nil || *floor == 0 {
				continue
			}
			fmt.Fprintf(&body, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", left-10, y+2*bar, label)
			for _, name := range names {
				v := of.value(r, name)
				if v == nil || *v == 0 {
					continue
				}
				from, to := at(1), at(*v / *floor)
				fmt.Fprintf(&body, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d">%s</text>`+"\n",
					min(from, to), y, max(1.5, math.Abs(to-from)), bar-2, colors[name], max(from, to)+5, y+bar-2, cell(of, r, name, floor))
				y += bar
			}
			y += 10
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">`+"\n", left+width+140, y+10)
	fmt.Fprintf(&out, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	for i, name := range names {
		fmt.Fprintf(&out, `<rect x="%d" y="10" width="10" height="10" fill="%s"/><text x="%d" y="19">%s</text>`+"\n", left+110*i, colors[name], left+110*i+15, name)
	}
	fmt.Fprintf(&out, `<line x1="%.1f" y1="30" x2="%.1f" y2="%d" stroke="#57606a"/>`+"\n", at(1), at(1), y)
	return out.String() + body.String() + "</svg>\n"
}
