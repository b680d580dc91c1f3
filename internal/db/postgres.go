package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"waymark/internal/fault"
)

func openPostgres(cfg Config) (*DB, error) {
	address, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		return nil, errors.New("the address of the database is not one of PostgreSQL, such as postgres://name@host/database")
	}
	// A serializable transaction that reads a whole small table counts as having read all of it, and loses to everybody who
	// writes there. By the index it has read only what it asked for.
	address.RuntimeParams["enable_seqscan"] = "off"
	pool := stdlib.OpenDB(*address)
	pool.SetMaxOpenConns(20)
	pool.SetMaxIdleConns(10)
	d := &DB{engine: postgres{}, url: cfg.URL, write: pool, read: pool, now: cfg.Now}
	for _, see := range []func(Config) error{d.sortsByBytes, d.waitsForTheDisk} {
		if err := see(cfg); err != nil {
			d.Close()
			return nil, d.engine.explain(err)
		}
	}
	return d, nil
}

// byBytes are the collations under which text sorts as SQLite sorts it.
var byBytes = []string{"C", "POSIX", "C.UTF-8", "C.utf8", "ucs_basic"}

// sortsByBytes refuses a database that sorts by the rules of a language: the same list would come in another order on
// SQLite, and an index on our ids and moments would be of no use.
func (d *DB) sortsByBytes(Config) error {
	var name, collation, encoding string
	err := d.read.QueryRowContext(context.Background(), `select datname, datcollate, pg_encoding_to_char(encoding)
		from pg_database where datname = current_database()`).Scan(&name, &collation, &encoding)
	if err != nil {
		return fmt.Errorf("ask the database how it sorts: %w", err)
	}
	if !slices.Contains(byBytes, collation) || encoding != "UTF8" {
		return fault.Of(fault.Unwritable, "the database %s sorts by %s in %s; Waymark needs one that sorts by bytes in UTF8: createdb --template=template0 --encoding=UTF8 --locale=C NAME",
			name, collation, encoding)
	}
	return nil
}

// waitsForTheDisk refuses a database that says "saved" before it is: what was acknowledged would be gone after a crash.
func (d *DB) waitsForTheDisk(cfg Config) error {
	var name, waits string
	err := d.read.QueryRowContext(context.Background(), `select current_database(), current_setting('synchronous_commit')`).Scan(&name, &waits)
	if err != nil {
		return fmt.Errorf("ask the database whether it waits for its disk: %w", err)
	}
	if waits == "off" && cfg.Sync != "OFF" {
		return fault.Of(fault.Unwritable, `the database %s says "saved" before it has saved; let it wait for its disk: alter database %s set synchronous_commit = on`, name, name)
	}
	return nil
}

type postgres struct{}

func (postgres) name() string             { return "postgres" }
func (postgres) text(query string) string { return query }

func (postgres) again(err error) bool {
	return hasCode(err, "40001", "40P01") // serialization failure, deadlock
}

func (postgres) explain(err error) error {
	var told *pgconn.PgError
	var unreachable *pgconn.ConnectError
	var unreadable *pgconn.ParseConfigError
	switch {
	case err == nil || errors.Is(err, fault.Unwritable):
		return err
	case errors.As(err, &unreadable):
		return fault.Of(fault.Unwritable, "the address of the database is not one of PostgreSQL, such as postgres://name@host/database")
	case hasCode(err, "53100"):
		return fault.Of(fault.Unwritable, "the disk of the database is full: nothing was saved and nothing was lost; make room, then try again")
	case hasCode(err, "25006"):
		return fault.Of(fault.Unwritable, "the database takes no changes; it is a copy, or was set to read only")
	case hasCode(err, "28P01", "28000"):
		return fault.Of(fault.Unwritable, "the database does not let this user in; look at the name and the password in its address")
	case hasCode(err, "3D000"):
		return fault.Of(fault.Unwritable, "there is no such database; make it: createdb --template=template0 --encoding=UTF8 --locale=C NAME")
	case errors.As(err, &unreachable):
		return fault.Of(fault.Unwritable, "the database cannot be reached")
	case errors.As(err, &told):
		// Its detail line may quote a value, so only the code and the first line go on.
		return &reworded{err, fmt.Sprintf("%s (%s)", told.Message, told.Code)}
	}
	return err
}

// reworded is an error that says less than its cause.
type reworded struct {
	cause error
	words string
}

func (r *reworded) Error() string { return r.words }
func (r *reworded) Unwrap() error { return r.cause }

func hasCode(err error, codes ...string) bool {
	var told *pgconn.PgError
	return errors.As(err, &told) && slices.ContainsFunc(codes, func(code string) bool { return strings.EqualFold(code, told.Code) })
}

func (postgres) options(reading bool) *sql.TxOptions {
	if reading {
		return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	return &sql.TxOptions{Isolation: sql.LevelSerializable}
}
