package sandbox

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShelfDropsTheOldest(t *testing.T) {
	var gone []int
	s := newShelf(3, nil, func(v int) { gone = append(gone, v) })
	for v := range 5 {
		s.put(strconv.Itoa(v), v)
	}
	require.Equal(t, []int{2, 3, 4}, s.all())
	require.Equal(t, []int{0, 1}, gone)
	s.put("2", 20)
	require.Equal(t, []int{20, 3, 4}, s.all(), "a known key takes no place")
	s.remove("3")
	s.put("5", 5)
	require.Equal(t, []int{20, 4, 5}, s.all())
	require.Equal(t, []int{0, 1}, gone, "nor does one that was taken away count as gone")
	_, known := s.values["0"]
	require.False(t, known)
	value, known := s.values["2"]
	require.True(t, known)
	require.Equal(t, 20, value)
}

// A full shelf of stale values empties too, and the list of keys does not outgrow the values.
func TestShelfSweeps(t *testing.T) {
	const most = 2000
	stale, gone := false, 0
	s := newShelf(most, func(int) bool { return stale }, func(int) { gone++ })
	for v := range 3 * most {
		s.put(strconv.Itoa(v), v)
		require.LessOrEqual(t, len(s.order), most+1)
	}
	require.Len(t, s.values, most)
	require.Equal(t, 2*most, gone)
	stale = true
	for v := range most + 1 {
		s.put("new"+strconv.Itoa(v), v)
	}
	require.Less(t, len(s.values), most)
	require.Equal(t, len(s.values), len(s.all()))
}

func TestShelfOfWhatComesAndGoes(t *testing.T) {
	s := newShelf[int](10, nil, nil)
	for v := range 10 * fewest {
		key := strconv.Itoa(v)
		s.put(key, v)
		s.remove(key)
		require.LessOrEqual(t, len(s.order), fewest+1)
	}
	require.Empty(t, s.all())
}

// A value that goes may use the shelf.
func TestShelfIsUsedByWhatGoes(t *testing.T) {
	var s *shelf[string]
	s = newShelf(1, nil, func(v string) { s.remove(v) })
	s.put("a", "a")
	s.put("b", "b")
	require.Equal(t, []string{"b"}, s.all())
}
