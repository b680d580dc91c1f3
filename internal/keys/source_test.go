package keys_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"waymark/internal/keys"
	"waymark/internal/seal"
)

func TestTheMasterKeyComesFromAFileAVariableOrACommand(t *testing.T) {
	m := seal.NewMaster()
	data, elsewhere := t.TempDir(), t.TempDir()
	file := filepath.Join(elsewhere, "key")
	write(t, file, m.Reveal(), 0o600)
	link := filepath.Join(data, "link") // a link in the data folder tells where the key is, and holds none
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]keys.Source{
		"a file": {File: file}, "a variable": {Text: " " + string(m.Reveal())}, "a command": {Command: "cat '" + file + "'"},
		"a file by a link": {File: link}, "a command of two": {Command: "true && cat " + file},
	} {
		got, err := s.Read(ctx, data)
		if err != nil || got.Fingerprint() != m.Fingerprint() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func write(t *testing.T, path string, contents []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, contents, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestAMasterKeyThatIsNotKeptWellIsRefusedInOneSentence(t *testing.T) {
	m := seal.NewMaster()
	data, elsewhere := t.TempDir(), t.TempDir()
	at := func(folder, name string, contents []byte, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		write(t, path, contents, mode)
		return path
	}
	inside := at(data, "key", m.Reveal(), 0o600)
	if err := os.MkdirAll(filepath.Join(data, "deep", "er"), 0o700); err != nil {
		t.Fatal(err)
	}
	deeper := at(filepath.Join(data, "deep", "er"), "key", m.Reveal(), 0o600)
	good := at(elsewhere, "good", m.Reveal(), 0o600)
	link := filepath.Join(elsewhere, "link")
	folderLink := filepath.Join(elsewhere, "folder")
	for to, from := range map[string]string{inside: link, data: folderLink} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	pipe := filepath.Join(elsewhere, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		name   string
		source keys.Source
		want   string
	}{
		{"none", keys.Source{}, "no master key is named; make one with `waymark key new --out FILE`"},
		{"two", keys.Source{File: good, Command: "x"}, "named more than once"},
		{"inside", keys.Source{File: inside}, "lies inside the data folder"},
		{"deeper inside", keys.Source{File: deeper}, "lies inside the data folder"},
		{"inside by a link", keys.Source{File: link}, "lies inside the data folder"},
		{"inside by a link to the folder", keys.Source{File: filepath.Join(folderLink, "key")}, "lies inside the data folder"},
		{"inside by dots", keys.Source{File: filepath.Join(data, "deep") + "/../key"}, "lies inside the data folder"},
		{"the group reads", keys.Source{File: at(elsewhere, "g", m.Reveal(), 0o640)}, "others than its owner can reach the master key"},
		{"all read", keys.Source{File: at(elsewhere, "o", m.Reveal(), 0o604)}, "chmod 600"},
		{"all write", keys.Source{File: at(elsewhere, "w", m.Reveal(), 0o602)}, "chmod 600"},
		{"missing", keys.Source{File: filepath.Join(elsewhere, "missing")}, "there is no file"},
		{"a folder", keys.Source{File: elsewhere}, "is no ordinary file"},
		{"a pipe", keys.Source{File: pipe}, "is no ordinary file"},
		{"empty", keys.Source{File: at(elsewhere, "e", nil, 0o600)}, "holds no master key: this is no master key"},
		{"too long", keys.Source{File: at(elsewhere, "l", append(m.Reveal(), make([]byte, 9000)...), 0o600)}, "too long, too short"},
		{"a wrong letter", keys.Source{Text: strings.Replace(string(m.Reveal()), string(m.Reveal()[14:16]), "zz", 1)}, "WAYMARK_MASTER_KEY holds no master key"},
		{"a command that fails", keys.Source{Command: "exit 3"}, "the command for the master key failed: exit status 3"},
		{"a command that prints nothing", keys.Source{Command: "true"}, "the command for the master key printed none"},
		{"a command that prints for ever", keys.Source{Command: "yes waymark-key-1-"}, "printed more than a key"},
		{"a command that prints the key and fails", keys.Source{Command: "cat " + good + "; exit 1"}, "failed: exit status 1"},
	} {
		_, err := try.source.Read(ctx, data)
		switch {
		case err == nil || !strings.Contains(err.Error(), try.want):
			t.Errorf("%s: got %v, want %q", try.name, err, try.want)
		case strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), string(m.Reveal()[20:30])):
			t.Errorf("%s: more than a sentence: %v", try.name, err)
		}
	}
}

// Only root can hand a file to somebody else, so the test asks for the sentence as root, and for the mode as anybody.
func TestAMasterKeyOfAnotherUserIsRefused(t *testing.T) {
	m := seal.NewMaster()
	file := filepath.Join(t.TempDir(), "key")
	write(t, file, m.Reveal(), 0o600)
	if os.Geteuid() != 0 {
		if _, err := (keys.Source{File: file}).Read(ctx, t.TempDir()); err != nil {
			t.Error(err)
		}
		return
	}
	if err := os.Chown(file, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if _, err := (keys.Source{File: file}).Read(ctx, t.TempDir()); err == nil || !strings.Contains(err.Error(), "belongs to another user of this machine") {
		t.Error(err)
	}
}
