package reports_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"invitesim/reports"
	"invitesim/reports/internal/sample"
)

// TestForceTakesAwayWhatTheKilledLeft replaces a directory beside which a process that is no more, and one that runs, have directories.
func TestForceTakesAwayWhatTheKilledLeft(t *testing.T) {
	parent := t.TempDir()
	gone := exec.Command(os.Args[0], "-test.run=^$")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	left := fmt.Sprintf(".out.%d.", gone.Process.Pid)
	for name, stays := range map[string]bool{
		left + "new.partial": false, left + "old.partial": false,
		left + "other.partial": true, left + "new": true, "." + left[1:] + "partial": true,
		fmt.Sprintf(".out.%d.new.partial", os.Getppid()): true, ".outer" + left[4:] + "new.partial": true, ".out.x.new.partial": true,
	} {
		path := filepath.Join(parent, name)
		if err := os.MkdirAll(filepath.Join(path, "charts"), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(parent, "out"), sample.SteadyWeek(), reports.Options{Force: true})
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: there behind a replacement: %v, expected %v", name, err == nil, stays)
		}
	}
}
