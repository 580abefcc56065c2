package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"invitesim/reports"
	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// claim says whether files can go into a directory, before time is spent on making them.
func claim(directory string, force bool) error {
	err := reports.Claim(directory, force)
	var unfit *reports.UnfitError
	if errors.As(err, &unfit) {
		return mistake("--out %w", err)
	}
	if err != nil {
		return fmt.Errorf("--out %w", err)
	}
	return nil
}

// claim says whether the result can go into a directory, and whether the trace is safe from that.
func (s *simulation) claim(directory string) error {
	if err := claim(directory, s.force); err != nil {
		return err
	}
	if s.force && s.trace != "" && within(directory, s.trace) {
		return mistake("--trace %s is in %s, which --force replaces: expected a file elsewhere", s.trace, directory)
	}
	if path, ok := below(directory, s.trace); s.trace != "" && ok && reports.IsPart(filepath.ToSlash(path)) {
		return mistake("--trace %s is a file of the result in %s: expected a file elsewhere, or of another name", s.trace, directory)
	}
	reads := append(s.reads, s.policy)
	return several(spare(directory, s.force, reads...), s.spareTrace(reads...))
}

// spareTrace is the mistake of a trace that would be written over a file that the call reads.
func (s *simulation) spareTrace(reads ...string) error {
	trace, err := os.Stat(s.trace)
	if err != nil || !trace.Mode().IsRegular() {
		return nil
	}
	for _, path := range reads {
		if info, err := os.Stat(path); path != "-" && err == nil && os.SameFile(info, trace) {
			return mistake("--trace %s is what the call reads: expected another file", s.trace)
		}
	}
	return nil
}

// spare is the mistake of a directory that is to be replaced, with all that it holds, where it holds a file that the call reads. Directories
// among the paths are those that happen to be called like a shipped scenario or a policy.
func spare(directory string, force bool, reads ...string) error {
	for _, path := range reads {
		if info, err := os.Stat(path); force && err == nil && !info.IsDir() && within(directory, path) {
			return mistake("%s is in %s, which --force replaces: expected --out elsewhere", path, directory)
		}
	}
	return nil
}

// cannotRead is the failure for a result that cannot be read: each line of the reason is one.
func cannotRead(err error) error {
	var all problems
	for line := range strings.SplitSeq(err.Error(), "\n") {
		all = append(all, fail(exitUnusable, "%s", line))
	}
	return several(all...)
}

// within says whether a path is a directory or leads into it.
func within(directory, path string) bool {
	_, ok := below(directory, path)
	return ok
}

// below returns the path from a directory to what is in it; false for what is not.
func below(directory, path string) (string, bool) {
	rest, err := filepath.Rel(direct(directory), filepath.Join(direct(filepath.Dir(path)), filepath.Base(path)))
	return rest, err == nil && filepath.IsLocal(rest)
}

// direct returns the absolute path of a directory, without symbolic links where it exists.
func direct(directory string) string {
	full, err := filepath.Abs(directory)
	if err != nil {
		return directory
	}
	if resolved, err := filepath.EvalSymlinks(full); err == nil {
		return resolved
	}
	return full
}

// writeResult writes the result directory: all of it or nothing.
func (s *simulation) writeResult(directory string, result *sim.Result, manifest *sim.Manifest) error {
	return reports.Write(directory, result, manifest, reports.Options{Formats: s.charts.list, Force: s.force})
}

// printJSON prints a document on stdout as its file holds it.
func (c *call) printJSON(document any) error {
	text, err := reports.Encode(document)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%s", text)
	return nil
}

// printResult prints the result on stdout in the format that was asked for, and on stderr how fast it was made: that
// differs from run to run, and stdout does not.
func (c *call) printResult(s *simulation, directory string, result *sim.Result, manifest *sim.Manifest) error {
	if c.quiet {
		return nil
	}
	switch s.format.value {
	case "json":
		if err := c.printJSON(result); err != nil {
			return err
		}
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
	if within := chart.WithinWarmup(result); within != "" {
		c.note("%s\n", within)
	}
	return nil
}
