package model_test

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// TestBuildStopsOn32Bits: where ints have 32 bits the build fails, and says why; elsewhere the file that sees to it is left out.
func TestBuildStopsOn32Bits(t *testing.T) {
	const file = "only64bit.go"
	for architecture, want := range map[string]bool{
		"386": true, "arm": true, "mips": true, "mipsle": true,
		"amd64": false, "arm64": false, "loong64": false, "mips64": false, "mips64le": false, "ppc64": false, "ppc64le": false, "riscv64": false,
		"s390x": false, "wasm": false,
	} {
		on := build.Default
		on.GOARCH = architecture
		if got, err := on.MatchFile(".", file); err != nil || got != want {
			t.Errorf("%s: the file takes part: %v, %v; want %v", architecture, got, err, want)
		}
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = new(types.Config).Check("model", set, []*ast.File{tree}, nil)
	if err == nil || !strings.Contains(err.Error(), "invitesim needs a 64-bit machine") {
		t.Errorf("the compiler says: %v", err)
	}
}
