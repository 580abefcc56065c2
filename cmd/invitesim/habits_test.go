package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The limits of the house: what fits on a screen, and in a head.
const (
	longestFunction = 70  // lines
	longestFile     = 500 // lines
)

// source is one parsed file of the project.
type source struct {
	path string // from the root
	tree *ast.File
	set  *token.FileSet
}

func (s source) position(n ast.Node) string {
	at := s.set.Position(n.Pos())
	return s.path + ":" + strconv.Itoa(at.Line)
}

// code returns the parsed Go files, without tests.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, path := range trackedFiles(t) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, filepath.Join(root(t), path), nil, parser.ParseComments)
		if os.IsNotExist(err) {
			continue // deleted in the working tree
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{path, tree, set})
	}
	return all
}

// TestLengths keeps functions and files short.
func TestLengths(t *testing.T) {
	for _, s := range sources(t) {
		if lines := s.set.File(s.tree.Pos()).LineCount(); lines > longestFile {
			t.Errorf("%s has %d lines, more than %d", s.path, lines, longestFile)
		}
		for _, decl := range s.tree.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := s.set.Position(function.End()).Line - s.set.Position(function.Pos()).Line + 1
			if lines > longestFunction {
				t.Errorf("%s: %s has %d lines, more than %d", s.position(function), function.Name.Name, lines, longestFunction)
			}
		}
	}
}

// TestMainIsShort keeps the work out of main.go, where no test reaches it.
func TestMainIsShort(t *testing.T) {
	content, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(content), "\n"); lines > 20 {
		t.Errorf("main.go has %d lines, more than 20", lines)
	}
}

// TestExportedIsDocumented asks for a comment on everything that another package can name. A comment on a group of
// constants or variables covers the group.
func TestExportedIsDocumented(t *testing.T) {
	for _, s := range sources(t) {
		for _, decl := range s.tree.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && receiverExported(d) && !standard(d) {
					t.Errorf("%s: %s is exported and has no comment", s.position(d), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if name := undocumented(d, spec); name != "" {
						t.Errorf("%s: %s is exported and has no comment", s.position(spec), name)
					}
				}
			}
		}
	}
}

// standard says whether a method is one whose meaning everybody knows.
func standard(f *ast.FuncDecl) bool {
	return f.Recv != nil && (f.Name.Name == "String" || f.Name.Name == "Error" || f.Name.Name == "Unwrap")
}

func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	exported := false
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && !exported {
			exported = name.IsExported()
			return false
		}
		return true
	})
	return exported
}

// undocumented returns the exported name of a declaration that has no comment, or "".
func undocumented(d *ast.GenDecl, spec ast.Spec) string {
	if d.Doc != nil {
		return ""
	}
	switch each := spec.(type) {
	case *ast.TypeSpec:
		if each.Name.IsExported() && each.Doc == nil {
			return each.Name.Name
		}
	case *ast.ValueSpec:
		for _, name := range each.Names {
			if name.IsExported() && each.Doc == nil && each.Comment == nil {
				return name.Name
			}
		}
	}
	return ""
}

// TestNoHiddenState allows no init function, and no package variable that something writes to: error values, embedded
// files and tables that are only read may stay.
func TestNoHiddenState(t *testing.T) {
	// Read through pointers, and never written to.
	tables := []string{"model/settings.go settings"}
	byPackage := map[string][]source{}
	for _, s := range sources(t) {
		folder := filepath.Dir(s.path)
		byPackage[folder] = append(byPackage[folder], s)
	}
	for _, files := range byPackage {
		variables := map[string]bool{}
		for _, s := range files {
			for _, name := range packageVariables(s.tree) {
				variables[name] = true
			}
		}
		for _, s := range files {
			for _, decl := range s.tree.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: init runs unasked: call it by name", s.position(f))
				}
			}
			for _, name := range written(s.tree, variables) {
				if slices.Contains(tables, s.path+" "+name.Name) {
					continue
				}
				t.Errorf("%s: package variable %s is written to", s.position(name), name.Name)
			}
		}
	}
}

func packageVariables(tree *ast.File) []string {
	var names []string
	for _, decl := range tree.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if name.Name != "_" {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

// written returns where a file writes to one of the variables: it assigns to them or to a part of them, counts them
// up, clears them, deletes from them, or takes their address.
func written(tree *ast.File, variables map[string]bool) []*ast.Ident {
	var found []*ast.Ident
	note := func(e ast.Expr) {
		if name := rootName(e); name != nil && variables[name.Name] && !local(tree, name) {
			found = append(found, name)
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch each := n.(type) {
		case *ast.AssignStmt:
			if each.Tok != token.DEFINE {
				for _, left := range each.Lhs {
					note(left)
				}
			}
		case *ast.IncDecStmt:
			note(each.X)
		case *ast.UnaryExpr:
			if each.Op == token.AND {
				note(each.X)
			}
		case *ast.CallExpr:
			if name, ok := each.Fun.(*ast.Ident); ok && slices.Contains([]string{"clear", "delete", "copy"}, name.Name) {
				note(each.Args[0])
			}
		}
		return true
	})
	return found
}

// rootName returns x of x, x.y, x[i], *x and what is made of them.
func rootName(e ast.Expr) *ast.Ident {
	for {
		switch each := e.(type) {
		case *ast.Ident:
			return each
		case *ast.SelectorExpr:
			e = each.X
		case *ast.IndexExpr:
			e = each.X
		case *ast.SliceExpr:
			e = each.X
		case *ast.StarExpr:
			e = each.X
		case *ast.ParenExpr:
			e = each.X
		default:
			return nil
		}
	}
}

// local says whether a name is declared inside a function of the file.
func local(tree *ast.File, name *ast.Ident) bool {
	return name.Obj != nil && tree.Scope.Lookup(name.Name) != name.Obj
}

// TestModelIsPure keeps clocks, chance, files, networks, logs and locks out of the rules. Only the store is concurrent and
// asks the machine for memory; only the generator of histories draws lots, from a seed that it is given.
func TestModelIsPure(t *testing.T) {
	banned := []string{"os", "os/exec", "net", "net/http", "log", "log/slog", "math/rand", "crypto/rand"}
	machine := []string{"sync", "sync/atomic", "runtime", "unsafe", "syscall"}
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	seeded := []string{"New", "NewPCG", "Rand", "PCG"}
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.path, "model/") {
			continue
		}
		inStore, inHistories := strings.HasPrefix(s.path, "model/store/"), strings.HasPrefix(s.path, "model/internal/histories/")
		for _, imported := range s.tree.Imports {
			path, _ := strconv.Unquote(imported.Path.Value)
			if slices.Contains(banned, path) || path == "math/rand/v2" && !inHistories || slices.Contains(machine, path) && !inStore {
				t.Errorf("%s: the rules must not import %s", s.position(imported), path)
			}
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			switch each := n.(type) {
			case *ast.SelectorExpr:
				of, ok := each.X.(*ast.Ident)
				if !ok || of.Obj != nil {
					break
				}
				if of.Name == "time" && slices.Contains(clock, each.Sel.Name) {
					t.Errorf("%s: the rules are told the time: time.%s asks for it", s.position(each), each.Sel.Name)
				}
				if of.Name == "rand" && !slices.Contains(seeded, each.Sel.Name) {
					t.Errorf("%s: rand.%s is not seeded", s.position(each), each.Sel.Name)
				}
			case *ast.GoStmt:
				if !inStore {
					t.Errorf("%s: the rules start no goroutine", s.position(each))
				}
			}
			return true
		})
	}
}

// TestCommentsCiteWhatIsHere: a comment names rules by where they stand in this repository, never by the number of a section of some other page.
func TestCommentsCiteWhatIsHere(t *testing.T) {
	elsewhere := regexp.MustCompile(`\b(?i:spec|specification) \d|\bthe contract\b|\bcontract\.md\b`)
	for _, path := range trackedFiles(t) {
		if !strings.HasSuffix(path, ".go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, filepath.Join(root(t), path), nil, parser.ParseComments|parser.SkipObjectResolution)
		if os.IsNotExist(err) {
			continue // deleted in the working tree
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range tree.Comments {
			for _, comment := range group.List {
				if found := elsewhere.FindString(comment.Text); found != "" {
					t.Errorf("%s: found %q, which nobody can look up here: expected a place in RULES.md", set.Position(comment.Pos()), found)
				}
			}
		}
	}
}
