package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// replace puts a directory that holds the files, and nothing else, into the place of one that may hold anything. The new one is written
// beside the old one, which stays whole until the two have changed places: an error before that leaves it as it was. What processes that were
// killed in the middle of this left beside it is taken away.
func replace(dir string, files []file) error {
	dir, err := resolved(dir)
	if err != nil {
		return err
	}
	before, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		defer sweep(dir)
		return publish(dir, files, nil)
	}
	if err != nil {
		return err
	}
	next, last := beside(dir, os.Getpid(), "new"), beside(dir, os.Getpid(), "old")
	if err := publish(next, files, nil); err != nil {
		return err
	}
	if err := os.Chmod(next, before.Mode().Perm()); err != nil {
		return errors.Join(err, os.RemoveAll(next))
	}
	if err := os.Rename(dir, last); err != nil {
		return errors.Join(err, os.RemoveAll(next))
	}
	if err := os.Rename(next, dir); err != nil {
		return errors.Join(err, os.Rename(last, dir), os.RemoveAll(next))
	}
	syncDir(filepath.Dir(dir))
	if err := os.RemoveAll(last); err != nil {
		return fmt.Errorf("the new result is in place, and the rest of what was there before in %s: %w", last, err)
	}
	sweep(dir)
	return nil
}

// beside names a directory beside another one, for the time of a replacement by a process: what is new, or what is old.
func beside(dir string, process int, what string) string {
	return filepath.Join(filepath.Dir(dir), fmt.Sprintf(".%s.%d.%s%s", filepath.Base(dir), process, what, partialEnding))
}

// sweep removes what processes that are no more have left beside a directory. What it cannot remove stays: the result is in place.
func sweep(dir string) {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return
	}
	for _, entry := range entries {
		rest, ours := strings.CutPrefix(entry.Name(), "."+filepath.Base(dir)+".")
		number, what, _ := strings.Cut(strings.TrimSuffix(rest, partialEnding), ".")
		process, err := strconv.Atoi(number)
		if !ours || err != nil || process <= 0 || running(process) {
			continue
		}
		if path := beside(dir, process, what); (what == "new" || what == "old") && filepath.Base(path) == entry.Name() {
			os.RemoveAll(path)
		}
	}
}

// running says whether a process runs, as far as the system tells.
func running(process int) bool {
	p, err := os.FindProcess(process)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, fs.ErrPermission)
}

// replaceable says whether replace may put another directory into the place of this one, which exists. What nobody means to lose to a result is
// refused: the directory that one works in, the home directory, what holds one of them, and the top of a repository.
func replaceable(dir string) error {
	dir, err := resolved(dir)
	if err != nil {
		return err
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	const elsewhere = "for --force to replace it, a directory below or elsewhere"
	kept := map[string]string{"the working directory": here}
	if home, err := os.UserHomeDir(); err == nil {
		kept["the home directory"] = home
	}
	for _, what := range slices.Sorted(maps.Keys(kept)) {
		path, err := resolved(kept[what])
		if err != nil {
			return err
		}
		if holds(dir, path) {
			return &UnfitError{dir, "is " + what + " or holds it", elsewhere}
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		return &UnfitError{dir, "is the top of a repository", elsewhere}
	}
	return writable(filepath.Dir(dir))
}

// holds says whether a path is a directory or lies below it, both absolute and without links.
func holds(dir, path string) bool {
	below, err := filepath.Rel(dir, path)
	return err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator))
}

// resolved returns the absolute path of a directory, without symbolic links where it exists.
func resolved(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	direct, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return dir, nil
	}
	return direct, err
}
