package site_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// Every database that was ever in use comes through every later change with what was in it: one row in every table, of
// every earlier state of the house, on both databases.
func TestADatabaseOfEveryEarlierStepComesThroughWithItsRows(t *testing.T) {
	for house, schemas := range map[string][]db.Schema{"records": site.Schemas(), "keys": {keys.Schema}} {
		versions := stepsOf(t, schemas)
		for _, version := range versions {
			if testing.Short() && version != versions[0] {
				continue
			}
			t.Run(fmt.Sprintf("%s from %04d", house, version), func(t *testing.T) {
				webtest.OnBoth(t, func(t *testing.T, d *db.DB) { upgrade(t, d, schemas, version) })
			})
		}
	}
}

func upgrade(t *testing.T, d *db.DB, schemas []db.Schema, from int64) {
	ctx := context.Background()
	if err := d.MigrateTo(ctx, "an older program", from, schemas...); err != nil {
		t.Fatal(err)
	}
	fillEveryTable(t, d)
	before := everyRow(t, d)
	if err := d.Migrate(ctx, "this program", schemas...); err != nil {
		t.Fatal(err)
	}
	after := everyRow(t, d)
	for table, row := range before {
		if len(row) == 0 {
			t.Errorf("the test put no row into %s, so it shows nothing", table)
		}
		for column, value := range row {
			if now, there := after[table][column]; !there {
				t.Errorf("%s.%s is gone: the release before this one cannot run beside it", table, column)
			} else if now != value {
				t.Errorf("%s.%s was %s and is %s", table, column, value, now)
			}
		}
	}
	if pending, err := d.Pending(ctx, schemas...); err != nil || len(pending) > 0 {
		t.Errorf("%v are still to be taken (%v)", pending, err)
	}
}

func stepsOf(t *testing.T, schemas []db.Schema) (versions []int64) {
	for _, schema := range schemas {
		files, err := fs.Glob(schema.Files, "schema/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			n, err := strconv.ParseInt(path.Base(file)[:4], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, n)
		}
	}
	slices.Sort(versions)
	return versions
}

// column is a column as the database describes it.
type column struct{ name, kind string }

func columnsOf(tx *db.Tx, engine, table string) ([]column, error) {
	query := `select name, type from pragma_table_info($1)`
	if engine == "postgres" {
		query = `select column_name, data_type from information_schema.columns where table_schema = 'public' and table_name = $1`
	}
	return db.All(tx, func(r db.Row) (c column, err error) {
		err = r.Scan(&c.name, &c.kind)
		return c, err
	}, query, table)
}

// fillEveryTable puts a row into every table that has none. Every text is one and the same, and so is every number, so
// that rows find those that they refer to; it goes round until those are there.
func fillEveryTable(t *testing.T, d *db.DB) {
	t.Helper()
	for left := -1; left != 0; {
		var failed []error
		for _, table := range slices.Sorted(maps.Keys(rowsOf(t, d))) {
			if rowsOf(t, d)[table] > 0 {
				continue
			}
			err := d.Write(context.Background(), "p1", func(tx *db.Tx) error {
				columns, err := columnsOf(tx, d.Engine(), table)
				if err != nil {
					return err
				}
				var names, places []string
				var values []any
				for i, c := range columns {
					names, places = append(names, `"`+c.name+`"`), append(places, fmt.Sprintf("$%d", i+1))
					switch strings.ToLower(c.kind) {
					case "bigint":
						values = append(values, int64(1))
					case "bytea":
						values = append(values, []byte("sealed"))
					default:
						values = append(values, db.Stamp(time.Unix(1764000000, 0)))
					}
				}
				_, err = tx.Exec(`insert into "`+table+`" (`+strings.Join(names, ", ")+`) values (`+strings.Join(places, ", ")+`)`, values...)
				return err
			})
			if err != nil {
				failed = append(failed, err)
			}
		}
		if len(failed) == left {
			t.Fatalf("no row can be put into some tables: %v", errors.Join(failed...))
		}
		left = len(failed)
	}
}

func rowsOf(t *testing.T, d *db.DB) (rows map[string]int64) {
	t.Helper()
	err := d.Read(context.Background(), "", func(tx *db.Tx) (err error) {
		rows, err = tx.Rows()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// everyRow is the first row of every table, as words.
func everyRow(t *testing.T, d *db.DB) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	err := d.Read(context.Background(), "", func(tx *db.Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			columns, err := columnsOf(tx, d.Engine(), table)
			if err != nil {
				return err
			}
			all[table] = map[string]string{}
			for _, c := range columns {
				values, err := db.All(tx, func(r db.Row) (string, error) {
					var v any
					err := r.Scan(&v)
					return fmt.Sprintf("%v", v), err
				}, `select "`+c.name+`" from "`+table+`"`)
				if err != nil {
					return err
				}
				if len(values) > 0 {
					all[table][c.name] = values[0]
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
