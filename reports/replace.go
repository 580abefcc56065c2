package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// replace puts a directory that holds the files, and nothing else, into the place of one that may hold anything. The new one is written
// beside the old one, which stays whole until the two have changed places: an error before that leaves it as it was.
func replace(dir string, files []file) error {
	dir, err := resolved(dir)
	if err != nil {
		return err
	}
	before, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return publish(dir, files, nil)
	}
	if err != nil {
		return err
	}
	beside := filepath.Join(filepath.Dir(dir), fmt.Sprintf(".%s.%d", filepath.Base(dir), os.Getpid()))
	next, last := beside+".new"+partialEnding, beside+".old"+partialEnding
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
	return nil
}

// replaceable says whether replace could put another directory into the place of this one, which exists.
func replaceable(dir string) error {
	dir, err := resolved(dir)
	if err != nil {
		return err
	}
	here, err := os.Getwd()
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if err != nil {
		return err
	}
	if below, err := filepath.Rel(dir, here); err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return fmt.Errorf("%s is the working directory or holds it (expected, for --force to replace it, a directory below or elsewhere)", dir)
	}
	return writable(filepath.Dir(dir))
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
