package sandbox

// maxInterned is how many values an interned map knows at a time.
const maxInterned = 1000

// interned has values that many records point to, by a text that decides what they are: the requests of one app, and the events
// of their sessions, are equal but for ids and times.
type interned[T any] map[string]*T

// keep returns the value that is known by a text, or makes it. Nobody changes it.
func (s interned[T]) keep(text string, make func() *T) *T {
	if known, ok := s[text]; ok {
		return known
	}
	if len(s) >= maxInterned {
		clear(s) // they stay as long as a record has them
	}
	s[text] = make()
	return s[text]
}
