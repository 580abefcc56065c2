package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"invitesim/reports/chart"
	"invitesim/scenarios"
	"invitesim/sim/virtual"
)

// TestGallery compares the charts of shipped scenarios that README.md and the page of the gallery show with what is drawn now, or draws
// them with -update (`make gallery`). The page has a chart of every shipped scenario but those that it says why it leaves out.
func TestGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	t.Parallel()
	folder := filepath.Join(root(t), "reports", "gallery")
	page := readText(t, filepath.Join(folder, "README.md"))
	link := regexp.MustCompile(`\]\((?:reports/gallery/)?([a-z0-9-]+)\.svg\)`)
	shown := map[string][]string{} // scenario to charts
	for _, match := range link.FindAllStringSubmatch(page+readText(t, filepath.Join(root(t), "README.md")), -1) {
		scenario, name := splitPicture(match[1])
		if !slices.Contains(shown[scenario], name) {
			shown[scenario] = append(shown[scenario], name)
		}
	}
	for _, entry := range scenarios.Library() {
		if !strings.Contains(page, "`"+entry.Name+"`") || !strings.Contains(page, entry.Purpose) {
			t.Errorf("the page of the gallery does not show %s with its question %q", entry.Name, entry.Purpose)
		}
		if len(shown[entry.Name]) == 0 && entry.Name != "million-members" {
			t.Errorf("the gallery has no chart of %s", entry.Name)
		}
	}
	for _, picture := range pictures(t, folder) {
		scenario, name := splitPicture(picture)
		if !slices.Contains(shown[scenario], name) {
			t.Errorf("neither README.md nor the page of the gallery shows %s.svg", picture)
		}
	}
	for scenario, charts := range shown {
		if scenario == "" {
			continue // drawn by the wall clock, where no two runs are the same
		}
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			drawPictures(t, folder, scenario, charts)
		})
	}
}

// pictures returns the names of the pictures in a folder, without their ending.
func pictures(t *testing.T, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.svg"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".svg"))
	}
	return names
}

// splitPicture parts the name of a picture, SCENARIO-CHART; no scenario for a picture of something else.
func splitPicture(picture string) (scenario, chart string) {
	for _, name := range scenarioNames() {
		if chart, ok := strings.CutPrefix(picture, name+"-"); ok {
			return name, chart
		}
	}
	return "", picture
}

// drawPictures runs a scenario and compares some of its charts with the pictures in a folder, or writes them with -update.
func drawPictures(t *testing.T, folder, scenario string, names []string) {
	plan, _, mistakes := scenarios.Load(scenarios.Source{Name: scenario}, scenarios.Options{})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	result, _, err := virtual.Run(context.Background(), plan, virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	charts := chart.All(result)
	for _, name := range names {
		i := slices.IndexFunc(charts, func(c chart.Chart) bool { return c.Name == name })
		if i < 0 || charts[i].Why != "" {
			t.Errorf("the gallery shows %s of %s, which is not drawn", name, scenario)
			continue
		}
		var picture strings.Builder
		if err := charts[i].Render(&picture, "svg"); err != nil {
			t.Fatal(err)
		}
		comparePicture(t, filepath.Join(folder, scenario+"-"+name+".svg"), picture.String())
	}
}

// comparePicture wants a file to hold a picture; with -update it makes it so.
func comparePicture(t *testing.T, path, picture string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(picture), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != picture {
		t.Errorf("%s is not what the program draws (%v): run `make gallery`, and look at it", path, err)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
