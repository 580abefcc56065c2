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

// Replacement is a directory that is being made beside another one, whose place it takes once it is whole. Until then, or if it comes to
// nothing, the other one stays as it is, with all that it holds.
type Replacement struct {
	dir    string      // of which the place is taken
	stands bool        // there is one in that place
	mode   fs.FileMode // its permissions
}

// Replace begins a replacement of a directory, which may hold anything. Where there is none, what is made goes to its place from the beginning.
// Claim has to allow it.
func Replace(dir string) (*Replacement, error) {
	dir, err := resolved(dir)
	if err != nil {
		return nil, err
	}
	r := &Replacement{dir: dir}
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.stands, r.mode = true, info.Mode().Perm()
	if err := r.Discard(); err != nil { // what a process of the same number left
		return nil, err
	}
	if err := os.Mkdir(r.Dir(), 0o777); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Dir(dir), reason(err))
	}
	return r, nil
}

// Dir returns where to write until the replacement is finished.
func (r *Replacement) Dir() string {
	if !r.stands {
		return r.dir
	}
	return beside(r.dir, os.Getpid(), "new")
}

// Finish puts the new directory into the place of the old one, which goes with all that it holds. What processes that were killed in the
// middle of this left beside it is taken away.
func (r *Replacement) Finish() error {
	defer sweep(r.dir)
	if !r.stands {
		return nil
	}
	next, last := r.Dir(), beside(r.dir, os.Getpid(), "old")
	if err := os.Chmod(next, r.mode); err != nil {
		return errors.Join(err, r.Discard())
	}
	if err := os.Rename(r.dir, last); err != nil {
		return errors.Join(err, r.Discard())
	}
	if err := os.Rename(next, r.dir); err != nil {
		return errors.Join(err, os.Rename(last, r.dir), r.Discard())
	}
	syncDir(filepath.Dir(r.dir))
	if err := os.RemoveAll(last); err != nil {
		return fmt.Errorf("the new result is in place, and the rest of what was there before in %s: %w", last, err)
	}
	return nil
}

// Discard takes away what was made, and leaves what it was to replace. Where there was nothing to replace, what was made stays.
func (r *Replacement) Discard() error {
	if !r.stands {
		return nil
	}
	return os.RemoveAll(r.Dir())
}

// replace puts a directory that holds the files, and nothing else, into the place of one that may hold anything. An error leaves that as it
// was.
func replace(dir string, files []file) error {
	r, err := Replace(dir)
	if err != nil {
		return err
	}
	if err := publish(r.Dir(), files, nil); err != nil {
		return errors.Join(err, r.Discard())
	}
	return r.Finish()
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
