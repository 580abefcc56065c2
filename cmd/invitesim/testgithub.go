package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"invitesim/reports/figure"
	"invitesim/scenarios"
)

// annotation is a failure that is to be shown beside the file that it is about.
type annotation struct {
	file         string // empty for none
	line, column int    // from 1; 0 for none
	title        string
	message      string
}

// annotate writes the annotation where the program runs in a workflow that shows annotations. It goes to stderr: workflows read both
// streams, and stdout may be a document.
func (c *call) annotate(a annotation) {
	if on, _ := c.env("GITHUB_ACTIONS"); on != "true" {
		return
	}
	var properties []string
	add := func(key, value string) {
		if value != "" {
			properties = append(properties, key+"="+escapeProperty(value))
		}
	}
	add("file", c.inWorkspace(a.file))
	if a.line > 0 && a.file != "" {
		add("line", fmt.Sprint(a.line))
		if a.column > 0 {
			add("col", fmt.Sprint(a.column))
		}
	}
	add("title", a.title)
	fmt.Fprintf(c.stderr, "::error %s::%s\n", strings.Join(properties, ","), escapeData(a.message))
}

// inWorkspace returns the path of a file from the checked out repository on, by which workflows know it.
func (c *call) inWorkspace(file string) string {
	root, ok := c.env("GITHUB_WORKSPACE")
	if file == "" || !ok || root == "" {
		return file
	}
	full, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil {
		return file
	}
	inside, err := filepath.Rel(root, full)
	if err != nil || inside == ".." || strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		return file
	}
	return filepath.ToSlash(inside)
}

// escapeData writes the text of a workflow command.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", figure.ThinSpace, " ").Replace(text)
}

// escapeProperty writes a property of a workflow command.
func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C", figure.ThinSpace, " ").Replace(text)
}

// mistakeAnnotation shows a mistake in a scenario file at its place.
func mistakeAnnotation(m *scenarios.Mistake) annotation {
	a := annotation{title: "unusable scenario", message: m.Error()}
	if !strings.HasPrefix(m.File, "--") {
		a.file, a.line, a.column = m.File, m.Line, m.Column
	}
	return a
}

// annotateFailures shows what a scenario failed at, a threshold at its line.
func (c *call) annotateFailures(s *subject) {
	file := s.path
	if s.shipped {
		file = ""
	}
	for _, err := range s.failures {
		message, line := err.Error(), 1
		if s.against != nil && exitCode(err) == exitRegression {
			message = strings.Join(s.against.Lines(inAnnotation), "\n")
		}
		if exitCode(err) == exitThreshold {
			line = s.lineOfThreshold(file, message)
		}
		c.annotate(annotation{file: file, line: line, title: s.plan.Name, message: message})
	}
}

// lineOfThreshold returns the line of a file in which the threshold stands that a message is about.
func (s *subject) lineOfThreshold(file, message string) int {
	for i := range s.result.Thresholds {
		if strings.Contains(message, " "+s.result.Thresholds[i].That+":") && i < len(s.plan.Thresholds) {
			return lineOf(file, s.plan.Thresholds[i].That)
		}
	}
	return 1
}

// inAnnotation is how many figures an annotation names.
const inAnnotation = 8

// lineOf returns the line of a file that holds a text, spaces aside; 1 where none does.
func lineOf(file, text string) int {
	content, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		return 1
	}
	wanted := strings.Join(strings.Fields(text), "")
	for i, line := range strings.Split(string(content), "\n") {
		if strings.Contains(strings.Join(strings.Fields(line), ""), wanted) {
			return i + 1
		}
	}
	return 1
}

// appendStepSummary adds the summary to the page of the workflow's run, where there is one.
func (c *call) appendStepSummary(markdown string) error {
	path, _ := c.env("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("append the summary to GITHUB_STEP_SUMMARY: %w", err)
	}
	_, err = file.WriteString(markdown + "\n")
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("append the summary to GITHUB_STEP_SUMMARY: %w", err)
	}
	return nil
}
