package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// OccupiedError says that a directory holds something that is no earlier result.
type OccupiedError struct {
	Dir   string
	Found string // what stands in the way
}

func (e *OccupiedError) Error() string {
	return fmt.Sprintf("%s holds %s and no result of an earlier run (expected an empty directory or an earlier result; --force replaces it, with all that it holds)",
		e.Dir, e.Found)
}

// Claim says whether a result can be written into a directory, which need not exist: an empty one or one with an earlier result
// can; any other answers OccupiedError, unless force is set, which is to replace the directory: then it may not hold the working or the home
// directory, nor be the top of a repository. What is no directory, or cannot be written to, is an error always. Claim leaves everything as it was; a run should call it
// before it starts.
func Claim(dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return writable(dir)
	}
	if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file (expected a directory for the result)", dir)
	}
	if err != nil {
		return fmt.Errorf("claim a result directory: %w", err)
	}
	if force {
		return replaceable(dir)
	}
	if found := strangers(dir, entries); found != "" {
		return &OccupiedError{Dir: dir, Found: found}
	}
	return writable(dir)
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
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is a file (expected a directory for the result)", dir)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir {
			return fmt.Errorf("claim a result directory: %w", err)
		}
		dir = filepath.Dir(dir)
	}
	probe, err := os.CreateTemp(dir, ".claim.*"+partialEnding)
	if err != nil {
		return fmt.Errorf("claim a result directory: %w", err)
	}
	probe.Close()
	return os.Remove(probe.Name())
}
