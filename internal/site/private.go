package site

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/backup"
	"waymark/internal/casework"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fact"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

// PrivateConfig says where the records are and what opens them.
type PrivateConfig struct {
	Data         string      // the data folder
	Database     string      // postgres://…; "" is SQLite in the data folder
	KeysDatabase string      // postgres://…; "" is SQLite in the data folder, apart from whoever runs the other database
	Master       seal.Master // opens the key store
	Program      string      // the version, for the ledger of migrations
	Now          clock.Now
	Log          *slog.Logger
	ClamAV       string // socket of the virus scanner; "" is none
	VFS, Sync    string // SQLite: as in db.Config, for tests of what a disk may do
	Quick        bool   // passwords that are quick to guess, for invented people only

	// BeforeChange is called with the open databases before a migration changes one that is in use: time for a backup.
	// When it fails, nothing is changed.
	BeforeChange func(context.Context, *Private, []string) error
}

// Private is the private half, open: the databases, the keys and the log. Commands open it as serve does.
type Private struct {
	Config PrivateConfig
	DB     *db.DB
	KeysDB *db.DB
	Keys   *keys.Store
	Log    *audit.Log
	People *access.Store

	index   seal.Index        // by which children are found
	scanner *casework.Scanner // nil when there is none
}

// Schemas are the tables of the main database, of every room that has any.
func Schemas() []db.Schema {
	return []db.Schema{audit.Schema, fact.Schema, access.Schema, backup.Schema, casework.Schema}
}

// OpenPrivate opens keyring, key store and database, brings them to this program's schema, and looks at whether they
// belong together. Every failure is one sentence for whoever runs the copy.
func OpenPrivate(ctx context.Context, cfg PrivateConfig) (p *Private, err error) {
	p = &Private{Config: cfg}
	defer func() {
		if err != nil {
			p.Close()
			p = nil
		}
	}()
	if cfg.KeysDatabase != "" && cfg.KeysDatabase == cfg.Database {
		return p, errors.New("the keys and the records are to be in one and the same database; give --keys-database one of its own, so that nobody gets both with one backup")
	}
	if p.scanner, err = casework.NewScanner(cfg.ClamAV); err != nil {
		return p, err
	}
	ring, err := keys.OpenKeyring(cfg.Data, cfg.Master)
	if err != nil {
		return p, err
	}
	if p.KeysDB, err = db.Open(db.Config{URL: cfg.KeysDatabase, Folder: cfg.Data, Name: "keys", PageKey: ring.Page("keys"), VFS: cfg.VFS, Sync: cfg.Sync, Now: cfg.Now}); err != nil {
		return p, fmt.Errorf("open the key store: %w", err)
	}
	if p.DB, err = db.Open(db.Config{URL: cfg.Database, Folder: cfg.Data, Name: "waymark", PageKey: ring.Page("waymark"), VFS: cfg.VFS, Sync: cfg.Sync, Now: cfg.Now}); err != nil {
		return p, fmt.Errorf("open the database: %w", err)
	}
	if err = p.migrate(ctx); err != nil {
		return p, err
	}
	if p.Keys, err = keys.Open(ctx, p.KeysDB, cfg.Master); err != nil {
		return p, err
	}
	if err = ring.Settle(p.Keys); err != nil {
		return p, err
	}
	err = p.DB.Read(ctx, "", func(tx *db.Tx) error {
		latest, err := audit.Latest(tx)
		p.DB.NotBefore(latest)
		return err
	})
	if err != nil {
		return p, err
	}
	people, err := p.Keys.Root(ctx, access.RootKey)
	if err != nil {
		return p, fmt.Errorf("the key of the people: %w", err)
	}
	p.People = access.New(access.Config{DB: p.DB, Key: people, Quick: cfg.Quick})
	index, err := p.Keys.Root(ctx, "index")
	if err != nil {
		return p, fmt.Errorf("the key of the index: %w", err)
	}
	p.index = index.Index()
	return p, p.openLog(ctx)
}

// openLog gives the log the key that signs its checkpoints.
func (p *Private) openLog(ctx context.Context) (err error) {
	p.Log, err = logOf(ctx, p.DB, p.Keys)
	return err
}

func logOf(ctx context.Context, d *db.DB, k *keys.Store) (*audit.Log, error) {
	root, err := k.Root(ctx, "audit")
	if err != nil {
		return nil, fmt.Errorf("the key that signs the log: %w", err)
	}
	key, err := audit.NewKey(root.Derive("sign checkpoints"))
	if err != nil {
		return nil, fmt.Errorf("the key that signs the log: %w", err)
	}
	return audit.NewLog(d, key), nil
}

// Run does what goes on beside the requests until ctx ends: entries are taken into the log's tree, and keys without a
// case are swept.
func (p *Private) Run(ctx context.Context) {
	var beside sync.WaitGroup
	beside.Go(func() { p.sweepDaily(ctx) })
	p.Log.Run(ctx, func(err error) {
		p.Config.Log.Error("the log could not be brought up to date; it is tried again", "error", err)
	})
	beside.Wait()
}

// FirstLink gives the path of the page on which the first administrator is made, or "" when there is one already.
func (p *Private) FirstLink(ctx context.Context) (path string, err error) {
	err = p.DB.Write(ctx, "", func(tx *db.Tx) error {
		token, err := p.People.FirstLink(tx)
		if token != "" {
			path = "/invitation/" + token
		}
		return err
	})
	return path, err
}

// migrate takes the steps that are still to be taken. A database in use is backed up first, with its keys.
func (p *Private) migrate(ctx context.Context) error {
	pending, err := stillToTake(ctx, p.DB, Schemas()...)
	if err != nil {
		return err
	}
	ofKeys, err := stillToTake(ctx, p.KeysDB, keys.Schema)
	if err != nil {
		return err
	}
	if pending = append(pending, ofKeys...); len(pending) > 0 && p.Config.BeforeChange != nil {
		if err := p.Config.BeforeChange(ctx, p, pending); err != nil {
			return fmt.Errorf("the database was not changed: %w", err)
		}
	}
	if err := p.KeysDB.Migrate(ctx, p.Config.Program, keys.Schema); err != nil {
		return err
	}
	return p.DB.Migrate(ctx, p.Config.Program, Schemas()...)
}

// stillToTake names the steps that a database in use has not taken; a new one has nothing to lose.
func stillToTake(ctx context.Context, d *db.DB, schemas ...db.Schema) ([]string, error) {
	pending, err := d.Pending(ctx, schemas...)
	if err != nil {
		return nil, err
	}
	if fresh, err := d.Fresh(ctx); err != nil || fresh {
		return nil, err
	}
	return pending, nil
}

// Close closes what was opened.
func (p *Private) Close() error {
	var all []error
	for _, d := range []*db.DB{p.DB, p.KeysDB} {
		if d != nil {
			all = append(all, d.Close())
		}
	}
	return errors.Join(all...)
}
