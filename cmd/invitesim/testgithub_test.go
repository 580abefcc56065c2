package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"invitesim/scenarios"
)

// annotated is what a call in a workflow writes for an annotation.
func annotated(env map[string]string, a annotation) string {
	var stderr strings.Builder
	c := &call{stderr: &stderr, environ: entries(env)}
	c.annotate(a)
	return stderr.String()
}

// What a file or a message says must not become a command of the workflow, nor another property.
func TestAnnotationsAreEscaped(t *testing.T) {
	in := map[string]string{"GITHUB_ACTIONS": "true"}
	got := annotated(in, annotation{file: "a,b:c.yaml", line: 3, column: 7, title: "100 %: x\n::warning::y", message: "50 % of\r\nall, a: b"})
	want := "::error file=a%2Cb%3Ac.yaml,line=3,col=7,title=100 %25%3A x%0A%3A%3Awarning%3A%3Ay::50 %25 of%0D%0Aall, a: b\n"
	if got != want {
		t.Errorf("found    %q\nexpected %q", got, want)
	}
	if got := annotated(in, annotation{line: 3, title: "t", message: "m"}); got != "::error title=t::m\n" {
		t.Errorf("without a file found %q", got)
	}
	for _, env := range []map[string]string{{}, {"GITHUB_ACTIONS": "false"}} {
		if got := annotated(env, annotation{message: "m"}); got != "" {
			t.Errorf("outside of a workflow found %q", got)
		}
	}
}

// Workflows know files by their path in the repository, wherever the program was called.
func TestAnnotationsNameFilesOfTheRepository(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": filepath.Dir(here)}
	inside := filepath.Base(here) + "/mine.yaml"
	for file, want := range map[string]string{
		"mine.yaml": inside, filepath.Join(here, "mine.yaml"): inside, "../../elsewhere.yaml": "../../elsewhere.yaml",
	} {
		if got := annotated(env, annotation{file: file, message: "m"}); got != "::error file="+want+"::m\n" {
			t.Errorf("%s is called %q", file, got)
		}
	}
}

func TestMistakesOfFlagsHaveNoFile(t *testing.T) {
	if a := mistakeAnnotation(&scenarios.Mistake{File: "--set a=b", Column: 3}); a.file != "" || a.column != 0 {
		t.Errorf("found %+v", a)
	}
	if a := mistakeAnnotation(&scenarios.Mistake{File: "a.yaml", Line: 2, Column: 3}); a.file != "a.yaml" || a.line != 2 || a.column != 3 {
		t.Errorf("found %+v", a)
	}
}
