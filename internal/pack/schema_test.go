package pack

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("pack.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := compiler.Compile("pack.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, source []byte) error {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestEveryShippedFileFitsTheSchemaThatAnEditorUses(t *testing.T) {
	s := schema(t)
	for _, folder := range []string{"../../packs", "testdata/good"} {
		n := 0
		err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".yaml" {
				return err
			}
			n++
			source, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				return err
			}
			if err := valid(t, s, source); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil || n < 5 {
			t.Error(n, err)
		}
	}
}

func TestTheSchemaSeesInAnEditorWhatTheLoaderWouldSeeInAFile(t *testing.T) {
	s := schema(t)
	for _, name := range strings.Fields(`unknown-list unknown-key unknown-key-far list-without-dashes item-is-words top-is-list
		empty-value words-where-number fraction yes-for-true true-for-word list-for-words not-one-of british-date no-id bad-id 
		manifest-id manifest-lacks-owner contact-no-name holiday-no-nation hours-words indicator-no-words setting-lacks
		setting-few-signs card-four sign-no-part page-no-title record-lacks retired-no-why form-kind`) {
		archive, err := txtar.ParseFile("testdata/broken/" + name + ".txtar")
		if err != nil {
			t.Error(err)
			continue
		}
		if valid(t, s, archive.Files[0].Data) == nil {
			t.Errorf("%s fits the schema", name)
		}
	}
}
