package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
)

// attachFile is the place of a file's bytes; a name that never changes once there are files.
const attachFile = "attachment.file"

const (
	unfinished = ".new"    // how the name of a file ends that is still being written
	orphanAge  = time.Hour // a file without a row may belong to a transaction that has not committed yet
)

func fileLabel(id string) seal.Label { return seal.Label{Field: attachFile, Row: id, Version: 1} }

// keepFile seals bytes into the folder of attachments. They are on disk when it returns: written under another name,
// synced, renamed, and the folder synced. So the row that names the file is never there without it.
func (c *Casework) keepFile(key seal.Key, id string, body []byte) (err error) {
	if err := os.MkdirAll(c.Files, 0o700); err != nil {
		return fault.Of(fault.Unwritable, "make the folder of attachments: %v", err)
	}
	temp, err := os.CreateTemp(c.Files, id+"-*"+unfinished)
	if err != nil {
		return fault.Of(fault.Unwritable, "keep an attachment: %v", err)
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	w, err := key.SealStream(fileLabel(id), temp)
	if err != nil {
		return fmt.Errorf("seal an attachment: %w", err)
	}
	for _, step := range []func() error{
		func() error { _, err := w.Write(body); return err }, w.Close, temp.Sync, temp.Close,
		func() error { return os.Rename(temp.Name(), c.filePath(id)) }, func() error { return syncFolder(c.Files) },
	} {
		if err = step(); err != nil {
			return fault.Of(fault.Unwritable, "keep an attachment: %v", err)
		}
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (c *Casework) filePath(id string) string { return filepath.Join(c.Files, id) }

// fileOf gives the bytes of an attachment, whole and checked to their end.
func (c *Casework) fileOf(key seal.Key, id string) ([]byte, error) {
	kept, err := os.ReadFile(c.filePath(id))
	if err != nil {
		return nil, fmt.Errorf("read attachment %s: %w", id, err)
	}
	r, err := key.OpenStream(fileLabel(id), bytes.NewReader(kept))
	if err != nil {
		return nil, fmt.Errorf("open attachment %s: %w", id, err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("open attachment %s: %w", id, err)
	}
	return body, nil
}

// TendFiles takes away what no row names, and asks the scanner again about what it could not look at. It is run now and
// then by one copy of the program.
func (c *Casework) TendFiles(ctx context.Context) error {
	return errors.Join(c.sweepFiles(ctx), c.scanWaiting(ctx))
}

// sweepFiles removes files of transactions that never committed, and those that the scanner knows.
func (c *Casework) sweepFiles(ctx context.Context) error {
	found, err := os.ReadDir(c.Files)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look into the folder of attachments: %w", err)
	}
	var named map[string]bool
	var now time.Time
	err = c.DB.Read(ctx, "", func(tx *db.Tx) error {
		now = tx.Now
		named, err = keptFiles(tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, entry := range found {
		info, err := entry.Info()
		if err != nil || entry.IsDir() || named[entry.Name()] || now.Sub(info.ModTime()) < orphanAge {
			continue
		}
		if id := strings.SplitN(entry.Name(), "-", 2)[0]; !onceMade.MatchString(id) {
			continue // nothing of ours
		}
		if err := os.Remove(filepath.Join(c.Files, entry.Name())); err != nil {
			return fmt.Errorf("remove a file that no row names: %w", err)
		}
	}
	return nil
}

// MissingFiles names attachments whose bytes are not in the folder, as after a restore without it.
func (c *Casework) MissingFiles(ctx context.Context) (missing []string, err error) {
	err = c.DB.Read(ctx, "", func(tx *db.Tx) error {
		named, err := keptFiles(tx)
		for _, id := range sortedKeys(named) {
			if _, err := os.Stat(c.filePath(id)); err != nil {
				missing = append(missing, id)
			}
		}
		return err
	})
	return missing, err
}

// WaitingFiles counts the files that are shut because the scanner could not look at them yet.
func (c *Casework) WaitingFiles(ctx context.Context) (n int, err error) {
	err = c.DB.Read(ctx, "", func(tx *db.Tx) error {
		waiting, err := waitingFiles(tx)
		n = len(waiting)
		return err
	})
	return n, err
}

// scanWaiting asks again about files that are shut because the scanner could not tell. The first trouble ends it: the
// scanner is then not there for the others either.
func (c *Casework) scanWaiting(ctx context.Context) error {
	if c.Scanner == nil {
		return nil
	}
	var waiting []waitingFile
	err := c.DB.Read(ctx, "", func(tx *db.Tx) (err error) { waiting, err = waitingFiles(tx); return err })
	if err != nil {
		return err
	}
	for _, f := range waiting {
		key, err := c.Keys.Case(ctx, f.Case)
		if errors.Is(err, fault.Gone) {
			continue
		}
		if err != nil {
			return err
		}
		body, err := c.fileOf(key, f.ID)
		if err != nil {
			return err
		}
		found, err := c.Scanner.Scan(ctx, body)
		if err != nil {
			return fmt.Errorf("attachments wait to be scanned: %w", err)
		}
		if err := c.settleScan(ctx, f, found); err != nil {
			return err
		}
	}
	return nil
}

// settleScan writes down what the scanner said. A file that it knows is taken away once that is on disk.
func (c *Casework) settleScan(ctx context.Context, f waitingFile, found string) error {
	state, act := fileReady, FileScanned
	if found != "" {
		state, act = fileInfected, FileInfected
	}
	return c.DB.Write(ctx, "", func(tx *db.Tx) error {
		if err := setScanned(tx, f.ID, state); err != nil {
			return err
		}
		if found != "" {
			tx.Later(func() { _ = os.Remove(c.filePath(f.ID)) }) // if not now, then when the folder is swept
		}
		return audit.Append(tx, audit.Entry{Act: act, Case: f.Case, Of: f.ID})
	})
}
