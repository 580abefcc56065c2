package scenarios

import (
	_ "embed"
	"io/fs"
	"path"
	"strings"
)

// Entry is one scenario of the shipped library.
type Entry struct {
	Name    string
	Purpose string // the question that it answers, in one line
}

// Library returns the shipped scenarios by name.
func Library() []Entry {
	var all []Entry
	for _, name := range libraryNames() {
		content, _ := Open(name)
		entry := Entry{Name: name}
		for line := range strings.Lines(content) {
			if purpose, ok := strings.CutPrefix(line, "purpose:"); ok {
				entry.Purpose = strings.TrimSpace(purpose)
			}
		}
		all = append(all, entry)
	}
	return all
}

// Open returns the file of a shipped scenario; false if there is none of that name.
func Open(name string) (content string, ok bool) {
	if !isShipped(name) {
		return "", false
	}
	file, err := shipped.ReadFile(libraryFile(name))
	return string(file), err == nil
}

// OpenBaseline returns the accepted figures of a shipped scenario, as the file beside it holds them; false if there are none.
func OpenBaseline(name string) (content string, ok bool) {
	if !isShipped(name) {
		return "", false
	}
	file, err := shipped.ReadFile("library/" + BaselineFile(name))
	return string(file), err == nil
}

// BaselineFile returns the path of the accepted figures of a scenario, which lie beside it: given its file, or its name for the name alone.
func BaselineFile(scenario string) string {
	return strings.TrimSuffix(scenario, ".yaml") + ".baseline.json"
}

func libraryNames() []string {
	files, err := fs.Glob(shipped, libraryFile("*"))
	if err != nil {
		panic("scenarios: the library cannot be listed: " + err.Error())
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(path.Base(file), ".yaml"))
	}
	return names
}

//go:embed new.yaml
var startingFile string

// New returns a commented scenario to start from, under the given name: letters, digits, `-` and `_`. With another name it does not load.
func New(name string) string {
	return strings.Replace(startingFile, "scenario: NAME", "scenario: "+name, 1)
}
