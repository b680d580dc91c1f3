package house

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// papers are what a newcomer reads.
func papers() []string {
	var all []string
	for _, path := range mustFind(".md") {
		if !strings.HasPrefix(path, "packs/") {
			all = append(all, path)
		}
	}
	return all
}

// requirement is one module of go.mod.
type requirement struct {
	path, version string
	direct        bool
}

var requireLine = regexp.MustCompile(`^\s*(?:require )?([\w.-]+\.[\w.-]+/\S+) (v\S+)(\s*// indirect)?$`)

func readRequirements(gomod string) []requirement {
	var all []requirement
	for _, line := range strings.Split(gomod, "\n") {
		if found := requireLine.FindStringSubmatch(line); found != nil {
			all = append(all, requirement{found[1], found[2], found[3] == ""})
		}
	}
	return all
}

func TestEveryDependencyHasAReason(t *testing.T) {
	reasons := map[string]string{}
	for _, row := range table(read(t, "docs/architecture.md"), "## What the house is built on") {
		for _, module := range codeOf(row[0]) {
			reasons[module] = row[len(row)-1]
		}
	}
	direct := map[string]bool{}
	for _, r := range readRequirements(read(t, "go.mod")) {
		if !r.direct {
			continue
		}
		direct[r.path] = true
		if reasons[r.path] == "" {
			t.Errorf("go.mod requires %s, but docs/architecture.md, \"What the house is built on\", gives no reason for it", r.path)
		}
	}
	if len(direct) == 0 {
		t.Fatal("go.mod was not understood")
	}
	for module := range reasons {
		if !direct[module] {
			t.Errorf("docs/architecture.md gives a reason for %s, but go.mod does not require it", module)
		}
	}
}

// A command that a paper tells somebody to type is there.
func TestCommandsInThePapersExist(t *testing.T) {
	targets := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^([a-z][a-z-]*):`).FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[found[1]] = true
	}
	commands := subCommands(t)
	n := 0
	for _, paper := range papers() {
		for _, kind := range []string{"", "sh", "console"} {
			for _, block := range fenced(read(t, paper), kind) {
				for _, line := range strings.Split(block, "\n") {
					if why := strange(line, targets, commands); why != "" {
						t.Errorf("%s: %q: %s", paper, line, why)
					}
					n++
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("no paper tells anybody to type anything")
	}
	readme := strings.Join(fenced(read(t, "README.md"), "sh"), "\n")
	for _, want := range []string{"go run ./cmd/waymark demo", "make test"} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not tell anybody to type %q", want)
		}
	}
}

// strange says what is wrong with a line that somebody is told to type.
func strange(line string, targets, commands map[string]bool) string {
	line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "$ "), " #")
	words := strings.Fields(line)
	if len(words) > 0 && words[0] == "sudo" {
		words = words[1:]
	}
	switch {
	case len(words) > 1 && words[0] == "make":
		for _, target := range words[1:] {
			if !strings.Contains(target, "=") && !targets[target] {
				return "the Makefile has no target " + target
			}
		}
	case len(words) > 2 && words[0] == "go" && words[1] == "run" && strings.HasPrefix(words[2], "./"):
		if _, err := os.Stat(filepath.Join(root, words[2])); err != nil {
			return "there is no program " + words[2]
		}
		if words[2] == "./cmd/waymark" {
			return strangeCommand(words[3:], commands)
		}
	case len(words) > 1 && (words[0] == "waymark" || strings.HasSuffix(words[0], "/waymark")):
		return strangeCommand(words[1:], commands)
	}
	return ""
}

func strangeCommand(words []string, commands map[string]bool) string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		words = words[1:]
	}
	if len(words) > 0 && !commands[words[0]] {
		return "waymark has no sub-command " + words[0]
	}
	if len(words) > 1 && words[0] == "pack" && !commands[words[1]] {
		return "waymark pack has no sub-command " + words[1]
	}
	return ""
}

// subCommands reads the names of the sub-commands out of the structs that are the manual.
func subCommands(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, s := range sources(t) {
		if s.folder() != "cmd/waymark" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil || len(field.Names) == 0 {
				return true
			}
			raw, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				return true
			}
			tag := reflect.StructTag(raw)
			if _, is := tag.Lookup("cmd"); is {
				name := tag.Get("name")
				if name == "" {
					name = strings.ToLower(field.Names[0].Name)
				}
				all[name] = true
			}
			return true
		})
	}
	return all
}

var markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

func TestLinksInThePapersLeadSomewhere(t *testing.T) {
	for _, paper := range papers() {
		for _, found := range markdownLink.FindAllStringSubmatch(read(t, paper), -1) {
			to := found[1]
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") || strings.Contains(to, "…") || strings.Contains(to, "{") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(paper), to)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", paper, to)
			}
		}
	}
}

func TestDecisionsAreNumberedWithoutGaps(t *testing.T) {
	for i, path := range filesIn(t, "docs/decisions") {
		if want := fmt.Sprintf("%04d-", i+1); !strings.HasPrefix(filepath.Base(path), want) {
			t.Errorf("docs/decisions: %s should begin with %s", filepath.Base(path), want)
		}
	}
}

func filesIn(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, folder, "*.md"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s holds no papers (%v)", folder, err)
	}
	return found
}
