// Package db is one SQL text on two databases. It owns the connections, the one global order of migrations, and
// transactions that know who acts and when. What the tables mean belongs to the rooms above.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"waymark/internal/clock"
)

// Config says which database, and how it is kept.
type Config struct {
	URL     string // postgres://…; "" is SQLite
	Folder  string // SQLite: the file is Folder/Name.db
	Name    string // such as "waymark"
	PageKey []byte // SQLite: 32 bytes; every page on disk is encrypted with it
	VFS     string // SQLite: the VFS below the encryption; "" is the system's. Tests hand in one that loses what was not synced
	Sync    string // SQLite: "" is FULL. A test sets OFF, to be shown to fail
	Now     clock.Now
}

// DB is one open database.
type DB struct {
	engine engine
	url    string  // of PostgreSQL, for its own client
	write  *sql.DB // on SQLite one connection, since SQLite has one writer
	read   *sql.DB
	now    clock.Now

	mu   sync.Mutex
	last time.Time // the latest moment that a transaction was given
}

// engine is what the two databases do differently; nothing else in the program knows which one it is.
type engine interface {
	name() string
	text(query string) string // the query as this database wants it
	again(error) bool         // a transaction that lost to another, and may be tried again
	explain(error) error      // a failure that an operator can mend, in words
	options(reading bool) *sql.TxOptions
	forget(ctx context.Context, pool *sql.DB, table string) error // lets go of what was deleted
	tables() string                                               // the query that names every table
	check(ctx context.Context, d *DB) error
	clear(ctx context.Context, d *DB) error
	copy(ctx context.Context, d *DB, scratch string, key []byte, w io.Writer, look func(*Tx) error) error
}

// Open opens the database and looks at whether it can be used: the key opens it, text sorts by bytes, it can be written.
func Open(cfg Config) (*DB, error) {
	if cfg.Now == nil {
		return nil, errors.New("a database needs a clock")
	}
	if cfg.URL != "" {
		return openPostgres(cfg)
	}
	return openSQLite(cfg)
}

// Engine is "sqlite" or "postgres", for the operator's page and for tools that copy a database. No statement may depend on it.
func (d *DB) Engine() string { return d.engine.name() }

// Close closes every connection. What was committed is on disk long before.
func (d *DB) Close() error { return errors.Join(d.read.Close(), d.write.Close()) }

// NotBefore keeps the moments of transactions from running behind t, such as the last moment in the log: after the clock
// of the machine jumped back, what happens later must not look as if it had happened earlier.
func (d *DB) NotBefore(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t = t.UTC().Truncate(time.Millisecond); t.After(d.last) {
		d.last = t
	}
}

// Behind is how far the machine's clock runs behind the moments already given; 0 when all is well.
func (d *DB) Behind() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(0, d.last.Sub(d.now()))
}

func (d *DB) moment() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := d.now().UTC().Truncate(time.Millisecond); now.After(d.last) {
		d.last = now
	}
	return d.last
}

// tries is how often a transaction that lost to another is run before its caller is told.
const tries = 12

// Write runs f in one short transaction that commits when f returns nil. It may run f again when another transaction
// came first, so f must do nothing outside tx but through [Tx.Later]. When Write returns nil, what f wrote is on disk.
func (d *DB) Write(ctx context.Context, who string, f func(*Tx) error) error {
	return d.run(ctx, d.write, who, false, f)
}

// Read runs f on a snapshot. A statement that would change something fails.
func (d *DB) Read(ctx context.Context, who string, f func(*Tx) error) error {
	return d.run(ctx, d.read, who, true, f)
}

func (d *DB) run(ctx context.Context, pool *sql.DB, who string, reading bool, f func(*Tx) error) error {
	for try := 1; ; try++ {
		err := d.once(ctx, pool, who, reading, f)
		if err == nil || try == tries || !d.engine.again(err) {
			return d.engine.explain(err)
		}
		select { // longer with each try, and by chance, so that those who collide do not collide again
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond + rand.N(time.Duration(try*try)*2*time.Millisecond)):
		}
	}
}

func (d *DB) once(ctx context.Context, pool *sql.DB, who string, reading bool, f func(*Tx) error) (err error) {
	inside, err := pool.BeginTx(ctx, d.engine.options(reading))
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	t := &Tx{Now: d.moment(), Who: who, ctx: ctx, sql: inside, engine: d.engine}
	committed := false
	defer func() {
		if !committed { // also when f panics
			err = errors.Join(err, ended(inside.Rollback()))
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	if err := inside.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	committed = true
	for _, f := range t.later {
		f()
	}
	return nil
}

// ended leaves out that a transaction had ended already, as it has when its context was cancelled.
func ended(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
