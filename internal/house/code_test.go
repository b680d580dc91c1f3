package house

import (
	"go/ast"
	"strings"
	"testing"
)

// mayAskTheClock are the rooms that tell the rest of the house what time it is, or that measure, and the rooms of tests.
var mayAskTheClock = []string{"cmd/", "bench", "internal/site", "internal/webtest", "internal/house"}

// Time is handed in: a test must be able to say what it will be.
func TestOnlyTheDoorAsksTheClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || hasPrefix(s.path, mayAskTheClock) {
			continue
		}
		for _, call := range uses(s, "time", "Now", "Since", "Until") {
			t.Errorf("%s: %s asks the clock; let the caller hand the time in, as clock.Now or as a time.Time", call.place, call.name)
		}
	}
}

// skipping are the few skips there may be, with the reason.
var skipping = map[string]string{
	"internal/webtest/browser.go": "`make quick` asks no browser; `make test` does, and fails on any skipped test",
}

func TestNoTestIsSkippedSilently(t *testing.T) {
	for _, s := range sources(t) {
		if skipping[s.path] != "" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok && (selector.Sel.Name == "SkipNow" || selector.Sel.Name == "Skipf" ||
				selector.Sel.Name == "Skip" && (s.test || strings.HasPrefix(s.path, "internal/webtest"))) {
				t.Errorf("%s skips a test; a test that cannot run should fail and say what is missing", s.at(call.Pos()))
			}
			return true
		})
	}
}

// long are the files that may have more than 400 lines, with the reason. None may have more than 800.
var long = map[string]string{}

func TestNoFileIsTooLongToRead(t *testing.T) {
	stillLong := map[string]bool{}
	for _, path := range mustFind(".go", ".templ", ".scss") {
		if strings.HasSuffix(path, "_templ.go") {
			continue
		}
		switch n := strings.Count(read(t, path), "\n"); {
		case n > 800:
			t.Errorf("%s has %d lines; no file has more than 800", path, n)
		case n > 400 && long[path] == "":
			t.Errorf("%s has %d lines; more than 400 needs a reason, in the list of this test", path, n)
		case n > 400:
			stillLong[path] = true
		}
	}
	for path := range long {
		if !stillLong[path] {
			t.Errorf("%s stands in the list of long files, but is not long any more", path)
		}
	}
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	said := map[string]bool{}
	for _, s := range sources(t) {
		if !strings.HasSuffix(s.syntax.Name.Name, "_test") {
			said[s.folder()] = said[s.folder()] || s.syntax.Doc.Text() != ""
		}
	}
	for folder, ok := range said {
		if !ok {
			t.Errorf("%s: no file says, above its package line, what the package owns", folder)
		}
	}
}

type use struct{ place, name string }

// uses finds where a file names something of a package of the standard library.
func uses(s source, pkg string, names ...string) []use {
	imported := false
	for _, spec := range s.syntax.Imports {
		imported = imported || spec.Path.Value == `"`+pkg+`"` && spec.Name == nil
	}
	if !imported {
		return nil
	}
	var all []use
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if from, ok := selector.X.(*ast.Ident); ok && from.Name == pkg {
			for _, name := range names {
				if selector.Sel.Name == name {
					all = append(all, use{s.at(selector.Pos()), pkg + "." + name})
				}
			}
		}
		return true
	})
	return all
}

func hasPrefix(path string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
