package db

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"

	"waymark/internal/fault"
)

// encrypted are the encrypting VFSs by the VFS below them. The register of VFSs is the process's own.
var encrypted struct {
	sync.Mutex
	over map[string]string
}

func encryptedOver(base string) (string, error) {
	encrypted.Lock()
	defer encrypted.Unlock()
	if name := encrypted.over[base]; name != "" {
		return name, nil
	}
	below, ok := vfs.Find(base).(vfs.VFSFilename)
	if !ok {
		return "", fmt.Errorf("there is no VFS %q", base)
	}
	if encrypted.over == nil {
		encrypted.over = map[string]string{}
	}
	name := "encrypted-" + base
	vfs.Register(name, adiantum.Wrap(whole{below}, nil))
	encrypted.over[base] = name
	return name, nil
}

// Path is where a SQLite database stands.
func (cfg Config) Path() string { return filepath.Join(cfg.Folder, cfg.Name+".db") }

func openSQLite(cfg Config) (*DB, error) {
	if len(cfg.PageKey) != 32 {
		return nil, errors.New("a SQLite database needs a page key of 32 bytes: it is never kept unencrypted")
	}
	vfsName, err := encryptedOver(cfg.VFS)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(cfg.Folder); err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w", err)
	}
	place := url.URL{Scheme: "file", Opaque: (&url.URL{Path: cfg.Path()}).EscapedPath(), RawQuery: "vfs=" + vfsName}
	durable := "FULL"
	if cfg.Sync != "" {
		durable = cfg.Sync
	}
	prepare := func(c *sqlite3.Conn) error {
		// The key comes first: without it the first page cannot be read. It is never in an address.
		for _, pragma := range []string{
			"hexkey='" + hex.EncodeToString(cfg.PageKey) + "'", "temp_store=memory", "journal_mode=wal",
			"synchronous=" + durable, "foreign_keys=on", "secure_delete=on", "trusted_schema=off", "cache_size=-8000",
		} {
			if err := c.Exec("PRAGMA " + pragma); err != nil {
				return err
			}
		}
		return nil
	}
	d := &DB{engine: sqlite{}, now: cfg.Now}
	if d.write, err = driver.Open(place.String(), prepare); err != nil {
		return nil, err
	}
	if d.read, err = driver.Open(place.String(), prepare); err != nil {
		return nil, err
	}
	d.write.SetMaxOpenConns(1)
	readers := max(4, 2*runtime.NumCPU())
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	if err := d.tryOut(); err != nil {
		d.Close()
		return nil, d.engine.explain(err)
	}
	if err := os.Chmod(cfg.Path(), 0o600); err != nil {
		d.Close()
		return nil, fmt.Errorf("the database must be for its owner alone: %w", err)
	}
	return d, nil
}

// tryOut begins a transaction that could write, so that a wrong key and a folder that cannot be written to are told now.
func (d *DB) tryOut() error {
	ctx := context.Background()
	tx, err := d.write.BeginTx(ctx, d.engine.options(false))
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after the commit there is nothing to take back
	var n int
	if err := tx.QueryRowContext(ctx, "select count(name) from sqlite_schema").Scan(&n); err != nil {
		return err
	}
	if n == 0 { // a new file: see that a page can be written
		if _, err := tx.ExecContext(ctx, "create table tried (n bigint)"); err != nil {
			return err
		}
	}
	return nil
}

type sqlite struct{}

func (sqlite) name() string             { return "sqlite" }
func (sqlite) text(query string) string { return questionMarks(query) }

func (sqlite) again(err error) bool {
	return errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED)
}

func (sqlite) explain(err error) error {
	switch {
	case err == nil || errors.Is(err, fault.Unwritable):
		return err
	case errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.IOERR_BADKEY):
		return fault.Of(fault.Unwritable, "the database cannot be read with this key; it belongs to another master key, or it is damaged (%v)", err)
	case errors.Is(err, sqlite3.FULL):
		return fault.Of(fault.Unwritable, "the disk is full: nothing was saved and nothing was lost; make room, then try again (%v)", err)
	case errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.CANTOPEN), errors.Is(err, sqlite3.PERM), errors.Is(err, os.ErrPermission):
		return fault.Of(fault.Unwritable, "the data folder cannot be written to; let the program's user own it (%v)", err)
	case errors.Is(err, sqlite3.IOERR):
		return fault.Of(fault.Unwritable, "the disk did not take what was to be saved: nothing of it counts as saved (%v)", err)
	case errors.Is(err, sqlite3.CORRUPT):
		return fault.Of(fault.Unwritable, "the database is damaged; stop, keep a copy as it is, and restore the last backup (%v)", err)
	}
	return err
}

func (sqlite) options(reading bool) *sql.TxOptions { return &sql.TxOptions{ReadOnly: reading} }
