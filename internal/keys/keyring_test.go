package keys_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waymark/internal/keys"
	"waymark/internal/seal"
)

func TestTheKeyringGivesTheSamePageKeysAgain(t *testing.T) {
	data, m := t.TempDir(), seal.NewMaster()
	rings := make([]keys.Keyring, 4)
	var wait sync.WaitGroup
	for i := range rings {
		wait.Go(func() { rings[i], _ = keys.OpenKeyring(data, m) })
	}
	wait.Wait()
	for _, ring := range append(rings, must[keys.Keyring](t)(keys.OpenKeyring(data, m))) {
		if page := ring.Page("waymark"); len(page) != 32 || !bytes.Equal(page, rings[0].Page("waymark")) || bytes.Equal(page, ring.Page("keys")) {
			t.Error("the page keys are not what they should be")
		}
	}
	info, err := os.Stat(filepath.Join(data, "keyring"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAKeyringThatIsOfNoUseIsOneClearSentence(t *testing.T) {
	m, other := seal.NewMaster(), seal.NewMaster()
	data := t.TempDir()
	path := filepath.Join(data, "keyring")
	must[keys.Keyring](t)(keys.OpenKeyring(data, m))
	good := must[[]byte](t)(os.ReadFile(path))

	wrong := (*keys.WrongMaster)(nil)
	_, err := keys.OpenKeyring(data, other)
	if !errors.As(err, &wrong) || wrong.Expected != m.Fingerprint() || wrong.Given != other.Fingerprint() {
		t.Errorf("another master key: %v", err)
	}
	for name, contents := range map[string][]byte{
		"empty": nil, "cut": good[:len(good)/2], "cut to its first line": good[:18], "foreign": []byte("hello\n"),
		"changed": bytes.Replace(good, good[50:60], []byte("AAAAAAAAAA"), 1), "a line too many": append(bytes.Clone(good), good[18:]...),
	} {
		if err := os.WriteFile(path, contents, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := keys.OpenKeyring(data, m)
		if name == "a line too many" && err == nil {
			continue // the same line twice opens, and harms nobody
		}
		if err == nil || !strings.Contains(err.Error(), "keyring in the data folder is damaged; put the one from the last backup in its place") {
			t.Errorf("%s: %v", name, err)
		}
	}

	// Without its keyring a database cannot be read, and a new keyring would only hide that.
	os.Remove(path)
	if err := os.WriteFile(filepath.Join(data, "waymark.db"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.OpenKeyring(data, m); err == nil || !strings.Contains(err.Error(), "holds a database, but its file keyring is missing") {
		t.Error(err)
	}
	if _, err := keys.OpenKeyring(filepath.Join(data, "nowhere"), m); err == nil || !strings.Contains(err.Error(), "cannot be written to") {
		t.Error(err)
	}
}
