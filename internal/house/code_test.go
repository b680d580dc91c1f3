package house

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// mayAskTheClock are the rooms that tell the rest of the house what time it is, and those that measure, with the reason.
var mayAskTheClock = map[string]string{
	"cmd/":              "the door: it hands the clock in",
	"bench":             "measures",
	"internal/site/":    "wires the clock into every room",
	"internal/webtest/": "waits for a browser",
	"internal/search/":  "measures how long a search took and how old a half-built index is; no reply depends on it",
}

// Time is handed in: a test must be able to say what it will be.
func TestOnlyTheDoorAsksTheClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.ContainsFunc(slices.Collect(maps.Keys(mayAskTheClock)), func(room string) bool { return strings.HasPrefix(s.path, room) }) {
			continue
		}
		for _, call := range uses(s, "time", "Now", "Since", "Until") {
			t.Errorf("%s: %s asks the clock; let the caller hand the time in, as clock.Now or as a time.Time", call.place, call.name)
		}
	}
}

// A test may stand aside when somebody asked for the short ones. `make test` asks for all and fails on any skip.
func TestNoTestIsSkippedSilently(t *testing.T) {
	for _, s := range sources(t) {
		asked := map[ast.Node]bool{} // what stands in: if testing.Short() { … }
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if branch, ok := n.(*ast.IfStmt); ok && isCall(branch.Cond, "testing", "Short") {
				ast.Inspect(branch.Body, func(inside ast.Node) bool { asked[inside] = true; return true })
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || asked[call] {
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

func isCall(e ast.Expr, pkg, name string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	from, ok := selector.X.(*ast.Ident)
	return ok && from.Name == pkg
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
		if from, ok := selector.X.(*ast.Ident); ok && from.Name == path.Base(pkg) {
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

// mayCallOut are the files that may dial or start another program, with the reason. Each does so only when a setting,
// off by default, asks for it.
var mayCallOut = map[string]string{
	"internal/casework/attach_scan.go": "asks ClamAV's daemon on this machine about a file, when --clamav names its socket",
	"internal/db/copy_postgres.go":     "runs pg_dump and pg_restore, since nothing else copies a PostgreSQL database as well",
	"internal/keys/source.go":          "runs --master-key-command, the operator's own line that fetches the master key",
}

// Nothing calls out but what is named above.
func TestNothingCallsOut(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.path, "bench") || strings.HasPrefix(s.path, "internal/webtest/") {
			continue
		}
		found := uses(s, "net/http", "Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport", "NewRequest", "NewRequestWithContext")
		found = append(found, uses(s, "net", "Dial", "DialTimeout", "Dialer", "LookupHost", "LookupIP", "LookupAddr", "DefaultResolver")...)
		found = append(found, uses(s, "os/exec", "Command", "CommandContext")...)
		for _, call := range found {
			if used[s.path] = mayCallOut[s.path] != ""; !used[s.path] {
				t.Errorf("%s: %s can call out or start another program; Waymark does neither", call.place, call.name)
			}
		}
	}
	for path := range mayCallOut {
		if !used[path] {
			t.Errorf("%s may call out, but does not", path)
		}
	}
}
