package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	parser "github.com/a-h/templ/parser/v2"
)

const root = "../.."

// The outputs of npm are committed, so that nobody needs npm; this test needs none either.
func TestStyleAndScriptAreMadeFromWhatStandsBesideThem(t *testing.T) {
	list, err := os.ReadFile("assets/inputs.sha256")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		want, path, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("inputs.sha256: %q is not a hash and a path; run `make assets`", line)
		}
		listed[path] = true
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Errorf("%v; run `make assets`", err)
			continue
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has changed since style and script were made; run `make assets`", path)
		}
	}
	for _, folder := range []string{"style", "script", "picture", "dist"} {
		_ = filepath.WalkDir("assets/"+folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !listed["internal/web/"+filepath.ToSlash(path)] {
				t.Errorf("%s is new since style and script were made; run `make assets`", path)
			}
			return err
		})
	}
}

// Every template of the house is read again and compared with its Go file: no hash can tell more.
func TestEveryTemplateIsGenerated(t *testing.T) {
	err := filepath.WalkDir(root+"/internal", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case strings.HasSuffix(path, "_templ.go"):
			if _, err := os.Stat(strings.TrimSuffix(path, "_templ.go") + ".templ"); err != nil {
				t.Errorf("%s has no template any more; remove it", path)
			}
		case strings.HasSuffix(path, ".templ"):
			compareTemplate(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// where is the one thing in a generated file that depends on the folder templ ran in.
var where = regexp.MustCompile("FileName: `[^`]*`")

func compareTemplate(t *testing.T, path string) {
	t.Helper()
	template, err := parser.Parse(path)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	var fresh bytes.Buffer
	if _, err := generator.Generate(template, &fresh, generator.WithFileName(path), generator.WithVersion(templ.Version())); err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	want, err := format.Source(fresh.Bytes())
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	got, err := os.ReadFile(strings.TrimSuffix(path, ".templ") + "_templ.go")
	if err != nil || !bytes.Equal(where.ReplaceAll(got, nil), where.ReplaceAll(want, nil)) {
		t.Errorf("%s is not what its Go file was made from; run `go tool templ generate`", path)
	}
}
