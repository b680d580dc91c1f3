package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

type keyCommand struct {
	New     keyNewCommand     `cmd:"" help:"Make a master key in a new file that only its owner can read, with a sheet of three parts for people to keep."`
	Sheet   keySheetCommand   `cmd:"" help:"Part the master key in three anew, for people to keep. The parts of before do not go together with these."`
	Check   keyCheckCommand   `cmd:"" help:"Say whether the master key opens every key there is, and whether two of its parts give it back."`
	Rotate  keyRotateCommand  `cmd:"" help:"Put a new master key in the place of the one in use. No record is rewritten."`
	Restore keyRestoreCommand `cmd:"" help:"Make a lost master key again from two of its three parts."`
}

// masterKey reads the master key from where the settings say. Programs that this one starts do not inherit the variable.
func (r records) masterKey(ctx context.Context) (seal.Master, error) {
	master, err := r.source().Read(ctx, r.Data)
	return master, errors.Join(err, os.Unsetenv(masterKeyVariable))
}

// openKeys opens the database of the key store with its page key.
func (r records) openKeys(page []byte) (*db.DB, error) {
	d, err := db.Open(db.Config{URL: r.KeysDatabase, Folder: r.Data, Name: "keys", PageKey: page, Now: time.Now})
	if err != nil {
		return nil, fmt.Errorf("open the key store: %w", err)
	}
	return d, nil
}

// holdsKeys reports that somebody has used this data folder with a master key.
func (r records) holdsKeys() (bool, error) {
	_, err := os.Stat(filepath.Join(r.Data, "keyring"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// leaveSecret writes a new file that only its owner can read, outside the data folder, and returns when it is on disk.
func leaveSecret(path, data string, secret []byte) error {
	if err := keys.Outside(path, data); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and a secret is never written over another file; choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("the new file cannot be made: %w", err)
	}
	_, err = file.Write(secret)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = keys.SyncFolder(filepath.Dir(path))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(path))
	}
	return nil
}
