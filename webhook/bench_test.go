package webhook_test

import (
	"testing"
)

// A webhook with a known key, decoded; and one that is refused before the signature is looked at.
func BenchmarkVerify(b *testing.B) {
	p, v := start(b)
	good, forged := p.deliver(b, body, nil), p.deliver(b, body+" ", nil)
	for name, header := range map[string]map[string][]string{"good": good, "forged": forged} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Verify(b.Context(), header, []byte(body)); (err == nil) != (name == "good") {
					b.Fatal(err)
				}
			}
		})
	}
}
