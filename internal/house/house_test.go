// Package house keeps the order of the house. Its tests read the sources themselves and fail when an import runs up,
// when engine code knows a telephone number, a law, a deadline or an indicator, when a dependency has no reason, or
// when the papers of the project say what is not so. It asks no child process: `go test` would remember the old answer.
package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
)

// root is the top of the repository, seen from here.
const root = "../.."

// source is one Go file.
type source struct {
	path      string // from the top, with slashes
	syntax    *ast.File
	tokens    *token.FileSet
	text      string
	generated bool
	test      bool
}

// folder is where the file stands.
func (s source) folder() string {
	if i := strings.LastIndexByte(s.path, '/'); i >= 0 {
		return s.path[:i]
	}
	return ""
}

func (s source) at(pos token.Pos) string {
	return s.path + ":" + s.tokens.Position(pos).String()[len(s.path)+1:]
}

var goSources = sync.OnceValues(readSources)

// sources gives every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := goSources()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func readSources() ([]source, error) {
	var all []source
	for _, path := range mustFind(".go") {
		raw, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		tokens := token.NewFileSet()
		syntax, err := parser.ParseFile(tokens, path, raw, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		all = append(all, source{path, syntax, tokens, string(raw), ast.IsGenerated(syntax), strings.HasSuffix(path, "_test.go")})
	}
	return all, nil
}

// mustFind lists the files of this module whose name ends so, from the top, sorted. Folders that hold no source of
// ours, test data, and modules of their own are left out.
func mustFind(endings ...string) []string {
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			name := entry.Name()
			if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "bin" || name == "build" || name == "tools") {
				return filepath.SkipDir
			}
			return nil
		}
		for _, ending := range endings {
			if strings.HasSuffix(path, ending) {
				relative, err := filepath.Rel(root, path)
				if err != nil {
					return err
				}
				found = append(found, filepath.ToSlash(relative))
				break
			}
		}
		return nil
	})
	if err != nil {
		panic(err) // the sources cannot be read, so nothing here can be tested
	}
	sort.Strings(found)
	return found
}

// read gives a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// fenced gives what stands in the Markdown's fences of a kind, such as ```floors.
func fenced(markdown, kind string) []string {
	var blocks []string
	var block []string
	inside, wanted := false, false
	for _, line := range strings.Split(markdown, "\n") {
		mark, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && !inside:
			inside, wanted, block = true, mark == kind, nil
		case isFence:
			if wanted {
				blocks = append(blocks, strings.Join(block, "\n"))
			}
			inside = false
		case inside:
			block = append(block, line)
		}
	}
	return blocks
}

// table gives the cells of the rows of the Markdown table under a heading, without its head.
func table(markdown, heading string) [][]string {
	_, below, found := strings.Cut("\n"+markdown, "\n"+heading+"\n")
	if !found {
		return nil
	}
	var rows [][]string
	for _, line := range strings.Split(below, "\n") {
		if strings.HasPrefix(line, "#") {
			break
		}
		if !strings.HasPrefix(line, "|") {
			if len(rows) > 0 {
				break
			}
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows[min(2, len(rows)):]
}

// codeOf gives what stands between backquotes in a cell.
func codeOf(cell string) []string {
	var all []string
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			all = append(all, part)
		}
	}
	return all
}
