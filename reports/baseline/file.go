package baseline

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/sim"
)

// document is a baseline as its file holds it.
type document struct {
	Schema         string               `json:"schema"`
	Scenario       string               `json:"scenario"`
	ScenarioDigest string               `json:"scenario_digest"`
	Policy         string               `json:"policy"`
	Seed           uint64               `json:"seed"`
	Start          string               `json:"start"`
	DurationS      int64                `json:"duration_s"`
	WarmupS        int64                `json:"warmup_s"`
	Members        uint32               `json:"members"`
	Digest         string               `json:"digest"`
	Figures        map[string]float64   `json:"figures"`
	Replicates     map[string][]float64 `json:"replicates"` // mean, low, high, n, then what each replica measured where they differ
	Settings       map[string]string    `json:"settings"`
	Text           []string             `json:"text"` // by line
	EveryS         int64                `json:"checkpoints_every_s"`
	Checkpoints    string               `json:"checkpoints"` // with spaces between
	Checksum       string               `json:"checksum"`
}

// checksumKey begins the last line of a file but one, whose value is the SHA-256 of everything before it.
const checksumKey = `  "checksum": "`

// Encode writes the file: one figure a line, in the order of their paths. Equal baselines have equal bytes.
func (b *Baseline) Encode() []byte {
	var out bytes.Buffer
	line := func(key string, value any) { fmt.Fprintf(&out, "  %s: %s,\n", compact(key), compact(value)) }
	out.WriteString("{\n")
	line("schema", Schema)
	line("scenario", b.Scenario)
	line("scenario_digest", b.ScenarioDigest)
	line("policy", b.Policy)
	line("seed", b.Seed)
	line("start", b.Start)
	line("duration_s", b.DurationS)
	line("warmup_s", b.WarmupS)
	line("members", b.Members)
	line("digest", b.Digest)
	group(&out, "figures", b.Figures, func(value float64) any { return value })
	if len(b.Replicates) > 0 {
		lists := map[string][]float64{}
		for path, r := range b.Replicates {
			lists[path] = append([]float64{r.Mean, r.Low, r.High, float64(r.N)}, b.EachReplica[path]...)
		}
		group(&out, "replicates", lists, func(list []float64) any { return list })
	}
	group(&out, "settings", b.Settings, func(value string) any { return value })
	out.WriteString("  \"text\": [")
	for i, text := range strings.Split(strings.TrimSuffix(b.Text, "\n"), "\n") {
		fmt.Fprintf(&out, "%s\n    %s", strings.Repeat(",", min(i, 1)), compact(text))
	}
	out.WriteString("\n  ],\n")
	line("checkpoints_every_s", int64(b.Checkpoints.Every))
	line("checkpoints", strings.Join(b.Checkpoints.Digests, " "))
	sum := checksum(out.Bytes())
	fmt.Fprintf(&out, "%s%s\"\n}\n", checksumKey, sum)
	return out.Bytes()
}

// group writes a map, one key a line.
func group[V any](out *bytes.Buffer, key string, values map[string]V, plain func(V) any) {
	fmt.Fprintf(out, "  %s: {", compact(key))
	for i, name := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(out, "%s\n    %s: %s", strings.Repeat(",", min(i, 1)), compact(name), compact(plain(values[name])))
	}
	out.WriteString("\n  },\n")
}

// compact writes a value as JSON on one line. Figures are finite, so that there is always a way to write them.
func compact(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("baseline: a value cannot be written: " + err.Error())
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func checksum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// again is what to do about a file that cannot be used.
const again = "write it again with `invitesim test --update`"

// Decode reads the file. The error says what is wrong with it: half a file, of another format or version, changed by hand.
func Decode(text []byte) (*Baseline, error) {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	var head struct{ Schema string }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, unreadable(text, err)
	}
	if head.Schema != Schema {
		return nil, fmt.Errorf("found schema %q, expected %q: %s", head.Schema, Schema, again)
	}
	at := bytes.LastIndex(text, []byte(checksumKey))
	if at < 0 {
		return nil, fmt.Errorf("found no checksum at its end: %s", again)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, unreadable(text, err)
	}
	if sum := checksum(text[:at]); d.Checksum != sum {
		return nil, fmt.Errorf("was changed by hand: found the checksum %.8s…, expected %.8s…: figures are accepted with `invitesim test --update`", d.Checksum, sum)
	}
	return d.baseline(), nil
}

// unreadable says where a text stops to be JSON.
func unreadable(text []byte, err error) error {
	line := func(offset int64) int { return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n")) }
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return fmt.Errorf("is empty: %s", again)
	case errors.As(err, &syntax) && (int(syntax.Offset) >= len(bytes.TrimSpace(text)) || errors.Is(err, io.ErrUnexpectedEOF)):
		return fmt.Errorf("ends in the middle, in line %d: %s", line(syntax.Offset), again)
	case errors.As(err, &syntax):
		return fmt.Errorf("is no JSON from line %d on (%w): %s", line(syntax.Offset), err, again)
	case errors.As(err, &kind):
		return fmt.Errorf("found %s %s, expected %s: %s", found(kind.Value), where(kind.Field, line(kind.Offset)), kindOf(kind.Type), again)
	}
	return fmt.Errorf("cannot be read (%w): %s", err, again)
}

// found names what JSON has, as the decoder tells of it: "array", "number 1.5".
func found(value string) string {
	switch value {
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a " + value
}

// where says in which field something was found; none is the whole file.
func where(field string, line int) string {
	if field == "" {
		return "in place of the baseline"
	}
	return fmt.Sprintf("under %q in line %d", field, line)
}

// kindOf names what JSON must have for a value of a type.
func kindOf(of reflect.Type) string {
	switch of.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}

// baseline returns what the file says.
func (d *document) baseline() *Baseline {
	b := &Baseline{
		Scenario: d.Scenario, ScenarioDigest: d.ScenarioDigest, Policy: d.Policy, Settings: d.Settings,
		Text: strings.Join(d.Text, "\n") + "\n", Seed: d.Seed, Start: d.Start, DurationS: d.DurationS, WarmupS: d.WarmupS,
		Members: d.Members, Digest: d.Digest, Figures: d.Figures, Replicates: map[string]sim.Replicate{}, EachReplica: map[string][]float64{},
		Checkpoints: Checkpoints{Every: cmp.Or(model.Seconds(d.EveryS), 1), Digests: strings.Fields(d.Checkpoints)},
	}
	for path, values := range d.Replicates {
		if len(values) < 4 {
			continue
		}
		b.Replicates[path] = sim.Replicate{Mean: values[0], Low: values[1], High: values[2], N: int(values[3])}
		if each := values[4:]; len(each) > 0 && len(each) == int(values[3]) {
			b.EachReplica[path] = each
		}
	}
	return b
}
