package pack

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func refusal(t *testing.T, fsys fs.FS) string {
	t.Helper()
	_, err := Load(fsys, nil)
	if err == nil {
		t.Fatal("it loaded")
	}
	return err.Error()
}

// onDisk writes the small pack into a folder of its own.
func onDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/good")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAFileOver128KilobytesIsRefusedBeforeItIsRead(t *testing.T) {
	huge := with(good(t), map[string]string{"more.yaml": strings.Repeat("[", 300<<10)})
	if got := refusal(t, huge); got != "more.yaml: cannot be read: it has 307200 bytes; a file may have 131072, so cut it in two" {
		t.Error(got)
	}
	justRight := with(good(t), map[string]string{"more.yaml": strings.Repeat("# "+strings.Repeat("x", 61)+"\n", largestFile/64)})
	load(t, justRight)
}

func TestAFileThatGrowsWhileItIsReadIsRefused(t *testing.T) {
	got := refusal(t, liar{with(good(t), map[string]string{"more.yaml": strings.Repeat("#\n", 200<<10)})})
	if got != "more.yaml: cannot be read: it has 131073 bytes; a file may have 131072, so cut it in two" {
		t.Error(got)
	}
}

// liar says of every file that it is small.
type liar struct{ fstest.MapFS }

func (l liar) Open(name string) (fs.File, error) {
	f, err := l.MapFS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".yaml") {
		return f, err
	}
	return lyingFile{f}, nil
}

func (l liar) Lstat(name string) (fs.FileInfo, error) {
	info, err := l.MapFS.Lstat(name)
	return lyingInfo{info}, err
}

type lyingFile struct{ fs.File }

func (f lyingFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return lyingInfo{info}, err
}

type lyingInfo struct{ fs.FileInfo }

func (lyingInfo) Size() int64 { return 10 }

func TestLongLinesCrowdsOfKeysAndDepthAreRefusedWithTheirPlace(t *testing.T) {
	keys := "texts:\n  - id: more\n"
	for i := range 1100 {
		keys += fmt.Sprintf("    key%d: 1\n", i)
	}
	for source, want := range map[string]string{
		"a: 1\nb: " + strings.Repeat("x", 9000): "more.yaml:2:8000: has a line of 9003 characters; a line may have 8000, so break it, in YAML below a |",
		keys:                                    "more.yaml:1003:1: holds more than 1000 keys one below the other; write items of a list, each with a dash",
		"a: " + strings.Repeat("[", 33):         "more.yaml:1:1: stands deeper than 32 levels; write it flatter",
		deep(33):                                "more.yaml:33:1: stands deeper than 32 levels; write it flatter",
		strings.Repeat("- ", 33) + "a":          "more.yaml:1:1: stands deeper than 32 levels; write it flatter",
		"a: b\x00":                              "more.yaml:1:5: holds a byte that is not UTF-8 text; save the file as UTF-8",
		"a: b\n\xff\xfe":                        "more.yaml:2:1: holds a byte that is not UTF-8 text; save the file as UTF-8",
	} {
		if got := refusal(t, with(good(t), map[string]string{"more.yaml": source})); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func deep(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestAByteOrderMarkAndWindowsLineEndsAreTaken(t *testing.T) {
	for _, source := range []string{
		"\ufeff" + head + "texts:\n  - {id: more, title: More, body: Words.}\n",
		strings.ReplaceAll(head+"texts:\n  - id: more\n    title: More\n    body: |\n      One.\n\n      Two.\n", "\n", "\r\n"),
	} {
		p := load(t, with(good(t), map[string]string{"more.yaml": source}))
		if text, ok := p.Texts.Get("more"); !ok || strings.Contains(text.Body.Words(), "\r") {
			t.Errorf("got %q", text.Body.Words())
		}
	}
}

func TestALinkThatLeadsOutOfTheFolderIsNotFollowed(t *testing.T) {
	dir := onDisk(t)
	secret := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(secret, []byte("password: hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "more.yaml")); err != nil {
		t.Fatal(err)
	}
	if got := refusal(t, os.DirFS(dir)); got != "more.yaml: cannot be read: it is a link or no ordinary file; put the file itself into the folder" {
		t.Error(got)
	}
}

func TestAFolderNamedLikeAFileIsWalkedNotRead(t *testing.T) {
	dir := onDisk(t)
	if err := os.MkdirAll(filepath.Join(dir, "more.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(os.DirFS(dir), nil); err != nil {
		t.Error(err)
	}
}

func TestAFileThatMayNotBeReadSaysSo(t *testing.T) {
	got := refusal(t, locked{good(t)})
	if got != "texts.yaml: cannot be read: permission denied" {
		t.Error(got)
	}
}

// locked lets nobody read texts.yaml. (On a disk, root may read everything.)
type locked struct{ fstest.MapFS }

func (l locked) Open(name string) (fs.File, error) {
	if name == "texts.yaml" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.MapFS.Open(name)
}

func TestAFolderOf501FilesIsRefused(t *testing.T) {
	files := map[string]string{}
	for i := range mostFiles {
		files[fmt.Sprintf("more/%d.yaml", i)] = ""
	}
	if got := refusal(t, with(good(t), files)); got != ".: the folder holds more than 500 files" {
		t.Error(got)
	}
}

func TestHiddenFoldersAndOtherFilesAreLeftAlone(t *testing.T) {
	load(t, with(good(t), map[string]string{".git/more.yaml": "][", "README.md": "# A title", "guidance/picture.png": "\xff", "notes.txt": "0800 1111"}))
}

func TestTheSamePackHasTheSameDigestAndAChangedOneAnother(t *testing.T) {
	one, err := Digest(good(t))
	if err != nil {
		t.Fatal(err)
	}
	if p := load(t, good(t)); p.Digest == "" {
		t.Error("a pack has no digest")
	}
	two, err := Digest(with(good(t), map[string]string{"texts.yaml": "# changed\n"}))
	if err != nil || one == two {
		t.Error(one, two, err)
	}
}

func TestAllFaultsOfAPackAreToldAtOnceInTheOrderOfItsFiles(t *testing.T) {
	got := refusal(t, with(good(t), map[string]string{"b.yaml": "x: 1\ny: 2\n", "a.yaml": "z: 1\n"}))
	if lines := strings.Split(got, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "a.yaml:1:1") || !strings.HasPrefix(lines[1], "b.yaml:1:1") || !strings.HasPrefix(lines[2], "b.yaml:2:1") {
		t.Error(got)
	}
}
