package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// UnfitError says that no result may go into a directory, whatever the machine allows: it is none, holds something else, or something that
// is not to be lost.
type UnfitError struct {
	Dir      string
	Found    string // what it is, or holds
	Expected string
}

func (e *UnfitError) Error() string {
	return fmt.Sprintf("%s %s (expected %s)", e.Dir, e.Found, e.Expected)
}

// Claim says whether a result can be written into a directory, which need not exist: an empty one or one with an earlier result
// can; any other answers UnfitError, unless force is set, which is to replace the directory: then it may not hold the working or the home
// directory, nor be the top of a repository. What is no directory answers UnfitError always, and what cannot be written to is another error.
// Claim leaves everything as it was; a run should call it before it starts.
func Claim(dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	if absent(err) {
		_, missing := os.Stat(dir)
		if _, err := os.Readlink(dir); err == nil && errors.Is(missing, fs.ErrNotExist) {
			return &UnfitError{dir, "is a link to nowhere", "a directory for the result"}
		}
		return writable(dir)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w (expected a directory for the result)", dir, reason(err))
	}
	if force {
		return replaceable(dir)
	}
	if found := strangers(dir, entries); found != "" {
		return &UnfitError{
			dir, "holds " + found + " and no result of an earlier run",
			"an empty directory or an earlier result; --force replaces it, with all that it holds",
		}
	}
	return writable(dir)
}

// absent says whether nothing is there by a name, be it that what stands above it is a file.
func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) }

func isFile(path string) error {
	return &UnfitError{path, "is a file", "a directory for the result"}
}

// strangers names what a directory without a result holds, and nothing where it holds a result.
func strangers(dir string, entries []fs.DirEntry) string {
	if hasSchema(filepath.Join(dir, resultFile), "invitesim.result/") || hasSchema(filepath.Join(dir, manifestFile), "invitesim.manifest/") {
		return ""
	}
	if hasSchema(filepath.Join(dir, compareFile), "invitesim.") {
		return "" // a comparison of policies has the same directory as a run, and other files
	}
	var names []string
	for _, entry := range entries {
		if !isPartial(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	const named = 3
	switch {
	case len(names) == 0:
		return ""
	case len(names) <= named:
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:named], ", "), len(names)-named)
}

// hasSchema says whether the file is JSON of the format whose name begins so, in any version.
func hasSchema(path, prefix string) bool {
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	var head struct{ Schema string }
	return json.Unmarshal(text, &head) == nil && strings.HasPrefix(head.Schema, prefix)
}

// writable tries whether files can be made in a directory, or in the nearest one above it that exists.
func writable(dir string) error {
	above := dir
	for {
		info, err := os.Stat(above)
		if err == nil && !info.IsDir() {
			return isFile(above)
		}
		if err == nil {
			break
		}
		if !absent(err) || filepath.Dir(above) == above {
			return unwritable(dir, above, err)
		}
		above = filepath.Dir(above)
	}
	probe, err := os.CreateTemp(above, ".claim.*"+partialEnding)
	if err != nil {
		return unwritable(dir, above, err)
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// unwritable says why nothing can be made in the directory above a result, without the name of what was tried.
func unwritable(dir, above string, err error) error {
	where := dir
	if above != dir {
		where += ": " + above
	}
	return fmt.Errorf("%s cannot be written to: %w (expected a directory in which files can be made)", where, reason(err))
}

// reason is what the machine says of a file, without the file's name.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
