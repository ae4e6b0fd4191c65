package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxInput bounds what is read from files and the standard input, in bytes.
const maxInput = 1 << 20

// readInput reads a file, or the standard input for "-", while ctx lasts.
func (p *program) readInput(ctx context.Context, name string) ([]byte, error) {
	return await(ctx, func() ([]byte, error) {
		in := p.stdin
		if name != "-" {
			file, err := os.Open(name)
			if err != nil {
				return nil, err
			}
			defer file.Close()
			in = file
		}
		data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
		if err == nil && len(data) > maxInput {
			err = fmt.Errorf("expected at most %d bytes", maxInput)
		}
		return data, err
	})
}

// await calls read, which no context can end, and returns when ctx ends all the same: the program ends then.
func await[T any](ctx context.Context, read func() (T, error)) (value T, err error) {
	done := make(chan struct{})
	var got T
	var failed error
	go func() {
		defer close(done)
		got, failed = read()
	}()
	select {
	case <-done:
		return got, failed
	case <-ctx.Done():
		return value, errors.New("interrupted while reading the input")
	}
}
