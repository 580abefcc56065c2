package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// valueSort says of which sort a value in text is.
type valueSort uint8

const (
	wordValue valueSort = iota
	listValue
	mapValue
)

// value is the text of a setting taken apart: a word (numbers and switches too), a list, or a map.
type value struct {
	sort  valueSort
	word  string
	keys  []string // of a map, in the order given
	items []value
}

const (
	// deepestValue bounds lists within lists: the settings need three.
	deepestValue = 8
	// longestList bounds the entries of a list or map in a policy.
	longestList = 64
)

// parseValue reads a word, or a list or map in JSON whose words need no quotes.
func parseValue(text string) (value, error) {
	if text == "" {
		return value{}, fmt.Errorf("a value is missing")
	}
	if !strings.ContainsRune(`[{"`, rune(text[0])) {
		return value{word: text}, nil
	}
	r := valueReader{text: text}
	v, err := r.value(0)
	if err != nil {
		return value{}, err
	}
	if r.skipSpace(); r.at < len(text) {
		return value{}, fmt.Errorf("found %q after the end of the value", shorten(text[r.at:]))
	}
	return v, nil
}

type valueReader struct {
	text string
	at   int
}

func (r *valueReader) value(depth int) (value, error) {
	if depth > deepestValue {
		return value{}, fmt.Errorf("lists and maps are nested more than %d deep", deepestValue)
	}
	switch r.skipSpace(); {
	case r.take('['):
		return r.list(depth)
	case r.take('{'):
		return r.mapping(depth)
	}
	word, err := r.word()
	return value{word: word}, err
}

func (r *valueReader) list(depth int) (value, error) {
	v := value{sort: listValue}
	for !r.take(']') {
		if len(v.items) > 0 && !r.take(',') {
			return v, r.unexpected("`,` or `]`")
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		if v.items = append(v.items, item); len(v.items) > longestList {
			return v, fmt.Errorf("a list has more than %d entries", longestList)
		}
	}
	return v, nil
}

func (r *valueReader) mapping(depth int) (value, error) {
	v := value{sort: mapValue}
	for !r.take('}') {
		if len(v.items) > 0 && !r.take(',') {
			return v, r.unexpected("`,` or `}`")
		}
		key, err := r.word()
		if err != nil {
			return v, err
		}
		if slices.Contains(v.keys, key) {
			return v, fmt.Errorf("key %q is given twice", shorten(key))
		}
		if !r.take(':') {
			return v, r.unexpected("`:` after the key " + shorten(key))
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.keys, v.items = append(v.keys, key), append(v.items, item)
		if len(v.items) > longestList {
			return v, fmt.Errorf("a map has more than %d entries", longestList)
		}
	}
	return v, nil
}

// word reads a quoted string or a plain word.
func (r *valueReader) word() (string, error) {
	r.skipSpace()
	rest := r.text[r.at:]
	if strings.HasPrefix(rest, `"`) {
		end := 1
		for end < len(rest) && rest[end] != '"' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		var word string
		if end >= len(rest) || json.Unmarshal([]byte(rest[:end+1]), &word) != nil {
			return "", fmt.Errorf("%s is no complete string in quotes", shorten(rest))
		}
		r.at += end + 1
		return word, nil
	}
	end := strings.IndexAny(rest, "[]{},:\" \t\n")
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return "", r.unexpected("a value")
	}
	r.at += end
	return rest[:end], nil
}

func (r *valueReader) skipSpace() {
	for r.at < len(r.text) && strings.IndexByte(" \t\n\r", r.text[r.at]) >= 0 {
		r.at++
	}
}

// take moves over the byte c, if it comes next.
func (r *valueReader) take(c byte) bool {
	r.skipSpace()
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *valueReader) unexpected(expected string) error {
	found := "the end"
	if r.at < len(r.text) {
		found = strconv.Quote(shorten(r.text[r.at:]))
	}
	return fmt.Errorf("found %s, expected %s", found, expected)
}

// String is the value as JSON without spaces, shortened for messages.
func (v value) String() string { return shorten(v.json()) }

func (v value) json() string {
	var b strings.Builder
	switch v.sort {
	case wordValue:
		return jsonText(v.word)
	case listValue:
		for i, item := range v.items {
			writeComma(&b, i)
			b.WriteString(item.json())
		}
		return "[" + b.String() + "]"
	}
	for i, item := range v.items {
		writeComma(&b, i)
		b.WriteString(jsonText(v.keys[i]) + ":" + item.json())
	}
	return "{" + b.String() + "}"
}

func writeComma(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}

// jsonText returns the text of a setting as JSON: numbers, switches, lists and maps as they are, words in quotes.
func jsonText(text string) string {
	if text == "true" || text == "false" || text != "" && strings.ContainsRune("[{", rune(text[0])) {
		return text
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil && strconv.FormatUint(n, 10) == text {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return strconv.Quote(text)
	}
	return string(quoted)
}
