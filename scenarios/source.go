package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"invitesim/model"
)

// Source is where a scenario comes from.
type Source struct {
	// Name is a file, the name of a shipped scenario, or, where Text is given, what messages call it.
	Name string
	// Text is the scenario itself, such as standard input; nil to read Name.
	Text io.Reader
	// Files is where Name, and every file that a scenario names, is read from: Disk, or any other. It is asked for paths as the user wrote them,
	// with forward slashes. Nil for the shipped scenarios only.
	Files fs.FS
}

// Disk reads files by ordinary paths, absolute or relative to the working directory.
type Disk struct{}

// Open opens the named file for reading.
func (Disk) Open(name string) (fs.File, error) { return os.Open(filepath.FromSlash(name)) }

//go:embed library
var shipped embed.FS

// home is where the files that a source names are looked for.
type home struct {
	files fs.FS
	dir   string // empty for the root, or the working directory
}

// beside returns the path of a file that a source in this home names.
func (h home) beside(name string) string {
	if h.dir == "" || path.IsAbs(name) || filepath.IsAbs(name) {
		return name
	}
	return path.Join(h.dir, name)
}

// isShipped says whether name is that of a shipped scenario.
func isShipped(name string) bool {
	if strings.ContainsAny(name, "/\\.") {
		return false
	}
	_, err := fs.Stat(shipped, libraryFile(name))
	return err == nil
}

func libraryFile(name string) string { return "library/" + name + ".yaml" }

// open reads a source: a shipped scenario by its name, else a file of its home. It returns nil, with a mistake reported at the place that names it,
// where it cannot be read.
func (d *decoder) open(name string, in home, named position) (*source, []byte) {
	if isShipped(name) {
		in = home{files: shipped, dir: "library"}
		content, err := shipped.ReadFile(libraryFile(name))
		if err != nil {
			panic("scenarios: an embedded file cannot be read: " + err.Error())
		}
		return d.add(name, in), content
	}
	file := in.beside(name)
	from := d.add(file, home{files: in.files, dir: dirOf(file)})
	content, problem := readFile(in.files, file, maxFile)
	if problem == nil {
		return from, content
	}
	if named.source == nil {
		named = whole(from, problem)
	}
	d.incomplete = true
	expected := "a scenario file, or the name of a shipped one"
	d.report(named, "", problem.Error(), expected, in.nearest(name))
	return nil, nil
}

// nearest returns the scenario that may have been meant by a name that is none: the file that is called so but for its ending, or a shipped one.
func (h home) nearest(name string) string {
	if h.files != nil {
		if info, err := fs.Stat(h.files, h.beside(name+".yaml")); err == nil && !info.IsDir() {
			return name + ".yaml"
		}
	}
	return model.Nearest(name, libraryNames())
}

func dirOf(file string) string {
	if dir := path.Dir(filepath.ToSlash(file)); dir != "." {
		return dir
	}
	return ""
}

// add makes a source known under a name.
func (d *decoder) add(name string, in home) *source {
	s := &source{name: name, order: len(d.sources), home: in}
	d.sources = append(d.sources, s)
	return s
}

// readFile reads a file of at most so many bytes. Its errors say what was found.
func readFile(files fs.FS, name string, most int) ([]byte, error) {
	if files == nil {
		return nil, fmt.Errorf("there is no scenario called %s", quoted(name))
	}
	file, err := files.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", quoted(name))
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a directory", quoted(name))
	}
	return readLimited(file, quoted(name), most)
}

// errLong is among the problems of a text that is longer than any scenario.
var errLong = errors.New("is longer than")

// whole is the place of a problem with a text as such: where it begins, or nowhere if it cannot be read at all.
func whole(from *source, problem error) position {
	if errors.Is(problem, errLong) {
		return position{from, 1, 1}
	}
	return position{source: from}
}

// readLimited reads all of r, of which messages speak as name, if it is no longer than so many bytes.
func readLimited(r io.Reader, name string, most int) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if len(content) > most {
		return nil, fmt.Errorf("%s %w %d KiB", name, errLong, most>>10)
	}
	return content, nil
}

// unreadable says why a file cannot be read, without the name that package fs repeats.
func unreadable(name string, err error) error {
	if failed := (*fs.PathError)(nil); errors.As(err, &failed) {
		err = failed.Err
	}
	return fmt.Errorf("%s cannot be read (%w)", clip(name), err)
}

// read parses a text, after a look at the length of its lines.
func (d *decoder) read(from *source, content []byte) *node {
	from.lines = strings.Split(strings.ReplaceAll(string(content), "\r\n", "\n"), "\n")
	for i, line := range from.lines {
		if len(line) > maxLine {
			d.report(position{from, i + 1, 1}, "", fmt.Sprintf("found a line of %d bytes", len(line)), fmt.Sprintf("at most %d", maxLine))
			d.incomplete = true
			return nil
		}
	}
	return d.parse(content, from)
}
