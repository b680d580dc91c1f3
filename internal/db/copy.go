package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// Copy writes the whole database to w as it is at one moment, while others go on writing. look sees exactly what the
// copy holds. scratch is a folder for a file that is gone when Copy returns; on SQLite its pages are encrypted by key.
func (d *DB) Copy(ctx context.Context, scratch string, key []byte, w io.Writer, look func(*Tx) error) error {
	return d.engine.explain(d.engine.copy(ctx, d, scratch, key, w, look))
}

// Fill makes the database that cfg names out of what Copy wrote. There must be none yet: on SQLite no file, on
// PostgreSQL no table. key is the one that Copy was given; the new database has the page key of cfg.
func Fill(ctx context.Context, cfg Config, scratch string, key []byte, r io.Reader) error {
	if cfg.URL != "" {
		return fillPostgres(ctx, cfg, r)
	}
	return fillSQLite(ctx, cfg, scratch, key, r)
}

// Tables names every table, in order, without the two that belong to the migrations.
func (t *Tx) Tables() ([]string, error) {
	all, err := All(t, Of[string], t.engine.tables())
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return name == "schema_step" || name == "goose_db_version" })
	slices.Sort(all)
	return all, nil
}

// Rows counts the rows of every table.
func (t *Tx) Rows() (map[string]int64, error) {
	tables, err := t.Tables()
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, table := range tables {
		if counts[table], err = One(t, Of[int64], `select count(1) from "`+table+`"`); err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", table, err)
		}
	}
	return counts, nil
}

// Steps names the migrations that the database has taken, in order.
func (t *Tx) Steps() ([]string, error) {
	return All(t, Of[string], `select name from schema_step order by version`)
}

// Clear drops every table: of a database that was empty, when filling it came to nothing.
func (d *DB) Clear(ctx context.Context) error { return d.engine.explain(d.engine.clear(ctx, d)) }

// Check asks the database itself whether it is sound. It reads all of it.
func (d *DB) Check(ctx context.Context) error { return d.engine.explain(d.engine.check(ctx, d)) }

func (sqlite) tables() string {
	return `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`
}

func (postgres) tables() string {
	return `select tablename from pg_tables where schemaname = 'public'`
}

func (sqlite) check(ctx context.Context, d *DB) error {
	rows, err := d.read.QueryContext(ctx, "pragma integrity_check(1)")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var says string
		if err := rows.Scan(&says); err != nil {
			return err
		}
		if says != "ok" {
			return fault.Of(fault.Unwritable, "the database is damaged; stop, keep a copy as it is, and restore the last backup (%.100s)", says)
		}
	}
	return rows.Err()
}

// check on PostgreSQL is left to its own tools: pg_amcheck reads what only a superuser may.
func (postgres) check(ctx context.Context, d *DB) error { return d.read.PingContext(ctx) }

func (sqlite) copy(ctx context.Context, d *DB, scratch string, key []byte, w io.Writer, look func(*Tx) error) (err error) {
	folder, err := os.MkdirTemp(scratch, "copy-")
	if err != nil {
		return fmt.Errorf("make room for the copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	there := Config{Folder: folder, Name: "copy", PageKey: key, Now: d.now}
	if err := vacuumInto(ctx, d.read, there.Path(), key); err != nil {
		return err
	}
	copied, err := Open(there)
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	err = copied.Read(ctx, "", look)
	if err = errors.Join(err, copied.Close()); err != nil {
		return err
	}
	return pour(w, there.Path())
}

// clear on SQLite has nothing to do: the file goes with its folder.
func (sqlite) clear(context.Context, *DB) error { return nil }

func (postgres) clear(ctx context.Context, d *DB) error {
	var tables []string
	err := d.Read(ctx, "", func(tx *Tx) (err error) {
		tables, err = All(tx, Of[string], tx.engine.tables())
		return err
	})
	if err != nil || len(tables) == 0 {
		return err
	}
	_, err = d.write.ExecContext(ctx, `drop table "`+strings.Join(tables, `", "`)+`" cascade`)
	return err
}

func pour(w io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(w, file)
	return err
}

func fillSQLite(ctx context.Context, cfg Config, scratch string, key []byte, r io.Reader) (err error) {
	if _, err := os.Stat(cfg.Path()); err == nil {
		return fault.Of(fault.Conflict, "there is a database %s already; nothing is restored over one", cfg.Path())
	}
	folder, err := os.MkdirTemp(scratch, "copy-")
	if err != nil {
		return fmt.Errorf("make room for the copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	there := Config{Folder: folder, Name: "copy", PageKey: key, Now: cfg.Now}
	file, err := os.OpenFile(there.Path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, r)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	copied, err := Open(there)
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	err = vacuumInto(ctx, copied.read, cfg.Path(), cfg.PageKey)
	if err = errors.Join(err, copied.Close()); err != nil {
		return err
	}
	return syncFile(cfg.Path(), filepath.Dir(cfg.Path()))
}

// syncFile returns when a file and its name in a folder are on disk.
func syncFile(paths ...string) error {
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := errors.Join(file.Sync(), file.Close()); err != nil {
			return err
		}
	}
	return nil
}
