package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand in for the program, so that scripts run real processes: `invitesim`,
// `invitesim-small-disk`, which cannot write files of more than 4 KiB, as on a full disk, and `invitesim-small-memory`, which has no room
// for more than 8 GB.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"invitesim":              main,
		"invitesim-small-disk":   limited(syscall.RLIMIT_FSIZE, 4096),
		"invitesim-small-memory": limited(syscall.RLIMIT_AS, 8_000_000_000),
	})
}

// limited returns the program under a limit of the system.
func limited(resource int, most uint64) func() {
	return func() {
		os.Args[0] = "invitesim"
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			panic(err)
		}
		main()
	}
}

// TestScripts runs testdata/script: one script a verb, with exit codes, both streams and the files that are written.
// `go test -update` writes what the commands print into the scripts.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exit": exitCommand},
	})
}

// exitCommand is `exit CODE PROGRAM ARG…` in scripts: it runs a program, whose exit code must be that.
func exitCommand(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM [ARG…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// invoke calls the program in this process, without an environment.
func invoke(args ...string) (code int, stdout, stderr string) {
	return invokeWith(nil, "", args...)
}

func invokeWith(env map[string]string, stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), append([]string{"invitesim"}, args...), strings.NewReader(stdin), &out, &errs, entries(env))
	return code, out.String(), errs.String()
}

// entries makes an environment.
func entries(env map[string]string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		all = append(all, name+"="+env[name])
	}
	return all
}

// golden compares text with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it); got\n%s", path, got)
	}
}
