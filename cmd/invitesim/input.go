package main

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"invitesim/scenarios"
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

// disk reads files as scenarios.Disk does, but ends at the first Ctrl-C, also where they are pipes that nobody writes into: to open one waits too.
type disk struct {
	ctx context.Context
	cut *bool // set when that happened
}

// Open opens the named file for reading.
func (d disk) Open(name string) (fs.File, error) {
	type opened struct {
		file fs.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := scenarios.Disk{}.Open(name)
		done <- opened{file, err}
	}()
	select {
	case got := <-done:
		if got.err != nil {
			return nil, got.err
		}
		return patientFile{got.file, &input{d.ctx, got.file, d.cut}}, nil
	case <-d.ctx.Done():
		*d.cut = true
		return nil, &fs.PathError{Op: "open", Path: name, Err: errCut}
	}
}

// patientFile is a file of which the reading ends at the first Ctrl-C.
type patientFile struct {
	fs.File
	content io.Reader
}

func (f patientFile) Read(p []byte) (int, error) { return f.content.Read(p) }

// cutShort is the failure of what was being read when the first Ctrl-C came; nil where that did not happen.
func (c *call) cutShort(name string) error {
	if !c.cut {
		return nil
	}
	return fail(exitInterrupted, "%s: interrupted while it was read", name)
}
