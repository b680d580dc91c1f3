package pack

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// Each file of testdata/broken is a pack with one fault: files that are put over the small good pack, and what is said
// of it. A name that begins with ! takes a file away; files below local/ are a local pack that extends the good one.
func TestABrokenPackSaysWhereAndHowToMendIt(t *testing.T) {
	names, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(names) < 45 {
		t.Fatal(len(names), "broken packs", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			national, local, want := map[string]string{}, fstest.MapFS{}, -1
			for i, file := range archive.Files {
				switch below, isLocal := strings.CutPrefix(file.Name, "local/"); {
				case file.Name == "want":
					want = i
				case isLocal:
					local[below] = &fstest.MapFile{Data: file.Data}
				default:
					national[file.Name] = string(file.Data)
				}
			}
			if want < 0 {
				archive.Files, want = append(archive.Files, txtar.File{Name: "want"}), len(archive.Files)
			}
			files := with(good(t), national)
			for name := range national {
				if gone, ok := strings.CutPrefix(name, "!"); ok {
					delete(files, name)
					delete(files, gone)
				}
			}
			got := outcome(files, local)
			if *update {
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(archive.Files[want].Data), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// outcome says what a person reads: the faults, or the warnings of a pack that loads.
func outcome(national, local fstest.MapFS) string {
	fsys := national
	if len(local) > 0 {
		fsys = local
	}
	p, err := Load(fsys, func(id string) (fs.FS, error) {
		if id != "good" {
			return nil, errors.New("no such pack")
		}
		return national, nil
	})
	if err != nil {
		return err.Error() + "\n"
	}
	var said strings.Builder
	for _, w := range p.Warnings {
		said.WriteString("warning: " + w.Error() + "\n")
	}
	return said.String() + "loads as " + p.Version() + "\n"
}
