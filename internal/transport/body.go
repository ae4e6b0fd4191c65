package transport

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

// pooledBytes is the size of buffers that are used again: nearly all responses fit. A larger body has memory of its own.
const pooledBytes = 32 << 10

var buffers = sync.Pool{New: func() any { return new([pooledBytes]byte) }}

// readBody reads to the end, or until there is more than limit. It reads in pieces and joins them at the end, so that what is
// too large takes little more memory than limit; io.ReadAll takes several times as much.
func readBody(body io.Reader, limit int64) (data []byte, buffer *[pooledBytes]byte, err error) {
	buffer = buffers.Get().(*[pooledBytes]byte)
	var (
		pieces [][]byte
		piece  = buffer[:0]
		size   int64
	)
	for {
		n, err := body.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+n]
		size += int64(n)
		switch {
		case size > limit:
			return nil, buffer, fmt.Errorf("%w: at most %d bytes are read", ErrTooLarge, limit)
		case err != nil:
			if err == io.EOF {
				err = nil
			}
			if len(pieces) > 0 {
				piece = slices.Concat(append(pieces, piece)...)
			}
			return piece, buffer, err
		case len(piece) == cap(piece):
			pieces = append(pieces, piece)
			piece = make([]byte, 0, min(2*cap(piece), 1<<20))
		}
	}
}

// Release returns the memory of Body. The response's owner calls it once, when nothing refers to Body any more. It is
// cleared first, because a token in it would live on there.
func (r *Response) Release() {
	if r.buffer == nil {
		return
	}
	clear(r.buffer[:min(len(r.Body), pooledBytes)])
	buffers.Put(r.buffer)
	r.Body, r.buffer = nil, nil
}
