package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/site"
)

type keyRotateCommand struct {
	records
	Next string `type:"path" required:"" help:"The file of the new master key, made by waymark key new."`
}

// Run wraps every key anew. It may be broken off and run again.
func (c *keyRotateCommand) Run() error {
	ctx := context.Background()
	old, err := c.masterKey(ctx)
	if err != nil {
		return err
	}
	next, err := keys.Source{File: c.Next}.Read(ctx, c.Data)
	if err != nil {
		return err
	}
	switch there, err := c.holdsKeys(); {
	case err != nil:
		return err
	case !there && c.KeysDatabase == "":
		return fmt.Errorf("there are no keys in %s yet; start with the new master key", c.Data)
	}
	release, err := db.Hold(c.Data)
	if err != nil {
		return err
	}
	defer release()
	n, err := keys.ChangeMaster(ctx, c.Data, func(page []byte) (*db.DB, error) {
		d, err := c.openKeys(page)
		if err != nil {
			return nil, err
		}
		if err := d.Migrate(ctx, version, keys.Schema); err != nil {
			return nil, errors.Join(err, d.Close())
		}
		return d, nil
	}, old, next)
	if err != nil {
		return fmt.Errorf("the master key was not changed to its end; run the same command again: %w", err)
	}
	if err := c.trace(ctx, next); err != nil {
		return fmt.Errorf("the master key was changed, but the log does not say so; run the same command again: %w", err)
	}
	fmt.Printf(`%d keys are wrapped by the master key %s now. Name its file with --master-key-file from now on.
The key %s opens nothing here any more. Backups made before now still need it: keep its parts until the last of them is gone, then destroy them.
`, n, next.Fingerprint(), old.Fingerprint())
	return nil
}

// trace leaves the change in the log. A database that this program would have to change first is left as it is: serve
// makes a backup before.
func (c *keyRotateCommand) trace(ctx context.Context, next seal.Master) error {
	private, err := site.OpenPrivate(ctx, site.PrivateConfig{
		Data: c.Data, Database: c.Database, KeysDatabase: c.KeysDatabase, Master: next, Program: version, Now: time.Now,
		Log:          slog.New(slog.NewTextHandler(os.Stderr, nil)),
		BeforeChange: site.NoChange,
	})
	if err != nil {
		return err
	}
	err = private.DB.Write(ctx, "", func(tx *db.Tx) error {
		return audit.Append(tx, audit.Entry{Act: audit.KeysRotated, Of: next.Fingerprint()})
	})
	return errors.Join(err, private.Close())
}
