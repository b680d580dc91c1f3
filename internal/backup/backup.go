// Package backup copies what a copy of Waymark keeps, while it serves, and proves that the copy can be restored. A
// backup is two files: the records, and apart from them the keys of the cases. Each is sealed under a key of its own,
// which only the master key opens, signed by the copy that made it, and on request encrypted to recipients of age.
// What a case is belongs to the rooms above; they hand in how one is found and opened.
package backup

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is what backups add to the database.
var Schema = db.Schema{Room: "backup", Files: schemaFiles}

// Source is what is backed up.
type Source struct {
	DB      *db.DB
	KeysDB  *db.DB
	Keys    *keys.Store
	Master  seal.Master
	Files   string   // a folder of files that belong to the records, each of them sealed; "" when there is none
	Packs   []string // the versions of the packs that are live
	Program string
	Now     time.Time
	Rooms   Rooms
}

// Rooms is what the rooms above know about what they keep.
type Rooms struct {
	Schemas []db.Schema
	// Newest is the moment of the newest saved answer; the zero time when there is none.
	Newest func(*db.Tx) (time.Time, error)
	// Checkpoint is the newest signed checkpoint of the log; "" when there is none.
	Checkpoint func(*db.Tx) (string, error)
	// Cases are the ids of all cases.
	Cases func(*db.Tx) ([]string, error)
	// Open unseals everything in one case, and says how many sealed things it opened. files is the folder of the files.
	Open func(ctx context.Context, d *db.DB, k *keys.Store, files, caseID string) (int, error)
	// VerifyLog verifies the log, and says in words what it found.
	VerifyLog func(ctx context.Context, d *db.DB, k *keys.Store) (string, error)
}

// Target is where a backup goes.
type Target struct {
	Records    string // the file of the records
	Keys       string // the file of the keys, best in another place
	Recipients []age.Recipient
	Progress   Progress
}

// Progress hears how far a step has come. total is 0 while nobody knows it.
type Progress func(step string, done, total int64)

// Targets names the two files for a folder, or for a file that is to be made. keysFolder is where the keys go; "" is
// beside the records.
func Targets(to, keysFolder string, at time.Time) (records, keysFile string) {
	folder, name := filepath.Split(to)
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		folder, name = to, "waymark-"+at.UTC().Format("20060102-150405")+recordsEnding
	}
	if keysFolder == "" {
		keysFolder = folder
	}
	return filepath.Join(folder, name), filepath.Join(keysFolder, KeysBeside(name))
}

const (
	recordsEnding = ".records"
	keysEnding    = ".keys"
)

// KeysBeside is the name of the file of keys that belongs to a file of records.
func KeysBeside(records string) string {
	if filepath.Ext(records) == recordsEnding {
		records = records[:len(records)-len(recordsEnding)]
	}
	return records + keysEnding
}

// Made is a backup that is on disk.
type Made struct {
	Manifest      Manifest
	Records, Keys string
	Bytes         int64
}

// Make makes a backup. Nothing stands under the names of the target before both files are whole and on disk.
func Make(ctx context.Context, s Source, to Target) (made Made, err error) {
	if to.Progress == nil {
		to.Progress = func(string, int64, int64) {}
	}
	signer, err := signerOf(ctx, s.Keys) // before the keys are copied: the first backup makes this key
	if err != nil {
		return Made{}, err
	}
	id := db.NewID(s.Now)
	m := Manifest{
		Format: format, ID: id, Installation: signer.installation(), MadeAt: db.Stamp(s.Now), Program: s.Program,
		Master: s.Master.Fingerprint(), Packs: s.Packs,
	}
	// The records first: a key is on disk before the row that needs it, so every case in them has its key in what follows.
	records, recordsManifest, err := s.write(ctx, to, to.Records, holdsRecords, m, s.DB, signer)
	defer records.abandon()
	if err != nil {
		return Made{}, fmt.Errorf("back up the records: %w", full(err))
	}
	keysFile, _, err := s.write(ctx, to, to.Keys, holdsKeys, m, s.KeysDB, signer)
	defer keysFile.abandon()
	if err != nil {
		return Made{}, fmt.Errorf("back up the keys: %w", full(err))
	}
	if err := errors.Join(keysFile.publish(), records.publish()); err != nil {
		return Made{}, full(err)
	}
	made = Made{Manifest: recordsManifest, Records: to.Records, Keys: to.Keys, Bytes: records.size() + keysFile.size()}
	if _, there := recordsManifest.Rows["backup_made"]; !there { // a database from before there was this table
		return made, nil
	}
	err = s.DB.Write(ctx, "", func(tx *db.Tx) error { return note(tx, made) })
	return made, err
}

// write makes one of the two files, up to but without its final name.
func (s Source) write(ctx context.Context, to Target, name, holds string, m Manifest, d *db.DB, signer signer) (*writer, Manifest, error) {
	key, err := seal.NewKey()
	if err != nil {
		return nil, m, err
	}
	m.Holds, m.Engine = holds, d.Engine()
	if m.Wrapped, err = s.Master.Wrap(wrapID(m.ID, holds), key); err != nil {
		return nil, m, err
	}
	w, err := create(name, to.Recipients)
	if err != nil {
		return nil, m, err
	}
	err = w.part(key, &m, databasePart, func(out io.Writer) error {
		return d.Copy(ctx, filepath.Dir(name), key.Derive(pagesPurpose), &counting{to: out, tell: func(n int64) { to.Progress(holds, n, 0) }},
			func(tx *db.Tx) error { return s.look(tx, &m) })
	})
	if err == nil && holds == holdsRecords && s.Files != "" {
		err = s.files(ctx, w, key, &m, to.Progress)
	}
	if err == nil {
		err = w.finish(&m, signer)
	}
	return w, m, err
}

// look writes down what the copy holds, at the very moment that it holds.
func (s Source) look(tx *db.Tx, m *Manifest) (err error) {
	if m.Rows, err = tx.Rows(); err != nil {
		return err
	}
	if m.Steps, err = tx.Steps(); err != nil {
		return err
	}
	if m.Holds != holdsRecords {
		return nil
	}
	newest, err := s.Rooms.Newest(tx)
	if err != nil {
		return fmt.Errorf("find the newest answer: %w", err)
	}
	m.Newest = db.Stamp(newest)
	m.Checkpoint, err = s.Rooms.Checkpoint(tx)
	return err
}

// files adds the files of the records. They are made before the rows that name them and never changed, so those of the
// copied moment are all there.
func (s Source) files(ctx context.Context, w *writer, key seal.Key, m *Manifest, progress Progress) error {
	var done int64
	err := filepath.WalkDir(s.Files, func(p string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && p == s.Files {
			return fs.SkipAll // no file was ever added
		}
		if err != nil || !entry.Type().IsRegular() || strings.HasSuffix(p, ".new") { // one that is still being written
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		inside, err := filepath.Rel(s.Files, p)
		if err != nil {
			return err
		}
		file, err := os.Open(p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // taken away since
		}
		if err != nil {
			return err
		}
		defer file.Close()
		return w.part(key, m, path.Join(filesPart, filepath.ToSlash(inside)), func(out io.Writer) error {
			n, err := io.Copy(out, file)
			done += n
			progress("files", done, 0)
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("add the files: %w", err)
	}
	return nil
}

// counting tells how many bytes went through, and sums them up.
type counting struct {
	to   io.Writer
	n    int64
	sum  hash.Hash
	tell func(int64)
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	if c.sum != nil {
		c.sum.Write(p[:n])
	}
	if c.tell != nil {
		c.tell(c.n)
	}
	return n, err
}

func (c *counting) digest() string { return hex.EncodeToString(c.sum.Sum(nil)) }

func newCounting(to io.Writer) *counting { return &counting{to: to, sum: sha256.New()} }
