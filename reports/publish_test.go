package reports_test

import (
	"os"
	"path/filepath"
	"testing"

	"invitesim/reports"
)

// A file is written with the directories that it needs, and replaced as a whole; it keeps its permissions, and nothing else is left.
func TestWriteFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "some", "where")
	path := filepath.Join(dir, "a.json")
	if err := reports.WriteFile(path, []byte("a first text")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := reports.WriteFile(path, []byte("another")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "another" {
		t.Errorf("found %q, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("found %v, %v: expected the permissions that it had", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("found %v beside it, %v", entries, err)
	}
}

// What cannot be written leaves no directory behind.
func TestWriteFileLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := reports.WriteFile(filepath.Join(dir, "new", "x\x00y"), []byte("text")); err == nil {
		t.Error("a name with a zero in it was written")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("found %v, %v: expected nothing", entries, err)
	}
}
