package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"invitesim/model"
)

const (
	// longestLine bounds a line, in bytes. The rest of a file with a longer one is not read.
	longestLine = 1 << 20
	// mostMistakes bounds what is collected from a file that is no trace at all.
	mostMistakes = 100
	// mostUnsaid is the largest member that a trace may name without saying how many members there are.
	mostUnsaid = 10_000_000
)

// Parse reads a trace and collects everything that is wrong with it; name stands in the messages. The trace is nil if there is
// a mistake. Where the header does not say how many members there are, the largest number named says it.
func Parse(r io.Reader, name string) (*Trace, []Mistake) {
	p := newParser(name)
	lines := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := readLine(lines)
		if err == io.EOF {
			break
		}
		p.line++
		if err != nil {
			p.mistake(word{}, "%v", err)
			break
		}
		if p.line == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if p.text = line; !p.parseLine() {
			break
		}
	}
	p.finish()
	if len(p.mistakes) > 0 {
		return nil, p.mistakes
	}
	return p.trace, nil
}

// readLine reads one line without its end, and no more than longestLine bytes of it.
func readLine(r *bufio.Reader) (string, error) {
	var whole []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(whole)+len(part) > longestLine {
			return "", fmt.Errorf("the line is longer than %d bytes, the most that a trace may have", longestLine)
		}
		switch {
		case err == nil:
			line := string(append(whole, part[:len(part)-1]...))
			return strings.TrimSuffix(line, "\r"), nil
		case errors.Is(err, bufio.ErrBufferFull):
			whole = append(whole, part...)
		case err == io.EOF && len(whole)+len(part) > 0:
			return strings.TrimSuffix(string(append(whole, part...)), "\r"), nil
		default:
			return "", err
		}
	}
}

type parser struct {
	trace    *Trace
	mistakes []Mistake
	line     int
	text     string // the line being read
	words    []word
	remarks  []string
	headers  map[string]int // the lines of the header lines
	policy   model.Policy   // in force
	now      time.Duration  // the latest time that the order of lines has reached
	nowLine  int
	largest  model.Member
	largeAt  Mistake // where it stands
}

func newParser(name string) *parser {
	p := &parser{headers: map[string]int{}, policy: model.Default()}
	p.trace = &Trace{Name: name, Policy: p.policy, Start: model.Calendar{Start: model.DefaultStart}, Seed: defaultSeed}
	return p
}

// mistake notes what is wrong with a word of the current line. It does not note more than mostMistakes.
func (p *parser) mistake(w word, format string, arguments ...any) {
	if len(p.mistakes) > mostMistakes {
		return
	}
	m := Mistake{
		File: p.trace.Name, Line: p.line, Column: 1 + utf8.RuneCountInString(p.text[:min(w.at, len(p.text))]),
		Found: shorten(w.text), Message: fmt.Sprintf(format, arguments...),
	}
	if len(p.mistakes) == mostMistakes {
		m.Message = fmt.Sprintf("found more than %d mistakes; what follows was not read", mostMistakes)
	}
	p.mistakes = append(p.mistakes, m)
}

// parseLine reads the current line. It is false where reading on makes no sense.
func (p *parser) parseLine() bool {
	words, comment, unclosed := splitWords(p.words[:0], p.text)
	p.words = words
	if unclosed >= 0 {
		p.mistake(word{p.text[unclosed:], unclosed}, "found a quote that is not closed, expected another before the end of the line")
		return true
	}
	if len(words) == 0 {
		p.remarks = append(p.remarks, strings.TrimSpace(p.text))
		return true
	}
	if header := p.headerReader(words[0].text); header != nil {
		p.header(words, comment, header)
	} else {
		p.command(words, comment)
	}
	return len(p.mistakes) <= mostMistakes
}

// finish looks at the trace as a whole.
func (p *parser) finish() {
	t := p.trace
	t.Coda = p.remarks
	if len(t.Lines) == 0 && len(p.mistakes) == 0 {
		p.text, p.line = "", p.line+1
		p.mistake(word{}, "found the end of the trace, expected at least one command such as `0s send 1 2`")
	}
	if p.headers["members"] > 0 {
		return
	}
	t.Members = max(1, uint32(p.largest))
	if p.largest > mostUnsaid {
		m := p.largeAt
		m.Message = fmt.Sprintf("found member %d without a header line that says how many members there are, expected `members N` for more than %d",
			p.largest, mostUnsaid)
		p.mistakes = append(p.mistakes, m)
	}
}
