package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// traceFile is the file that --trace writes: whole or not at all. It is written beside its place, and moved there at
// the end. What is no ordinary file (a pipe, a device) is written as it stands.
type traceFile struct {
	path  string
	file  *os.File
	moves bool // at the end, from a temporary name
}

// createTrace opens the file; nil without a path.
func createTrace(path string) (*traceFile, error) {
	if path == "" {
		return nil, nil
	}
	if path == "-" {
		return nil, mistake("--trace -: expected a file, or /dev/stdout")
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, mistake("--trace %s: it is a directory, expected a file", path)
	}
	t := &traceFile{path: path, moves: err != nil || info.Mode().IsRegular()}
	if t.moves {
		t.file, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	} else {
		t.file, err = os.OpenFile(path, os.O_WRONLY, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("--trace %s: %s: expected a file in a directory that can be written to", path, reason(err))
	}
	return t, nil
}

// writer returns what the run writes to; a nil interface without a file.
func (t *traceFile) writer() io.Writer {
	if t == nil {
		return nil
	}
	return t
}

// Write writes to the file. Its errors have the name that the file is going to have.
func (t *traceFile) Write(text []byte) (int, error) {
	n, err := t.file.Write(text)
	if err != nil {
		err = fmt.Errorf("%s: %s", t.path, reason(err))
	}
	return n, err
}

// finish puts the file in its place.
func (t *traceFile) finish() error {
	if t == nil {
		return nil
	}
	var err error
	if t.moves {
		err = t.file.Chmod(0o644)
	}
	if closeErr := t.file.Close(); err == nil {
		err = closeErr
	}
	if t.moves && err == nil {
		err = os.Rename(t.file.Name(), t.path)
	}
	if err != nil {
		t.discard()
		return fmt.Errorf("the trace cannot be written: %s: %s", t.path, reason(err))
	}
	return nil
}

// discard takes away what was written.
func (t *traceFile) discard() {
	if t == nil {
		return
	}
	_ = t.file.Close() // it may be closed already
	if t.moves {
		_ = os.Remove(t.file.Name()) // it may be gone already
	}
}
