package seal

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
)

func TestAMasterKeyComesBackFromItsText(t *testing.T) {
	master := NewMaster()
	text := master.Reveal()
	back, err := ParseMaster(append([]byte("  \n"), text...))
	if err != nil {
		t.Fatal(err)
	}
	if back.Fingerprint() != master.Fingerprint() || !bytes.Equal(back.Reveal(), text) {
		t.Error("another key came back")
	}
	if !regexp.MustCompile(`^waymark-key-1-[0-9a-z]{58}\n$`).Match(text) {
		t.Errorf("the text of a key has another form: %d bytes", len(text))
	}
	if f := master.Fingerprint(); !regexp.MustCompile(`^[0-9a-f]{4}(-[0-9a-f]{4}){3}$`).MatchString(f) || f == NewMaster().Fingerprint() {
		t.Errorf("fingerprint %s", f)
	}
}

func TestWhatIsNoMasterKeyIsRefusedInASentenceWithoutItsContent(t *testing.T) {
	good := strings.TrimSpace(string(NewMaster().Reveal()))
	wrongLetter := []byte(good)
	if wrongLetter[20] == 'a' {
		wrongLetter[20] = 'b'
	} else {
		wrongLetter[20] = 'a'
	}
	for text, want := range map[string]string{
		"":                           "no master key",
		"hunter2":                    "no master key",
		good[:40]:                    "too long, too short",
		good + "0":                   "too long, too short",
		good[:len(good)-1] + "u":     "too long, too short",
		good[:30] + "\n" + good[30:]: "too long, too short",
		string(wrongLetter):          "a letter of it is wrong",
		strings.ToUpper(good):        "no master key",
	} {
		_, err := ParseMaster([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d bytes: got %v, want %q", len(text), err, want)
		}
		if err != nil && len(text) > 20 && strings.Contains(err.Error(), text[16:24]) {
			t.Error("the error quotes the key")
		}
	}
}

func TestAWrappedKeyIsBoundToItsIDAndItsMaster(t *testing.T) {
	master, key := NewMaster(), newKey(t)
	wrapped, err := master.Wrap("case 1", key)
	if err != nil {
		t.Fatal(err)
	}
	root := key.held().root
	if bytes.Contains(wrapped, root[:8]) {
		t.Error("the wrapped key holds the key")
	}
	back, err := master.Unwrap("case 1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.Derive("x"), key.Derive("x")) {
		t.Error("another key came back")
	}
	if _, err := master.Unwrap("case 2", wrapped); !errors.Is(err, Broken) {
		t.Error("it opened under another id:", err)
	}
	if _, err := NewMaster().Unwrap("case 1", wrapped); !errors.Is(err, Broken) {
		t.Error("it opened under another master:", err)
	}
	for i := range wrapped {
		wrong := bytes.Clone(wrapped)
		wrong[i] ^= 4
		if _, err := master.Unwrap("case 1", wrong); !errors.Is(err, Broken) {
			t.Errorf("byte %d was changed: %v", i, err)
		}
	}
}
