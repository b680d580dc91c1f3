package keys_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

func TestRotationWrapsEveryKeyAnewAndRewritesNoRecord(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		old, next := seal.NewMaster(), seal.NewMaster()
		s := open(t, d, old)
		label := seal.Label{Field: "answer.body", Row: "r1", Version: 1}
		records := map[string][]byte{}
		for i := range 12 {
			id := fmt.Sprint("c", i)
			records[id] = must[[]byte](t)(must[seal.Key](t)(s.Make(ctx, id)).Seal(label, []byte(id)))
		}
		root := must[seal.Key](t)(s.Root(ctx, "index"))
		idle := open(t, d, old) // another node that still has the old master key
		if n := must[int](t)(s.Rotate(ctx, next)); n != 13 {
			t.Errorf("%d keys were wrapped", n)
		}
		if s.Cached() != 0 {
			t.Error("keys are still in memory")
		}
		for name, store := range map[string]*keys.Store{"now": s, "after a restart": open(t, d, next)} {
			for id, sealed := range records {
				if plain, err := must[seal.Key](t)(store.Case(ctx, id)).Open(label, sealed); err != nil || string(plain) != id {
					t.Errorf("%s: %s: %q %v", name, id, plain, err)
				}
			}
			if !same(must[seal.Key](t)(store.Root(ctx, "index")), root) {
				t.Errorf("%s: another root key", name)
			}
		}
		wrong := (*keys.WrongMaster)(nil)
		if _, err := keys.Open(ctx, d, old); !errors.As(err, &wrong) {
			t.Errorf("the old master key: %v", err)
		}
		if _, err := idle.Make(ctx, "new"); !errors.As(err, &wrong) {
			t.Errorf("a node with the old master key made a key that nobody could open: %v", err)
		}
		if _, err := idle.Case(ctx, "c1"); !errors.As(err, &wrong) {
			t.Errorf("a node with the old master key: %v", err)
		}
		if _, err := s.Rotate(ctx, next); err == nil {
			t.Error("the same master key came after itself")
		}
	}, keys.Schema)
}

// A node that makes keys while another rotates must never leave one that only the old master key opens.
func TestKeysMadeDuringARotationAreNotLost(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		old, next := seal.NewMaster(), seal.NewMaster()
		s, other := open(t, d, old), open(t, d, old)
		for i := range 200 {
			must[seal.Key](t)(s.Make(ctx, fmt.Sprint("before ", i)))
		}
		var made sync.Map
		var wait sync.WaitGroup
		for w := range 3 {
			wait.Go(func() {
				for i := range 30 {
					id := fmt.Sprint("during ", w, i)
					if key, err := other.Make(ctx, id); err == nil {
						made.Store(id, key)
					}
				}
			})
		}
		var err error
		for range 20 { // the transaction may lose to the others, and says so
			if _, err = s.Rotate(ctx, next); err == nil {
				break
			}
		}
		wait.Wait()
		if err != nil {
			t.Fatal(err)
		}
		after := open(t, d, next)
		must[keys.Counts](t)(after.Check(ctx))
		made.Range(func(id, key any) bool {
			if got, err := after.Case(ctx, id.(string)); err != nil || !same(got, key.(seal.Key)) {
				t.Errorf("%s: %v", id, err)
			}
			return true
		})
	}, keys.Schema)
}
