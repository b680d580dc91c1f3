package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"waymark/internal/seal"
)

type keyRestoreCommand struct {
	Out   string   `type:"path" required:"" help:"The new file for the key, outside the data folder."`
	Parts []string `arg:"" optional:"" type:"path" help:"Two files, each with a part of the key as it stands on the sheet. Without them the parts are typed."`
	Data  string   `default:"waymark-data" type:"path" env:"WAYMARK_DATA" help:"The data folder, in which the key must not be."`
}

// Run makes the key from two parts.
func (c *keyRestoreCommand) Run() error {
	master, err := c.join(os.Stdin, os.Stdout)
	if err != nil {
		return err
	}
	if err := leaveSecret(c.Out, c.Data, master.Reveal()); err != nil {
		return err
	}
	fmt.Printf("The master key %s is in %s. See whether it opens the records: waymark key check\n", master.Fingerprint(), c.Out)
	return nil
}

func (c *keyRestoreCommand) join(in io.Reader, out io.Writer) (seal.Master, error) {
	if len(c.Parts) > 0 {
		return joinFiles(c.Parts)
	}
	typed := bufio.NewScanner(in)
	first, err := typePart(typed, out, "one part")
	if err != nil {
		return seal.Master{}, err
	}
	second, err := typePart(typed, out, "another part")
	if err != nil {
		return seal.Master{}, err
	}
	return seal.Join(first, second)
}

// typePart asks for the lines of a part one by one, and again for each that has a mistake.
func typePart(typed *bufio.Scanner, out io.Writer, which string) (seal.Share, error) {
	fmt.Fprintf(out, "Type the %d lines of %s. Gaps and capital letters do not matter.\n", seal.ShareLines, which)
	var lines []string
	for len(lines) < seal.ShareLines {
		fmt.Fprintf(out, "line %d: ", len(lines)+1)
		if !typed.Scan() {
			return seal.Share{}, errors.Join(typed.Err(), fmt.Errorf("nothing more was typed after line %d", len(lines)))
		}
		if strings.TrimSpace(typed.Text()) == "" {
			continue
		}
		line, err := seal.CheckLine(len(lines)+1, typed.Text())
		if err != nil {
			fmt.Fprintf(out, "%v. Type it again.\n", err)
			continue
		}
		lines = append(lines, line)
	}
	part, err := seal.ParseShare(strings.Join(lines, "\n"))
	if err != nil {
		return seal.Share{}, err
	}
	fmt.Fprintf(out, "This is part %d of a key that begins with %s.\n", part.Number(), part.Set())
	return part, nil
}
