package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestSameBytesOnBothArchitectures runs shipped scenarios with a binary of the other architecture under an emulator: every
// file but manifest.json must be the same, byte for byte (and so the digest of the history that is in result.json). The first has every
// rule and every chart of virtual time in it, in every format, the second more kinds of people; it has few of them, for emulators are slow.
func TestSameBytesOnBothArchitectures(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	t.Parallel()
	other := map[string]string{"amd64": "arm64", "arm64": "amd64"}[runtime.GOARCH]
	emulator, err := exec.LookPath(map[string]string{"amd64": "qemu-x86_64", "arm64": "qemu-aarch64"}[other])
	if err != nil {
		t.Skip("no emulator of the other architecture: install qemu-user (make test does, where it may)")
	}
	binary := filepath.Join(t.TempDir(), "invitesim-"+other)
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "GOARCH="+other, "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build for %s: %v\n%s", other, err, out)
	}
	for _, call := range []string{
		"run every-rule --charts svg,png,pdf --quiet",
		"run steady-week --charts none --quiet --set members.dormant.count=600 --set members.casual.count=600 --set members.networker.count=140 " +
			"--set members.outreach.count=50 --set members.automated.count=10 --set thresholds=[]",
	} {
		here, there := filepath.Join(t.TempDir(), "result"), filepath.Join(t.TempDir(), "result")
		arguments := append(strings.Fields(call), "--out")
		runProgram(t, "invitesim", slices.Concat(arguments, []string{here})...)
		runProgram(t, emulator, slices.Concat([]string{binary}, arguments, []string{there})...)
		compareResults(t, here, there)
	}
}

func runProgram(t *testing.T, program string, args ...string) {
	t.Helper()
	command := exec.Command(program, args...)
	command.Env = plainEnvironment()
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
}

// compareResults wants two result directories to hold the same files with the same bytes, but for the manifest.
func compareResults(t *testing.T, a, b string) {
	t.Helper()
	filesA, filesB := resultFiles(t, a), resultFiles(t, b)
	if len(filesA) < 3 {
		t.Errorf("%s holds only %d files besides the manifest", a, len(filesA))
	}
	for name, content := range filesA {
		if other, ok := filesB[name]; !ok || !bytes.Equal(content, other) {
			t.Errorf("%s: not the same in both results (there in the second: %v)", name, ok)
		}
	}
	for name := range filesB {
		if _, ok := filesA[name]; !ok {
			t.Errorf("%s: only in the second result", name)
		}
	}
}

func resultFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "manifest.json" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[name], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
