package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"invitesim/reports"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// claim says whether the result can go into a directory, before time is spent on making it.
func (s *simulation) claim(directory string) error {
	err := reports.Claim(directory, s.force)
	var occupied *reports.OccupiedError
	if errors.As(err, &occupied) {
		return &failure{exitUsage, err}
	}
	if err == nil && s.force && s.trace != "" && within(directory, s.trace) {
		return mistake("--trace %s is in %s, which --force replaces: expected a file elsewhere", s.trace, directory)
	}
	return err
}

// within says whether a path leads into a directory.
func within(directory, path string) bool {
	directory, directoryErr := filepath.Abs(directory)
	path, pathErr := filepath.Abs(path)
	return directoryErr == nil && pathErr == nil && strings.HasPrefix(path, directory+string(filepath.Separator))
}

// writeResult writes the result directory: all of it or nothing.
func (s *simulation) writeResult(directory string, result *sim.Result, manifest *sim.Manifest) error {
	return reports.Write(directory, result, manifest, reports.Options{Formats: s.charts.list, Force: s.force})
}

// printResult prints the result on stdout in the format that was asked for, and on stderr how fast it was made: that
// differs from run to run, and stdout does not.
func (c *call) printResult(s *simulation, directory string, result *sim.Result, manifest *sim.Manifest) error {
	if c.quiet {
		return nil
	}
	switch s.format.value {
	case "json":
		text, err := reports.Encode(result)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s", text)
	case "markdown":
		fmt.Fprint(c.stdout, reports.Markdown(result, s.charts.list))
	default:
		width, coloured := c.terminal()
		if err := reports.Text(c.stdout, result, width, coloured); err != nil {
			return err
		}
	}
	c.note("%s commands in %s (%s/s), result in %s\n", figure.Count(manifest.Commands),
		figure.Duration(manifest.WallS), figure.Number(manifest.CommandsPerS), directory)
	return nil
}
