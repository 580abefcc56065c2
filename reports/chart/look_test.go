package chart_test

import (
	"os"
	"path/filepath"
	"testing"

	"invitesim/reports/chart"
	"invitesim/reports/internal/sample"
)

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip()
	}
	many := sample.HalfYear()
	many.Populations = []string{"a", "b", "c-long-name-of-population", "d", "e", "f", "g", "h", "i", "j"}
	long := sample.HalfYear()
	long.Weeks, long.StepS = 104, 86400
	wed := sample.SteadyWeek()
	wed.Weeks, wed.Start = 3, "2026-01-07T10:00:00Z"
	quiet := sample.SteadyWeek()
	quiet.Quiet = true
	for name, o := range map[string]sample.Options{"half": sample.HalfYear(), "week": sample.SteadyWeek(), "many": many, "long": long, "wed": wed, "quiet": quiet} {
		r := sample.Result(o)
		for _, c := range chart.All(r) {
			t.Log(name, c.Name, c.Why, c.Sentence)
			if c.Why != "" {
				continue
			}
			for _, f := range []string{"svg", "png", "pdf"} {
				if f != "svg" && name != "half" {
					continue
				}
				w, _ := os.Create(filepath.Join(dir, name+"-"+c.Name+"."+f))
				if err := c.Render(w, f); err != nil {
					t.Fatal(err)
				}
				w.Close()
			}
		}
	}
}
