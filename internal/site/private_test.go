package site_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/site"
)

func privateConfig(t *testing.T) site.PrivateConfig {
	return site.PrivateConfig{Data: t.TempDir(), Master: seal.NewMaster(), Program: "test", Now: time.Now}
}

func TestTheRecordsOpenAgainAndOnlyUnderTheirOwnMasterKey(t *testing.T) {
	ctx := context.Background()
	cfg := privateConfig(t)
	first, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Keys.Make(ctx, "case-1"); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	other := cfg
	other.Master = seal.NewMaster()
	var wrong *keys.WrongMaster
	if _, err := site.OpenPrivate(ctx, other); !errors.As(err, &wrong) || strings.Contains(err.Error(), "\n") {
		t.Errorf("another master key: %v", err)
	}
	again, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := again.Keys.Case(ctx, "case-1"); err != nil {
		t.Error(err)
	}
}

// Keys beside the records would be in every backup of the records, and a destroyed key in none of them destroyed.
func TestKeysAndRecordsInOneDatabaseAreRefused(t *testing.T) {
	cfg := privateConfig(t)
	cfg.Database, cfg.KeysDatabase = "postgres://waymark@localhost/one", "postgres://waymark@localhost/one"
	if _, err := site.OpenPrivate(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "in one and the same database") {
		t.Error(err)
	}
}

// A record's key is on disk before the record. When the record never came, its key goes, but not before a day is over.
func TestTheKeyOfARecordThatWasNeverWrittenIsSwept(t *testing.T) {
	ctx := context.Background()
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	cfg := privateConfig(t)
	cfg.Now = func() time.Time { return at }
	p, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, id := range []string{"written", "never"} {
		if _, err := p.Keys.Make(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	err = p.DB.Write(ctx, "", func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
			values ('written', 'r', 't', 'p', 's', '', 'p', 'o', 1, $1)`, []byte{1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{0, 1, 0} {
		if swept, err := p.SweepKeys(ctx); err != nil || swept != want {
			t.Errorf("%d keys were swept at %v, not %d (%v)", swept, at, want, err)
		}
		at = at.Add(25 * time.Hour)
	}
	if _, err := p.Keys.Case(ctx, "written"); err != nil {
		t.Error(err)
	}
	if _, err := p.Keys.Case(ctx, "never"); !errors.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
