package contract

import (
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// What would have been needed to compare a body.
const (
	tooLarge = "a body of at most 8 MiB"
	cut      = "a body that arrives whole"
	unread   = "a body that is read to its end"
)

// recorder passes a body through and copies what is read, up to MaxBody. It calls compare once: at the end of the body, at
// an error, or when it is closed.
type recorder struct {
	body      io.ReadCloser
	announced int64 // Content-Length, negative where it is unknown
	// compare gets the copy. Where needed is not empty the copy is not whole, and needed is what would have been.
	compare func(data []byte, needed string)

	mu   sync.Mutex // net/http may close a body while it is read
	data []byte
	over bool
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	if 0 <= n && n <= len(p) { // else the body is broken, as its reader will find out
		r.record(p[:n])
	}
	switch {
	case err == io.EOF:
		r.finish("")
	case err != nil:
		r.finish(cut)
	}
	return n, err
}

func (r *recorder) record(p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over = r.over || len(r.data)+len(p) > MaxBody; r.over {
		r.data = nil
	} else if r.compare != nil {
		r.data = append(r.data, p...)
	}
}

func (r *recorder) Close() error {
	err := r.body.Close()
	r.finish(unread)
	return err
}

// finish calls compare, the first time. A body that was left is whole where all that was announced has come, or where the
// reader had seen a whole document, as a json.Decoder that does not look further.
func (r *recorder) finish(needed string) {
	r.mu.Lock()
	compare, data, over := r.compare, r.data, r.over
	r.compare, r.data = nil, nil
	r.mu.Unlock()
	switch {
	case compare == nil:
		return
	case over:
		data, needed = nil, tooLarge
	case needed == unread && (r.announced == int64(len(data)) || jsontext.Value(data).IsValid()):
		needed = ""
	}
	compare(data, needed)
}
