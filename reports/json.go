package reports

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Encode writes a result or a manifest as its file holds it: two spaces a level, keys in the order of their types, maps by key, arrays
// of plain values on one line, keys without a value left out. A figure that is not finite is an error.
func Encode(value any) ([]byte, error) {
	var compact bytes.Buffer
	encoder := json.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	p := printer{in: compact.Bytes()}
	p.value(0)
	p.out.WriteByte('\n')
	return p.out.Bytes(), nil
}

// printer lays out compact JSON. Its input comes from the encoder and has no mistakes.
type printer struct {
	in  []byte
	at  int
	out bytes.Buffer
}

// value prints the value at hand and moves past it.
func (p *printer) value(depth int) {
	switch p.in[p.at] {
	case '{':
		p.object(depth)
	case '[':
		p.array(depth)
	default:
		p.out.Write(p.scalar())
	}
}

// object prints one key a line and leaves out keys whose value is null.
func (p *printer) object(depth int) {
	p.out.WriteByte('{')
	empty := true
	for p.at++; p.in[p.at] != '}'; {
		if p.in[p.at] == ',' {
			p.at++
		}
		key := p.scalar()
		p.at++ // the colon
		if bytes.HasPrefix(p.in[p.at:], []byte("null")) {
			p.at += len("null")
			continue
		}
		if !empty {
			p.out.WriteByte(',')
		}
		empty = false
		p.newLine(depth + 1)
		p.out.Write(key)
		p.out.WriteString(": ")
		p.value(depth + 1)
	}
	p.at++
	if !empty {
		p.newLine(depth)
	}
	p.out.WriteByte('}')
}

// array prints plain values on one line, objects and arrays one a line.
func (p *printer) array(depth int) {
	first := p.in[p.at+1]
	nested := first == '{' || first == '['
	p.out.WriteByte('[')
	for p.at++; p.in[p.at] != ']'; {
		if p.in[p.at] == ',' {
			p.at++
			p.out.WriteByte(',')
			if !nested {
				p.out.WriteByte(' ')
			}
		}
		if nested {
			p.newLine(depth + 1)
		}
		p.value(depth + 1)
	}
	p.at++
	if nested {
		p.newLine(depth)
	}
	p.out.WriteByte(']')
}

// scalar returns the string, number or word at hand and moves past it.
func (p *printer) scalar() []byte {
	from := p.at
	if p.in[p.at] == '"' {
		for p.at++; p.in[p.at] != '"'; p.at++ {
			if p.in[p.at] == '\\' {
				p.at++
			}
		}
		p.at++
		return p.in[from:p.at]
	}
	for !bytes.ContainsRune([]byte(",]}\n"), rune(p.in[p.at])) {
		p.at++
	}
	return p.in[from:p.at]
}

func (p *printer) newLine(depth int) {
	p.out.WriteByte('\n')
	p.out.WriteString(strings.Repeat("  ", depth))
}
