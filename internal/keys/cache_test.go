package keys_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

func TestOnlyTheKeysUsedLastAreInMemory(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, seal.NewMaster())
		for i := range keys.CacheSize + 20 {
			id := fmt.Sprint("c", i)
			must[seal.Key](t)(s.Make(ctx, id))
			must[seal.Key](t)(s.Case(ctx, id))
			must[seal.Key](t)(s.Case(ctx, "c0")) // used all the time, so it stays
		}
		if n := s.Cached(); n != keys.CacheSize {
			t.Errorf("%d keys are in memory, not %d", n, keys.CacheSize)
		}
		err := d.Write(ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(`delete from wrapped_key`); return err })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Case(ctx, "c0"); err != nil {
			t.Error("the key used last was not in memory:", err)
		}
		if _, err := s.Case(ctx, "c1"); err == nil {
			t.Error("the key used first was still in memory")
		}
	}, keys.Schema)
}

func TestAKeyLeavesTheMemoryAfterAFewMinutes(t *testing.T) {
	cfg := webtest.SQLite(t, time.Now)
	d := webtest.OpenDB(t, cfg, keys.Schema)
	s := open(t, d, seal.NewMaster())
	must[seal.Key](t)(s.Make(ctx, "c1"))
	synctest.Test(t, func(t *testing.T) {
		s.Remember("c1")
		time.Sleep(keys.CacheKeep - time.Second)
		synctest.Wait()
		if s.Cached() != 1 {
			t.Error("it left too early")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if s.Cached() != 0 {
			t.Error("it is still there")
		}
	})
}

// A key that is read while it is destroyed must not stay in memory.
func TestAKeyReadBeforeTheCacheWasEmptiedIsNotKept(t *testing.T) {
	d := webtest.OpenDB(t, webtest.SQLite(t, time.Now), keys.Schema)
	s := open(t, d, seal.NewMaster())
	must[seal.Key](t)(s.Make(ctx, "c1"))
	s.RememberLate("c1")
	if s.Cached() != 0 {
		t.Error("it was kept")
	}
}
