package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// partialEnding marks files that are being written. A process that is killed leaves them behind; the next one takes them
// away.
const partialEnding = ".partial"

func isPartial(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, partialEnding)
}

// WriteFile writes a file whole or not at all: under a temporary name beside its place first, and under its own once it is on disk. It makes
// the directories that it needs. A file that is there already keeps its permissions. The path may have slashes on every system.
func WriteFile(path string, content []byte) error {
	dir, name := filepath.Split(filepath.FromSlash(path))
	return WriteFiles(filepath.Clean(dir), map[string][]byte{name: content})
}

// WriteFiles writes files, by their names, into a directory, which it makes: all of them or none, each as WriteFile does.
func WriteFiles(dir string, contents map[string][]byte) error {
	var files []file
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		files = append(files, file{name, contents[name]})
	}
	if err := writeAll(dir, files); err != nil {
		return fmt.Errorf("write to %s: %w", dir, err)
	}
	syncDir(dir)
	return nil
}

// place puts files into a directory that may be claimed, and takes away what an earlier result may have left there: those gone that are not among
// the files. Force replaces the directory.
func place(dir string, files []file, gone []string, force bool) error {
	if err := Claim(dir, force); err != nil {
		return err
	}
	var err error
	if force {
		err = replace(dir, files)
	} else {
		err = publish(dir, files, gone)
	}
	if err != nil {
		return fmt.Errorf("write to %s: %w", dir, err)
	}
	return nil
}

// publish writes files into a directory, which it makes, and removes the stale ones that are not among them.
func publish(dir string, files []file, stale []string) error {
	if err := writeAll(dir, files); err != nil {
		return err
	}
	return tidy(dir, slices.DeleteFunc(slices.Clone(stale), func(path string) bool {
		return slices.ContainsFunc(files, func(f file) bool { return f.path == path })
	}))
}

// writeAll writes files into a directory, which it makes. First all content goes to disk under temporary names, then every file gets its own
// name: an error in the first part, in which disks fill up, leaves the directory as it was.
func writeAll(dir string, files []file) (err error) {
	made, err := makeDirs(dir, files)
	partials := make([]string, 0, len(files))
	defer func() {
		if err == nil {
			return
		}
		for _, partial := range partials {
			os.Remove(partial)
		}
		for i := len(made) - 1; i >= 0; i-- {
			os.Remove(made[i])
		}
	}()
	if err != nil {
		return err
	}
	for _, f := range files {
		target := onDisk(dir, f.path)
		partial := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d%s", filepath.Base(target), os.Getpid(), partialEnding))
		partials = append(partials, partial)
		if err := writeWhole(partial, f.content); err != nil {
			return fmt.Errorf("%s: %w", f.path, reason(err))
		}
		if err := permitAs(target, partial); err != nil {
			return err
		}
	}
	for i, f := range files {
		if err := os.Rename(partials[i], onDisk(dir, f.path)); err != nil {
			return err
		}
	}
	return nil
}

// permitAs gives a file the permissions of the one that it is to replace, if there is one.
func permitAs(target, partial string) error {
	before, err := os.Stat(target)
	if err != nil {
		return nil // nothing there to go by
	}
	return os.Chmod(partial, before.Mode().Perm())
}

// makeDirs makes the directories of the files and returns those that were not there before, outermost first.
func makeDirs(dir string, files []file) (made []string, err error) {
	wanted := []string{dir}
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		if _, err := os.Stat(parent); err == nil || parent == filepath.Dir(parent) {
			break
		}
		wanted = append([]string{parent}, wanted...)
	}
	for _, f := range files {
		if parent := filepath.Dir(onDisk(dir, f.path)); parent != wanted[len(wanted)-1] && parent != filepath.Clean(dir) {
			wanted = append(wanted, parent)
		}
	}
	for _, path := range wanted {
		err := os.Mkdir(path, 0o777)
		if err == nil {
			made = append(made, path)
		} else if info, statErr := os.Stat(path); statErr != nil || !info.IsDir() {
			return made, err
		}
	}
	return made, nil
}

// writeWhole writes a file and waits until it is on disk.
func writeWhole(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// tidy removes stale files, what killed processes left behind and a directory of charts without any, and waits until the names are on
// disk.
func tidy(dir string, stale []string) error {
	for _, path := range stale {
		if err := os.Remove(onDisk(dir, path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, path := range []string{filepath.Join(dir, chartsDir), dir} {
		entries, err := os.ReadDir(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if isPartial(entry.Name()) {
				os.Remove(filepath.Join(path, entry.Name()))
			}
		}
		if path != dir {
			os.Remove(path) // succeeds only where it is empty
		}
		syncDir(path)
	}
	return nil
}

// Remove takes the files of a result away, and the directory with them where it holds nothing else.
func Remove(dir string) error {
	if err := tidy(dir, append(passing(), always()...)); err != nil {
		return fmt.Errorf("remove the result in %s: %w", dir, err)
	}
	os.Remove(dir) // succeeds only where it is empty
	return nil
}

// syncDir makes names durable where the file system can; that it cannot is no reason to fail.
func syncDir(path string) {
	if d, err := os.Open(path); err == nil {
		d.Sync()
		d.Close()
	}
}
