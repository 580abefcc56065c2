package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"invitesim/model/trace"
)

// readTrace reads a trace from a file, or from stdin for "-". What is wrong with it is a failure with line and column.
func (c *call) readTrace(path string) (*trace.Trace, error) {
	in, name := io.Reader(c.stdin), "stdin"
	if path != "-" {
		file, err := c.openTrace(path)
		if cut := c.cutShort(path); cut != nil {
			return nil, cut
		}
		if err != nil {
			return nil, cannotUse(err)
		}
		defer file.Close()
		in, name = file, path
	}
	t, mistakes := trace.Parse(in, name)
	if err := c.cutShort(name); err != nil {
		return nil, err
	}
	if len(mistakes) == 0 {
		return t, nil
	}
	lines := make([]string, len(mistakes))
	for i, m := range mistakes {
		lines[i] = m.Error()
	}
	return nil, cannotUse(errors.New(strings.Join(lines, "\n")))
}

// openTrace opens a file for reading. Its errors name the file, what was found and what was expected.
func (c *call) openTrace(path string) (fs.File, error) {
	file, err := c.files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(path + ": there is no such file; expected a trace")
	}
	if err != nil {
		return nil, errors.New(path + ": " + reason(err) + "; expected a trace that can be read")
	}
	info, err := file.Stat()
	if err == nil && !info.IsDir() {
		return file, nil
	}
	_ = file.Close() // nothing was read from it
	if err != nil {
		return nil, errors.New(path + ": " + reason(err) + "; expected a trace that can be read")
	}
	return nil, errors.New(path + ": found a directory; expected a trace")
}

// reason is what the machine says of a file, without the file's name.
func reason(err error) string {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	}
	return err.Error()
}
