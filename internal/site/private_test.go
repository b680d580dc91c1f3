package site_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

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
