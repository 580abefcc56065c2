package main

import (
	"fmt"
	"slices"
	"strings"

	"invitesim/reports/chart"
)

// chartFormats is the value of a flag that says in which formats charts are drawn.
type chartFormats struct {
	text string   // as it was given
	list []string // each once, in the order given; empty for none, and nil where nothing was given
}

func (f *chartFormats) String() string { return f.text }

func (f *chartFormats) Set(text string) error {
	list := []string{}
	for format := range strings.SplitSeq(text, ",") {
		if text == "none" {
			break
		}
		if !slices.Contains(chart.Formats(), format) {
			return fmt.Errorf("expected none, or some of %s", strings.Join(chart.Formats(), ", "))
		}
		if !slices.Contains(list, format) {
			list = append(list, format)
		}
	}
	f.text, f.list = text, list
	return nil
}

func (f *chartFormats) Type() string { return "formats" }
