package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"waymark/internal/seal"
)

type keyCommand struct {
	New keyNewCommand `cmd:"" help:"Make a master key in a new file that only its owner can read."`
}

type keyNewCommand struct {
	Out string `type:"path" required:"" help:"The new file for the key. Keep it outside the data folder."`
}

// Run makes the key, and says what to write down.
func (c *keyNewCommand) Run() error {
	master := seal.NewMaster()
	if err := leaveSecret(c.Out, master.Reveal()); err != nil {
		return err
	}
	fmt.Printf("The master key %s is in %s.\n", master.Fingerprint(), c.Out)
	return nil
}

// leaveSecret writes a new file that only its owner can read, and returns when it is on disk.
func leaveSecret(path string, secret []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and a key is never written over another; choose another name", path)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(secret)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// syncFolder makes a new name in a folder outlast a loss of power.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
