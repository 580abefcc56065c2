//go:build unix

package reports_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/reports"
	"invitesim/reports/internal/sample"
)

// fullDisk names the directory that a process with a small limit on the size of files writes to.
const fullDisk = "INVITESIM_TEST_FULL_DISK"

// TestFullDisk runs itself in a second process, in which writing a larger file fails halfway as on a full disk.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv(fullDisk); dir != "" {
		writeLimited(t, dir)
		return
	}
	fresh, earlier, forced := filepath.Join(t.TempDir(), "new", "dir"), t.TempDir(), filepath.Join(t.TempDir(), "forced")
	write(t, earlier, sample.SteadyWeek(), svg())
	write(t, forced, sample.SteadyWeek(), svg())
	before := tree(t, earlier)
	for _, dir := range []string{fresh, earlier, forced} {
		child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
		child.Env = append(os.Environ(), fullDisk+"="+dir)
		if text, err := child.CombinedOutput(); err != nil || !strings.Contains(string(text), "PASS: TestFullDisk") {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	if diff := cmp.Diff(before, tree(t, earlier)); diff != "" {
		t.Error("the earlier result was changed:\n" + diff)
	}
	if diff := cmp.Diff(before, tree(t, forced)); diff != "" {
		t.Error("what was to be replaced was changed:\n" + diff)
	}
	if beside := names(tree(t, filepath.Dir(forced))); len(beside) != len(before) {
		t.Errorf("left behind beside the directory to be replaced: %v", beside)
	}
	if _, err := os.Stat(filepath.Dir(fresh)); err == nil {
		t.Error("the new directory was left behind")
	}
}

func writeLimited(t *testing.T, dir string) {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 30_000, Max: 30_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip(err)
	}
	options := svg()
	options.Force = filepath.Base(dir) == "forced"
	err := reports.Write(dir, sample.Result(sample.HalfYear()), nil, options)
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a file over the limit was written, or the error does not say where: %v", err)
	}
}
