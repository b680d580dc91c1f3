package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"waymark/internal/backup"
	"waymark/internal/fault"
)

// damage writes a changed copy of a file and gives its name.
func damage(t *testing.T, file string, change func([]byte) []byte) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(to, change(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestATruncatedBackupIsRefusedByThatName(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range [][]age.Recipient{nil, {identity.Recipient()}} {
			made := h.backUp(to...)
			for _, keep := range []float64{0, 0.001, 0.3, 0.9, 0.9999} {
				cut := func(raw []byte) []byte { return raw[:int(float64(len(raw))*keep)] }
				for _, which := range []string{"records", "keys"} {
					r := h.restore(made)
					r.Identities = []age.Identity{identity}
					if which == "records" {
						r.Records = damage(t, made.Records, cut)
					} else {
						r.Keys = damage(t, made.Keys, cut)
					}
					if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "is truncated") {
						t.Errorf("%s, %v of it: %v", which, keep, err)
					}
				}
			}
		}
	})
}

func TestOneChangedByteAnywhereIsRefusedByThatName(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range [][]age.Recipient{nil, {identity.Recipient()}} {
			made := h.backUp(to...)
			for _, where := range []float64{0.0005, 0.1, 0.5, 0.7, 0.9, 0.97, 0.99} {
				for _, which := range []string{"records", "keys"} {
					change := func(raw []byte) []byte { raw[int(float64(len(raw))*where)] ^= 0x20; return raw }
					r := h.restore(made)
					r.Identities = []age.Identity{identity}
					if which == "records" {
						r.Records = damage(t, made.Records, change)
					} else {
						r.Keys = damage(t, made.Keys, change)
					}
					report, err := r.Run(ctx)
					if err == nil && len(to) == 0 && report.Opened == 5 {
						h.spare = nil
						continue // a byte of the archive that says nothing, such as a date; all that is in it is what it was
					}
					if len(to) > 0 && where < 0.01 && err != nil && strings.Contains(err.Error(), "not encrypted to this identity") {
						continue // the part of age's own head that names the recipient: nobody can tell the one from the other
					}
					if !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "was altered") {
						t.Errorf("%s, encrypted for %d, at %v: %v", which, len(to), where, err)
					}
					if left, _ := os.ReadDir(r.Into); len(left) > 0 {
						t.Errorf("%s at %v: what was refused is still there: %v", which, where, left)
					}
				}
			}
			r := h.restore(made)
			r.Identities = []age.Identity{identity}
			r.Records = damage(t, made.Records, func(raw []byte) []byte {
				return append(raw[:len(raw)-24], append(make([]byte, 100), raw[len(raw)-24:]...)...)
			})
			if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "was altered") {
				t.Errorf("made longer: %v", err)
			}
		}
	})
}

func TestMixedAndForeignBackupsAreRefusedByThatName(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		first, second := h.backUp(), h.backUp()
		r := h.restore(first)
		r.Keys = second.Keys
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "are mixed: the records of one backup and the keys of another") {
			t.Error(err)
		}
		r.Keys, r.Records = first.Records, first.Keys
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "holds keys, not records") {
			t.Error(err)
		}
		other := newHouse(t, emptyLike(t, h.records), emptyLike(t, h.keysD))
		r = h.restore(other.backUp())
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "is foreign") {
			t.Error(err)
		}
		installation, err := backup.Installation(ctx, h.source.Keys)
		if err != nil {
			t.Fatal(err)
		}
		r.Master, r.Installation = other.source.Master, installation
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "is foreign: another installation made it") {
			t.Error(err)
		}
	})
}
