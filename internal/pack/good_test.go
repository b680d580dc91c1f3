package pack

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write what comes out into testdata")

// good gives the files of the small pack without a fault.
func good(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("testdata/good"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := os.ReadFile(filepath.Join("testdata/good", name))
		files[name] = &fstest.MapFile{Data: source}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// with gives the pack with some files put over its own.
func with(files fstest.MapFS, over map[string]string) fstest.MapFS {
	files = maps.Clone(files)
	for name, source := range over {
		files[name] = &fstest.MapFile{Data: []byte(source)}
	}
	return files
}

func TestTheSmallPackHasNoFaultAndNoWarning(t *testing.T) {
	p, err := Load(good(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range p.Warnings {
		t.Error(w)
	}
}

func load(t testing.TB, files fstest.MapFS) *Pack {
	t.Helper()
	p, err := Load(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
