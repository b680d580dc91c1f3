package main

import (
	"context"
	"errors"
	"fmt"

	"waymark/internal/db"
	"waymark/internal/keys"
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
	case !there:
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
	fmt.Printf(`%d keys are wrapped by the master key %s now. Name its file with --master-key-file from now on.
The key %s opens nothing here any more. Backups made before now still need it: keep its parts until the last of them is gone, then destroy them.
`, n, next.Fingerprint(), old.Fingerprint())
	return nil
}
