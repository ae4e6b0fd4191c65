package sandbox

// fewest is how many values a shelf takes at least before it looks for stale ones.
const fewest = 1024

// shelf keeps values by key and does not grow without end: stale values go now and then, the oldest when it is full.
type shelf[V any] struct {
	max     int
	stale   func(V) bool // nil where nothing ever is
	onEvict func(V)      // called with each value that went by itself, after it went; may be nil

	values    map[string]V
	order     []string // keys as they were put, oldest first; some may be gone
	untilLook int      // puts until stale values are looked for
}

func newShelf[V any](max int, stale func(V) bool, onEvict func(V)) *shelf[V] {
	return &shelf[V]{max: max, stale: stale, onEvict: onEvict, values: map[string]V{}, untilLook: fewest}
}

func (s *shelf[V]) get(key string) (V, bool) {
	value, ok := s.values[key]
	return value, ok
}

func (s *shelf[V]) put(key string, value V) {
	if s.untilLook--; s.untilLook < 0 {
		s.sweep()
	}
	if _, known := s.values[key]; !known {
		for len(s.values) >= s.max {
			oldest := s.order[0]
			s.order = s.order[1:]
			s.evict(oldest)
		}
		s.order = append(s.order, key)
	}
	s.values[key] = value
}

// evict lets a value go, where it is there.
func (s *shelf[V]) evict(key string) {
	value, ok := s.values[key]
	delete(s.values, key)
	if ok && s.onEvict != nil {
		s.onEvict(value)
	}
}

// remove takes a value away without a call of onEvict.
func (s *shelf[V]) remove(key string) { delete(s.values, key) }

// sweep evicts the stale values, and forgets the keys that are gone.
func (s *shelf[V]) sweep() {
	var left []string
	for _, key := range s.order {
		value, ok := s.values[key]
		switch {
		case !ok:
		case s.stale != nil && s.stale(value):
			s.evict(key)
		default:
			left = append(left, key)
		}
	}
	s.order = left
	s.untilLook = max(fewest, len(left)) // so that a put bears the cost of one look
}

// all returns every value, oldest first.
func (s *shelf[V]) all() []V {
	var all []V
	for _, key := range s.order {
		if value, ok := s.values[key]; ok {
			all = append(all, value)
		}
	}
	return all
}
