package site

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"waymark/internal/backup"
	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/keys"
)

// FilesFolder is where in a data folder the files of the records are, each of them sealed.
const FilesFolder = "attachments"

// BackUp makes a backup of a copy that may be serving. packs are the versions of the packs that are live.
func (p *Private) BackUp(ctx context.Context, to backup.Target, packs []string) (backup.Made, error) {
	return backup.Make(ctx, backup.Source{
		DB: p.DB, KeysDB: p.KeysDB, Keys: p.Keys, Master: p.Config.Master, Files: filepath.Join(p.Config.Data, FilesFolder),
		Packs: packs, Program: p.Config.Program, Now: p.Config.Now(), Rooms: rooms(),
	}, to)
}

// BackUpBeforeChange backs up into the data folder before a migration changes a database that is in use: it is for
// PrivateConfig.BeforeChange. The backup is sealed by the master key and encrypted to nobody else.
func BackUpBeforeChange(ctx context.Context, p *Private, pending []string) (err error) {
	// The key store is not open yet, since it may be about to change as well.
	if p.Keys, err = keys.Open(ctx, p.KeysDB, p.Config.Master); err != nil {
		return err
	}
	folder := filepath.Join(p.Config.Data, "before-change")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make room for the backup: %w", err)
	}
	name := p.Config.Now().UTC().Format("20060102-150405") + "-before-" + pending[0]
	to := backup.Target{Records: filepath.Join(folder, name+".records"), Keys: filepath.Join(folder, name+".keys")}
	made, err := p.BackUp(ctx, to, nil)
	if err != nil {
		return fmt.Errorf("it could not be backed up first: %w", err)
	}
	if p.Config.Log != nil {
		p.Config.Log.Info("backed up before the database changes", "records", made.Records, "keys", made.Keys, "steps", len(pending))
	}
	return nil
}

// NoChange is for PrivateConfig.BeforeChange of commands that only look or copy: they leave it to serve to change a database.
func NoChange(context.Context, *Private, []string) error {
	return fault.Of(fault.Conflict, "it is older than this program; start `waymark serve` once, which backs it up and changes it")
}

// Restorer says how a backup of a copy is restored. The files, the place, the master key and the rest are the caller's.
func Restorer(into, program string) backup.Restore {
	return backup.Restore{Into: into, Files: filepath.Join(into, FilesFolder), Program: program, Now: time.Now, Rooms: rooms()}
}

// rooms tells a backup what the rooms know about what they keep. A backup may be older than a table.
func rooms() backup.Rooms {
	return backup.Rooms{
		Schemas: Schemas(),
		Newest: func(tx *db.Tx) (time.Time, error) {
			if there, err := has(tx, "note_version"); err != nil || !there {
				return time.Time{}, err
			}
			return casework.NewestAnswer(tx)
		},
		Checkpoint: func(tx *db.Tx) (string, error) {
			if there, err := has(tx, "audit_head"); err != nil || !there {
				return "", err
			}
			return db.One(tx, db.Of[string], `select signed from audit_head where one = 1`)
		},
		Cases:     casework.All,
		Open:      casework.OpenAll,
		VerifyLog: verifyLog,
	}
}

func has(tx *db.Tx, table string) (bool, error) {
	tables, err := tx.Tables()
	return slices.Contains(tables, table), err
}

func verifyLog(ctx context.Context, d *db.DB, k *keys.Store) (string, error) {
	log, err := logOf(ctx, d, k)
	if err != nil {
		return "", err
	}
	report, err := log.Verify(ctx)
	if err != nil {
		return "", err
	}
	if !report.Sound() {
		return "", fault.Of(fault.Conflict, "%s", report.Findings[0].Words)
	}
	says := fmt.Sprintf("%d entries, none altered, removed, added or re-ordered", report.Size)
	if report.Waiting > 0 {
		says += fmt.Sprintf("; %d wait to be taken in", report.Waiting)
	}
	return says, nil
}
