package latency

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestCollectorSeesThePausesSinceItsStart(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // only those that the test asks for
	runtime.GC()
	since := time.Now()
	if marks := NewCollector(since).Marks(time.Hour); len(marks) != 0 {
		t.Errorf("%d collections before the first", len(marks))
	}
	runtime.GC()
	runtime.GC()
	marks := NewCollector(since).Marks(time.Hour)
	if len(marks) != 2 || marks[0].AtS > marks[1].AtS || marks[0].AtS < 0 || marks[0].ForS <= 0 || marks[0].What != "collector" {
		t.Errorf("got %+v, want two pauses in order", marks)
	}
	second := time.Duration(marks[1].AtS * float64(time.Second))
	if marks := NewCollector(since).Marks(second - 1000); len(marks) != 1 {
		t.Errorf("got %+v, want the one pause of a run that ended before the second", marks)
	}
}

// What the runtime has forgotten since is still there where somebody looked.
func TestCollectorRemembersMoreThanTheRuntime(t *testing.T) {
	c := NewCollector(time.Now())
	for range 300 {
		runtime.GC()
		c.Look()
	}
	marks := c.Marks(time.Hour)
	if len(marks) < 300 {
		t.Errorf("%d pauses, want 300 or more", len(marks))
	}
	for i, mark := range marks[1:] {
		if mark.AtS < marks[i].AtS {
			t.Fatalf("pause %d, at %g s, comes after one at %g s", i+1, mark.AtS, marks[i].AtS)
		}
	}
}
