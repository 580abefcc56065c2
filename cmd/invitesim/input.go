package main

import (
	"context"
	"errors"
	"io"
)

// errCut is what reading ends with at the first Ctrl-C.
var errCut = errors.New("interrupted")

// input is a stream that ends at the first Ctrl-C, also while nobody types anything.
type input struct {
	ctx  context.Context
	from io.Reader
	cut  *bool // set when that happened
}

// heard is what came of one reading.
type heard struct {
	bytes []byte
	err   error
}

// Read reads beside the caller, who leaves it behind when the signal comes first: it has a buffer of its own.
func (i *input) Read(p []byte) (int, error) {
	done := make(chan heard, 1)
	go func() {
		buffer := make([]byte, len(p))
		n, err := i.from.Read(buffer)
		done <- heard{buffer[:n], err}
	}()
	select {
	case got := <-done:
		if i.ctx.Err() == nil {
			return copy(p, got.bytes), got.err
		}
	case <-i.ctx.Done():
	}
	*i.cut = true
	return 0, errCut
}

// cutShort is the failure of what was being read when the first Ctrl-C came; nil where that did not happen.
func (c *call) cutShort(name string) error {
	if !c.cut {
		return nil
	}
	return fail(exitInterrupted, "%s: interrupted while it was read", name)
}
