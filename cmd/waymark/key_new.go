package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"waymark/internal/clock"
	"waymark/internal/keys"
	"waymark/internal/lang"
	"waymark/internal/seal"
)

type keyNewCommand struct {
	Out      string `type:"path" required:"" help:"The new file for the key, outside the data folder."`
	Sheet    string `type:"path" help:"A new HTML file to print: three parts of the key, each on a page of its own."`
	SiteName string `env:"WAYMARK_SITE_NAME" help:"The name of this copy, for the sheet."`
	Data     string `default:"waymark-data" type:"path" env:"WAYMARK_DATA" help:"The data folder, in which the key must not be."`
}

// Run makes the key and its sheet, or neither.
func (c *keyNewCommand) Run() error {
	master := seal.NewMaster()
	if err := leaveSecret(c.Out, c.Data, master.Reveal()); err != nil {
		return err
	}
	if c.Sheet != "" {
		if err := leaveSheet(c.Sheet, c.Data, c.SiteName, master); err != nil {
			return errors.Join(err, os.Remove(c.Out))
		}
	}
	fmt.Printf("The master key %s is in %s.\n", master.Fingerprint(), c.Out)
	if c.Sheet == "" {
		fmt.Println("This is the only copy. Without it no record can be read, by anybody. Part it among three people: waymark key sheet")
		return nil
	}
	tellSheet(c.Sheet, master)
	return nil
}

type keySheetCommand struct {
	records
	Out      string `type:"path" required:"" help:"A new HTML file to print: three parts of the key, each on a page of its own."`
	SiteName string `env:"WAYMARK_SITE_NAME" help:"The name of this copy, for the sheet."`
}

// Run parts the key in use.
func (c *keySheetCommand) Run() error {
	master, err := c.masterKey(context.Background())
	if err != nil {
		return err
	}
	if err := leaveSheet(c.Out, c.Data, c.SiteName, master); err != nil {
		return err
	}
	tellSheet(c.Out, master)
	return nil
}

// tellSheet says what to do with a sheet.
func tellSheet(path string, master seal.Master) {
	fmt.Printf("The three parts of the key %s are in %s. Print it on a printer that keeps nothing, give each page to another person, then destroy the file.\n",
		master.Fingerprint(), path)
}

func leaveSheet(path, data, copyName string, master seal.Master) error {
	words, err := lang.Read(keys.Text)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := keys.WriteSheet(&page, master, words["en"], copyName, clock.Today(time.Now())); err != nil {
		return err
	}
	return leaveSecret(path, data, page.Bytes())
}
