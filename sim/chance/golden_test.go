package chance

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestSameBitsEverywhere compares results bit for bit with those of a file. A processor that rounds otherwise fails it, and so
// does a change that would give everybody other histories.
func TestSameBitsEverywhere(t *testing.T) {
	var text strings.Builder
	goldenFunctions(&text)
	goldenDistributions(&text)
	goldenChoices(&text)
	const file = "testdata/bits.golden"
	if *update {
		if err := os.WriteFile(file, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(text.String(), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(got), len(wanted)) {
		if got[i] != wanted[i] {
			t.Fatalf("line %d is %q, want %q", i+1, got[i], wanted[i])
		}
	}
	if len(got) != len(wanted) {
		t.Fatalf("there are %d lines, want %d", len(got), len(wanted))
	}
}

// spread returns numbers that fill (0, 1) evenly, with some close to its ends.
func spread() []float64 {
	u := []float64{0x1p-53, 1e-12, 1e-5, 1 - 1e-5, 1 - 1e-12, 1 - 0x1p-53}
	for i := 1; i < 24; i++ {
		u = append(u, float64(i)/24+1e-3)
	}
	return u
}

func goldenFunctions(text *strings.Builder) {
	functions := []struct {
		name string
		f    func(float64) float64
	}{
		{"log", func(u float64) float64 { return log(u) }},
		{"log of large", func(u float64) float64 { return log(1e6 * u) }},
		{"log1p", func(u float64) float64 { return log1p(-u) }},
		{"exp", func(u float64) float64 { return exp(float64(200*u) - 100) }},
		{"expm1", func(u float64) float64 { return Expm1(u - 0.5) }},
		{"pow", func(u float64) float64 { return pow(u, 1.7) }},
		{"normal quantile", normalQuantile},
		{"log gamma", func(u float64) float64 { return logGamma(30 * u) }},
		{"gamma quantile", func(u float64) float64 { return gammaQuantile(2.5, u) }},
		{"gamma quantile of large shape", func(u float64) float64 { return gammaQuantile(300, u) }},
		{"power sum", func(u float64) float64 { return powerSum(2048, 2079, 3*u) }},
	}
	for _, f := range functions {
		for _, u := range spread() {
			fmt.Fprintf(text, "%s %016x %016x\n", f.name, math.Float64bits(u), math.Float64bits(f.f(u)))
		}
	}
}

func goldenDistributions(text *strings.Builder) {
	for _, d := range examples() {
		fmt.Fprintf(text, "%s mean %016x\n", d, math.Float64bits(d.Mean()))
		for _, u := range spread() {
			fmt.Fprintf(text, "%s %016x %016x\n", d, math.Float64bits(u), math.Float64bits(d.Draw(u)))
		}
	}
}

func goldenChoices(text *strings.Builder) {
	stream := NewStream(1, "regular", Choosing).Member(7)
	for n := range uint64(20) {
		fmt.Fprintf(text, "stream %d %016x\n", n, stream.Bits(n))
	}
	for _, s := range []float64{0, 0.8, 1, 1.2} {
		z := must(NewZipf(5_000_000, s))
		for n := range uint64(100) {
			fmt.Fprintf(text, "zipf %g %d %d\n", s, n, z.Choose(stream.Bits(n)))
		}
	}
	v := must(NewIntensity(evenings(), -5*3600, 1_700_000_123, 40*86400, []Episode{{86400e9, 90000e9, 2.5}}))
	at, ok := int64(0), true
	for n := uint64(0); ok; n++ {
		fmt.Fprintf(text, "arrival %d\n", at)
		at, ok = v.Next(at, -20000*log(stream.Uniform(n)))
	}
}
