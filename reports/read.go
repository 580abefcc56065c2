package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"invitesim/sim"
)

// Read returns the result in a result directory. Keys that it does not know are passed over, so that results of later versions of the
// same format can be read. A file that is no result, half of one, or one that somebody changed so that it cannot be a result any more is
// a *BrokenError; where there is no file the error is fs.ErrNotExist.
func Read(dir string) (*sim.Result, error) {
	path := filepath.Join(dir, resultFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read a result: %w", err)
	}
	result, found := decode(text)
	if len(found) > 0 {
		return nil, &BrokenError{File: path, Found: found}
	}
	return result, nil
}

// BrokenError says that a file holds no result that reports could be made of.
type BrokenError struct {
	File  string
	Found []string // each with its place in the file, what was found and what was expected
}

// Error lists what was found, a line each; of many, the first few.
func (e *BrokenError) Error() string {
	const listed = 5
	lines := make([]string, 0, listed+1)
	for _, found := range e.Found[:min(len(e.Found), listed)] {
		lines = append(lines, "read a result: "+e.File+": "+found)
	}
	if more := len(e.Found) - listed; more > 0 {
		lines = append(lines, fmt.Sprintf("read a result: %s: and %d more", e.File, more))
	}
	return strings.Join(lines, "\n")
}

// decode returns the result that a text holds, or what keeps it from being one.
func decode(text []byte) (*sim.Result, []string) {
	var head struct{ Schema any }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, []string{unreadable(text, err)}
	}
	if head.Schema != sim.ResultSchema {
		return nil, []string{fmt.Sprintf("schema: found %s, expected %q", shown(head.Schema), sim.ResultSchema)}
	}
	result := new(sim.Result)
	if found := misshapen(text, reflect.TypeFor[sim.Result]()); len(found) > 0 {
		return nil, found
	}
	if err := json.Unmarshal(text, result); err != nil {
		return nil, []string{err.Error()}
	}
	if found := unsound(result); len(found) > 0 {
		return nil, found
	}
	return result, nil
}

// unreadable says where a text stops to be JSON.
func unreadable(text []byte, err error) string {
	var syntax *json.SyntaxError
	end := len(bytes.TrimSpace(text))
	switch {
	case end == 0:
		return "is empty, expected a result"
	case !errors.As(err, &syntax):
		return fmt.Sprintf("found %.20q, expected an object", bytes.TrimSpace(text))
	case int(syntax.Offset) >= end && errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(err.Error(), "unexpected end"):
		return fmt.Sprintf("line %d: it ends in the middle, expected the rest of a result", 1+bytes.Count(text[:end], []byte("\n")))
	}
	return fmt.Sprintf("line %d: %s, expected JSON", 1+bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n")), err)
}

// shown writes a value as a message shows it.
func shown(value any) string {
	if value == nil {
		return "nothing"
	}
	return fmt.Sprintf("%.40q", fmt.Sprint(value))
}
