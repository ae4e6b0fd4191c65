package sandbox

import "github.com/go-json-experiment/json"

// maxInterned is how many values an interned map knows at a time.
const maxInterned = 1000

// interned has values that many records point to, by their JSON form: the requests of one app, and the events of their
// sessions, are equal but for ids and times.
type interned[T any] map[string]*T

// keep returns the value that is known by a form, or this one. Nobody changes it.
func (s interned[T]) keep(form any, value T) *T {
	key, err := json.Marshal(form, json.Deterministic(true))
	if known, ok := s[string(key)]; ok && err == nil {
		return known
	}
	if len(s) >= maxInterned {
		clear(s) // they stay as long as a record has them
	}
	s[string(key)] = &value
	return &value
}
