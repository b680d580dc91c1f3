package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
)

// world is a log with a proof of one of its cases and a checkpoint kept before.
type world struct {
	proof, kept, key string
	made             *audit.Proof
}

func newWorld(t *testing.T, seed byte) world {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(db.Config{Folder: t.TempDir(), Name: "waymark", PageKey: bytes.Repeat([]byte{1}, 32), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(ctx, "test", audit.Schema); err != nil {
		t.Fatal(err)
	}
	key, err := audit.NewKey(bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	l := audit.NewLog(d, key)
	fill := func() {
		err := d.Write(ctx, "amara", func(tx *db.Tx) error {
			for i := range 300 {
				if err := audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: []string{"c1", "c2", "c3"}[i%3], Of: "sheet-7"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w := world{key: key.Public()}
	for range 2 {
		fill()
		signed, err := l.Take(ctx, "bilal")
		if err != nil {
			t.Fatal(err)
		}
		w.kept += signed + "\n"
	}
	fill()
	if w.made, err = l.Prove(ctx, "bilal", "c2"); err != nil {
		t.Fatal(err)
	}
	w.proof = leave(t, w.made)
	w.kept = leave(t, w.kept)
	return w
}

func leave(t *testing.T, what any) string {
	t.Helper()
	raw, ok := what.(string)
	if !ok {
		text, err := json.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		raw = string(text)
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAProofHoldsByItself(t *testing.T) {
	w := newWorld(t, 1)
	if len(w.made.Entries) != 301 {
		t.Errorf("%d entries are proved; the last should be the making of the proof", len(w.made.Entries))
	}
	if leaf := w.made.Entries[300].Leaf; !strings.Contains(leaf, "\nwho bilal\nact log.proved\ncase c2\nnumber 301\n") {
		t.Error(leaf)
	}
	for _, try := range [][2]string{{"", ""}, {w.key, ""}, {w.key, w.kept}} {
		if err := run(w.proof, try[0], try[1]); err != nil {
			t.Errorf("%q: %v", try, err)
		}
	}
}

func TestAProofThatWasTamperedWithDoesNotHold(t *testing.T) {
	w, other := newWorld(t, 1), newWorld(t, 2)
	for what, change := range map[string]func(*audit.Proof){
		"who is altered":               func(p *audit.Proof) { p.Entries[5].Leaf = strings.Replace(p.Entries[5].Leaf, "amara", "bilal", 1) },
		"an entry is left out":         func(p *audit.Proof) { p.Entries = append(p.Entries[:5], p.Entries[6:]...) },
		"the first entry is left out":  func(p *audit.Proof) { p.Entries = p.Entries[1:] },
		"an entry stands twice":        func(p *audit.Proof) { p.Entries[6] = p.Entries[5] },
		"two entries change places":    func(p *audit.Proof) { p.Entries[5], p.Entries[6] = p.Entries[6], p.Entries[5] },
		"the case is another":          func(p *audit.Proof) { p.Case = "c1" },
		"nothing is left":              func(p *audit.Proof) { p.Entries = nil },
		"a place is another":           func(p *audit.Proof) { p.Entries[5].Place++ },
		"a place is absurd":            func(p *audit.Proof) { p.Entries[5].Place = -1 },
		"a path is altered":            func(p *audit.Proof) { p.Entries[5].Path[0][0] ^= 1 },
		"a path is gone":               func(p *audit.Proof) { p.Entries[5].Path = nil },
		"the checkpoint is altered":    func(p *audit.Proof) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n903\n", "\n902\n", 1) },
		"the checkpoint is of another": func(p *audit.Proof) { p.Checkpoint = other.made.Checkpoint },
		"the proof is of another":      func(p *audit.Proof) { *p = *other.made },
		"the version is another":       func(p *audit.Proof) { p.Format = "waymark proof 2" },
	} {
		var p audit.Proof
		raw, err := os.ReadFile(w.proof)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &p); err != nil {
			t.Fatal(err)
		}
		change(&p)
		if err := run(leave(t, p), w.key, ""); err == nil {
			t.Errorf("%s, and it holds", what)
		}
	}
	if err := run(w.proof, w.key, other.kept); err == nil {
		t.Error("the checkpoints of another log pass for those of this one")
	}
	if err := run(w.proof, w.key, leave(t, "hello")); err == nil {
		t.Error("a file without checkpoints passes for one that was kept")
	}
}

func TestTheVerifierIsShortEnoughToBeReadWhole(t *testing.T) {
	raw, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(raw, []byte("\n")); n >= 100 {
		t.Errorf("it has %d lines", n)
	}
}
