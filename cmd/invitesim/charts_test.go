package main

import (
	"slices"
	"testing"
)

func TestChartFormats(t *testing.T) {
	for text, want := range map[string][]string{"svg": {"svg"}, "png,svg,png": {"png", "svg"}, "none": {}} {
		var f chartFormats
		if err := f.Set(text); err != nil || !slices.Equal(f.list, want) || f.list == nil || f.String() != text {
			t.Errorf("--charts %s: found %q, %v, expected %q", text, f.list, err, want)
		}
	}
	for _, text := range []string{"", "gif", "svg,", "svg,none", "none,svg", "SVG"} {
		f := chartFormats{"svg", []string{"svg"}}
		if err := f.Set(text); err == nil || f.text != "svg" || len(f.list) != 1 {
			t.Errorf("--charts %q: found %+v, %v, expected a mistake", text, f, err)
		}
	}
}
