package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing/fstest"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
)

// bareEntry is what a program without a log would write instead: one row, with as many bytes, and nothing else.
var bareEntry = db.Schema{Room: "bench", Files: fstest.MapFS{"schema/9001_bare.sql": {Data: []byte(`
-- +goose Up
create table bare_entry (id text primary key, at text not null, who text not null, act text not null, casefile text not null,
	about text not null, detail bytea not null);
`)}}}

// audit fills a log, verifies it, and appends to it one entry at a time beside a bare insert.
func (b *bench) audit(ctx context.Context) error {
	folder := filepath.Join(b.dir, "audit")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	engines := []db.Config{{Folder: folder, Name: "waymark", PageKey: bytes.Repeat([]byte{7}, 32), Now: time.Now}}
	switch url, err := b.postgresURL(ctx); {
	case err != nil:
		return err
	case url != "":
		engines = append(engines, db.Config{URL: url, Name: "waymark", Now: time.Now})
	}
	for _, cfg := range engines {
		if err := b.auditOn(ctx, cfg); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) auditOn(ctx context.Context, cfg db.Config) (err error) {
	d, err := db.Open(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Migrate(ctx, "bench", audit.Schema, bareEntry); err != nil {
		return err
	}
	key, err := audit.NewKey(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		return err
	}
	l := audit.NewLog(d, key)
	if err := b.appendOne(ctx, d, l); err != nil {
		return err
	}
	n := pick(b, 1_000_000, 20_000)
	began := time.Now()
	for i := 0; i < n && ctx.Err() == nil; i += 4000 {
		if err := d.Write(ctx, person, func(tx *db.Tx) error {
			for j := i; j < min(i+4000, n); j++ {
				if err := audit.Append(tx, look(j)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		if _, err := l.Sequence(ctx); err != nil {
			return err
		}
	}
	filled := time.Since(began)
	var took, used []time.Duration
	for range 3 {
		before, err := readBusy()
		if err != nil {
			return err
		}
		report, err := l.Verify(ctx)
		if err != nil {
			return err
		}
		after, err := readBusy()
		if err != nil {
			return err
		}
		if !report.Sound() || report.Size < int64(n) {
			return fmt.Errorf("the log of the bench does not verify: %+v", report.Findings)
		}
		took, used = append(took, after.at.Sub(before.at)), append(used, after.ours-before.ours)
	}
	b.row(fmt.Sprintf("audit verify, %d entries of 100,000 cases, %s", n, d.Engine()),
		fmt.Sprintf("median %s, best %s", short(median(took)), short(slices.Min(took))), "processor time of the program: "+short(median(used)), "", "under 5 s for 1,000,000")
	b.note("audit, %s: %d entries were appended, 4,000 in a transaction, and taken into the tree in %s", d.Engine(), n, short(filled))
	return nil
}

const person = "01k5c0amara00000000000000x"

// look is one view of one of 100,000 cases.
func look(i int) audit.Entry {
	c := i * 7919 % 100_000
	return audit.Entry{Act: audit.CaseViewed, Case: fmt.Sprintf("01k5c0case%016d", c), Of: fmt.Sprintf("01k5c0sheet%015d", c), Detail: make([]byte, 60)}
}

// appendOne writes single entries, each durable before the next, by turns with the bare row.
func (b *bench) appendOne(ctx context.Context, d *db.DB, l *audit.Log) error {
	var entry, bare []time.Duration
	for i := range pick(b, 2000, 200) {
		began := time.Now()
		if err := d.Write(ctx, person, func(tx *db.Tx) error { return audit.Append(tx, look(i)) }); err != nil {
			return err
		}
		between := time.Now()
		err := d.Write(ctx, person, func(tx *db.Tx) error {
			e := look(i)
			_, err := tx.Exec(`insert into bare_entry (id, at, who, act, casefile, about, detail) values ($1, $2, $3, $4, $5, $6, $7)`,
				db.NewID(tx.Now), db.Stamp(tx.Now), tx.Who, string(e.Act), e.Case, e.Of, e.Detail)
			return err
		})
		if err != nil {
			return err
		}
		entry, bare = append(entry, between.Sub(began)), append(bare, time.Since(between))
		if i%100 == 99 {
			if _, err := l.Sequence(ctx); err != nil {
				return err
			}
		}
	}
	b.row("audit append, one durable transaction, "+d.Engine(), "median "+short(median(entry)), "bare insert of one row: median "+short(median(bare)),
		fmt.Sprintf("%.2f times", float64(median(entry))/float64(median(bare))), "")
	return nil
}
