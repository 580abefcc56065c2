package reports

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// misshapen says where JSON is not what a type is encoded as: a null, a number in quotes, a count below 0, a part that is missing. Each
// finding begins with its place, as in series.rows[3][2]. Keys that the type does not have may hold anything; a key whose field is not marked
// omitempty has to be there, unless it holds a list, which an empty one leaves out.
func misshapen(text []byte, kind reflect.Type) []string {
	s := &shape{text: string(text)}
	s.space()
	s.value(kind)
	return s.found
}

// mostFound is how many findings are enough to know that a file is broken.
const mostFound = 100

// greatestNumber bounds the numbers of a result: what is beyond it nobody has measured.
const greatestNumber = 1 << 63

// shape walks through valid JSON along a type.
type shape struct {
	text  string
	at    int
	place []step // the way to where it is
	found []string
}

// step is one of the keys and indices that lead to a value.
type step struct {
	key   string // empty for an index, or for no name at all
	index int    // of a list; -1 for a key
}

// wrong notes what is at hand, and passes over it.
func (s *shape) wrong(expected string) {
	from := s.at
	s.skip()
	text := s.text[from:s.at]
	switch {
	case text[0] == '{':
		text = "an object"
	case text[0] == '[':
		text = "a list"
	case len(text) > 40:
		text = text[:40] + "…"
	}
	s.note("found " + text + ", expected " + expected)
}

func (s *shape) note(what string) {
	if len(s.found) < mostFound {
		s.found = append(s.found, written(s.place)+": "+what)
	}
}

// value holds the value at hand against a type, and passes over it.
func (s *shape) value(kind reflect.Type) {
	switch kind.Kind() {
	case reflect.Pointer:
		s.value(kind.Elem())
	case reflect.Struct:
		s.object(kind)
	case reflect.Map:
		s.each('{', "an object", func() { s.value(kind.Elem()) })
	case reflect.Slice:
		s.each('[', "a list", func() { s.value(kind.Elem()) })
	case reflect.String:
		s.expect(s.text[s.at] == '"', "a text in quotes")
	case reflect.Bool:
		s.expect(s.text[s.at] == 't' || s.text[s.at] == 'f', "true or false")
	case reflect.Float64:
		s.expect(isNumber(s.token()), "a number")
	default:
		s.expect(isCount(s.token(), kind), "a whole number from 0 to "+strconv.FormatUint(greatest(kind), 10))
	}
}

func (s *shape) expect(holds bool, what string) {
	if !holds {
		s.wrong(what)
		return
	}
	s.skip()
}

// object holds an object against a struct.
func (s *shape) object(kind reflect.Type) {
	if s.text[s.at] != '{' {
		s.wrong("an object")
		return
	}
	fields := reflect.VisibleFields(kind)
	there := map[string]bool{}
	s.each('{', "an object", func() {
		i := slices.IndexFunc(fields, func(f reflect.StructField) bool {
			return !f.Anonymous && strings.EqualFold(keyOf(f), s.place[len(s.place)-1].key)
		})
		if i < 0 {
			s.skip()
			return
		}
		there[keyOf(fields[i])] = true
		s.value(fields[i].Type)
	})
	for _, f := range fields {
		if f.Anonymous || there[keyOf(f)] || f.Type.Kind() == reflect.Slice || strings.Contains(f.Tag.Get("json"), ",omitempty") {
			continue
		}
		s.place = append(s.place, step{keyOf(f), -1})
		s.note("found nothing, expected " + described(f.Type))
		s.place = s.place[:len(s.place)-1]
	}
}

// keyOf returns the key of a field in JSON.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

// described names what a value of a type is in JSON.
func described(kind reflect.Type) string {
	switch kind.Kind() {
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}

// each passes over an object or a list and calls visit where each of its values begins; visit passes over that.
func (s *shape) each(open byte, what string, visit func()) {
	if s.text[s.at] != open {
		s.wrong(what)
		return
	}
	s.at++
	s.space()
	s.place = append(s.place, step{})
	for i := 0; s.text[s.at] != '}' && s.text[s.at] != ']'; i++ {
		if open == '{' {
			s.place[len(s.place)-1] = step{unquoted(s.token()), -1}
			s.skip()
			s.space()
			s.at++ // the colon
			s.space()
		} else {
			s.place[len(s.place)-1] = step{"", i}
		}
		visit()
		s.space()
		if s.text[s.at] == ',' {
			s.at++
			s.space()
		}
	}
	s.at++
	s.place = s.place[:len(s.place)-1]
}

// unquoted returns the text of a string in JSON.
func unquoted(token string) (text string) {
	_ = json.Unmarshal([]byte(token), &text) // it has been read once as JSON
	return text
}

// written writes the way to a value: series.rows[3], members_by["a.b"].
func written(place []step) string {
	var b strings.Builder
	for _, s := range place {
		switch {
		case s.index >= 0:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case isPlain(s.key) && b.Len() > 0:
			b.WriteString("." + s.key)
		case isPlain(s.key):
			b.WriteString(s.key)
		default:
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		}
	}
	return b.String()
}

// isPlain says whether a key needs no quotes on the way to a value.
func isPlain(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	})
}

// token returns the text, number or word at hand; of an object or a list its first letter.
func (s *shape) token() string {
	switch s.text[s.at] {
	case '{', '[':
		return s.text[s.at : s.at+1]
	case '"':
		end := s.at + 1
		for ; s.text[end] != '"'; end++ {
			if s.text[end] == '\\' {
				end++
			}
		}
		return s.text[s.at : end+1]
	}
	end := s.at
	for end < len(s.text) && !strings.ContainsRune(",]} \t\r\n", rune(s.text[end])) {
		end++
	}
	return s.text[s.at:end]
}

// skip passes over the value at hand.
func (s *shape) skip() {
	depth := 0
	for {
		token := s.token()
		s.at += len(token)
		if token == "{" || token == "[" {
			depth++
		}
		for s.at < len(s.text) && depth > 0 && strings.ContainsRune(",:]} \t\r\n", rune(s.text[s.at])) {
			if s.text[s.at] == ']' || s.text[s.at] == '}' {
				depth--
			}
			s.at++
		}
		if depth == 0 {
			return
		}
	}
}

// space passes over white space.
func (s *shape) space() {
	for s.at < len(s.text) && strings.ContainsRune(" \t\r\n", rune(s.text[s.at])) {
		s.at++
	}
}

// isNumber says whether a token is a number that somebody can have measured.
func isNumber(token string) bool {
	if token[0] != '-' && (token[0] < '0' || token[0] > '9') {
		return false
	}
	if len(token) <= 18 && !strings.ContainsAny(token, "eE") {
		return true
	}
	value, err := strconv.ParseFloat(token, 64)
	return err == nil && math.Abs(value) <= greatestNumber
}

// isCount says whether a token is a whole number from 0 on that the type can hold.
func isCount(token string, kind reflect.Type) bool {
	value, err := strconv.ParseUint(token, 10, 64)
	return err == nil && value <= greatest(kind)
}

// greatest is the greatest number that a type of whole numbers can hold.
func greatest(kind reflect.Type) uint64 {
	switch bits := kind.Bits(); kind.Kind() {
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		return 1<<(bits-1) - 1
	default:
		return math.MaxUint64 >> (64 - bits)
	}
}
