package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"waymark/internal/fault"
)

// Schema is what a room adds to the database: files schema/0012_what.sql, in the one global order of the house.
type Schema struct {
	Room  string
	Files fs.FS
}

// step is one migration.
type step struct {
	version int64
	name    string // 0012_what
}

// gather puts the steps of all rooms into one order and refuses two with one number.
func gather(schemas []Schema) (fstest.MapFS, []step, error) {
	files := fstest.MapFS{} // of the standard library; it holds files in memory, whatever its folder says of tests
	rooms := map[int64]string{}
	var steps []step
	for _, schema := range schemas {
		found, err := fs.Glob(schema.Files, "schema/*.sql")
		if err != nil || len(found) == 0 {
			return nil, nil, fmt.Errorf("%s has no schema/*.sql", schema.Room)
		}
		for _, file := range found {
			name := strings.TrimSuffix(path.Base(file), ".sql")
			number, _, _ := strings.Cut(name, "_")
			version, err := strconv.ParseInt(number, 10, 64)
			if err != nil || version < 1 || len(number) != 4 {
				return nil, nil, fmt.Errorf("%s: %s should begin with a number of four digits", schema.Room, path.Base(file))
			}
			if other := rooms[version]; other != "" {
				return nil, nil, fmt.Errorf("%s and %s both have a migration %s; the order is one for the whole house", other, schema.Room, number)
			}
			raw, err := fs.ReadFile(schema.Files, file)
			if err != nil {
				return nil, nil, err
			}
			rooms[version] = schema.Room
			files[path.Base(file)] = &fstest.MapFile{Data: raw, Mode: 0o444}
			steps = append(steps, step{version, name})
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return int(a.version - b.version) })
	return files, steps, nil
}

// ledger says, beside goose's own table, which program took each step, so that an older program can name what it does not know.
const ledger = `create table if not exists schema_step (version bigint primary key, name text not null, program text not null)`

func (d *DB) provider(schemas []Schema) (*goose.Provider, []step, error) {
	files, steps, err := gather(schemas)
	if err != nil {
		return nil, nil, err
	}
	dialect := goose.DialectSQLite3
	if d.engine.name() == "postgres" {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.write, files, goose.WithAllowOutofOrder(true), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, nil, fmt.Errorf("gather the migrations: %w", err)
	}
	return p, steps, nil
}

// Pending names the steps that the database has not taken yet, in order. A database that a newer program changed is refused.
func (d *DB) Pending(ctx context.Context, schemas ...Schema) ([]string, error) {
	_, steps, err := gather(schemas)
	if err != nil {
		return nil, err
	}
	taken, err := d.taken(ctx)
	if err != nil {
		return nil, d.engine.explain(err)
	}
	var pending []string
	for _, s := range steps {
		if _, done := taken[s.version]; !done {
			pending = append(pending, s.name)
		}
		delete(taken, s.version)
	}
	for _, newer := range taken {
		return nil, fault.Of(fault.Conflict, "this database was changed by a newer program (%s took the step %s); start that one, or restore the backup made before it",
			newer.program, newer.name)
	}
	return pending, nil
}

type taken struct{ name, program string }

func (d *DB) taken(ctx context.Context) (map[int64]taken, error) {
	if _, err := d.write.ExecContext(ctx, ledger); err != nil {
		return nil, fmt.Errorf("look at the ledger of migrations: %w", err)
	}
	rows, err := d.write.QueryContext(ctx, "select version, name, program from schema_step")
	if err != nil {
		return nil, fmt.Errorf("read the ledger of migrations: %w", err)
	}
	defer rows.Close()
	all := map[int64]taken{}
	for rows.Next() {
		var version int64
		var one taken
		if err := rows.Scan(&version, &one.name, &one.program); err != nil {
			return nil, err
		}
		all[version] = one
	}
	return all, rows.Err()
}

// Fresh reports that nothing was ever put into this database.
func (d *DB) Fresh(ctx context.Context) (bool, error) {
	all, err := d.taken(ctx)
	return len(all) == 0, d.engine.explain(err)
}

// Migrate takes every step that is still to be taken. program names this version, for the ledger. Each change keeps the
// release before it running: expand first, contract later.
func (d *DB) Migrate(ctx context.Context, program string, schemas ...Schema) error {
	return d.MigrateTo(ctx, program, 0, schemas...)
}

// MigrateTo stops behind a step; 0 takes all. Tests use it to begin with an older database.
func (d *DB) MigrateTo(ctx context.Context, program string, last int64, schemas ...Schema) error {
	if _, err := d.Pending(ctx, schemas...); err != nil {
		return err
	}
	p, steps, err := d.provider(schemas)
	if err != nil {
		return err
	}
	if last == 0 {
		_, err = p.Up(ctx)
	} else {
		_, err = p.UpTo(ctx, last)
	}
	if err != nil {
		return d.engine.explain(fmt.Errorf("change the database: %w", err))
	}
	tx, err := d.write.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after the commit there is nothing to take back
	for _, s := range steps {
		if last != 0 && s.version > last {
			continue
		}
		if _, err := tx.ExecContext(ctx, d.engine.text(`insert into schema_step (version, name, program) values ($1, $2, $3) on conflict (version) do nothing`), s.version, s.name, program); err != nil {
			return errors.Join(fmt.Errorf("write the ledger of migrations: %w", err))
		}
	}
	return tx.Commit()
}
