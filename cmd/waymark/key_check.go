package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"waymark/internal/keys"
	"waymark/internal/seal"
)

type keyCheckCommand struct {
	records
	Parts []string `arg:"" optional:"" type:"path" help:"Two files, each with a part of the key as it stands on the sheet."`
}

// Run reads and changes nothing.
func (c *keyCheckCommand) Run() error {
	ctx := context.Background()
	master, err := c.masterKey(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("The master key is %s.\n", master.Fingerprint())
	if len(c.Parts) > 0 {
		back, err := joinFiles(c.Parts)
		if err != nil {
			return err
		}
		if back.Fingerprint() != master.Fingerprint() {
			return &keys.WrongMaster{Expected: master.Fingerprint(), Given: back.Fingerprint()}
		}
		fmt.Println("The two parts give it back.")
	}
	there, err := c.holdsKeys()
	if err != nil {
		return err
	}
	if !there && c.KeysDatabase == "" {
		fmt.Printf("There are no keys in %s yet.\n", c.Data)
		return nil
	}
	var page []byte
	if there {
		ring, err := keys.OpenKeyring(c.Data, master)
		if err != nil {
			return err
		}
		page = ring.Page("keys")
	}
	d, err := c.openKeys(page)
	if err != nil {
		return err
	}
	defer d.Close()
	switch fresh, err := d.Fresh(ctx); {
	case err != nil:
		return err
	case fresh:
		fmt.Println("The key store is empty.")
		return nil
	}
	store, err := keys.Open(ctx, d, master)
	if err != nil {
		return err
	}
	n, err := store.Check(ctx)
	if err != nil {
		return fmt.Errorf("not every key opens; put back the key store of the last backup: %w", err)
	}
	fmt.Printf("It opens every key: %d of cases, %d of the house. %d cases were destroyed with their key.\n", n.Cases, n.Roots, n.Destroyed)
	return nil
}

// joinFiles reads two parts out of two files.
func joinFiles(paths []string) (seal.Master, error) {
	if len(paths) != seal.Needed {
		return seal.Master{}, errors.New("it takes two parts, each in a file of its own")
	}
	var parts []seal.Share
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return seal.Master{}, fmt.Errorf("the file of a part cannot be read: %w", err)
		}
		part, err := seal.ParseShare(string(text))
		if err != nil {
			return seal.Master{}, fmt.Errorf("%s: %w", path, err)
		}
		parts = append(parts, part)
	}
	return seal.Join(parts[0], parts[1])
}
