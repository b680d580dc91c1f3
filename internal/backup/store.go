package backup

import (
	"errors"
	"fmt"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
)

func note(tx *db.Tx, m Made) error {
	_, err := tx.Exec(`insert into backup_made (id, at, newest, bytes) values ($1, $2, $3, $4)`,
		m.Manifest.ID, m.Manifest.MadeAt, m.Manifest.Newest, m.Bytes)
	if err != nil {
		return fmt.Errorf("write down that a backup was made: %w", err)
	}
	if _, there := m.Manifest.Rows["audit_entry"]; !there {
		return nil
	}
	return audit.Append(tx, audit.Entry{Act: made, Of: m.Manifest.ID})
}

// What the log says of backups: each holds every record, sealed.
const (
	made     audit.Act = "backup.made"
	verified audit.Act = "backup.verified"
)

// Verified writes down that a backup was restored on trial and found good. fault.NotFound: this copy did not make it.
func Verified(tx *db.Tx, id string) error {
	n, err := tx.Exec(`update backup_made set verified_at = $1 where id = $2`, db.Stamp(tx.Now), id)
	if err != nil {
		return fmt.Errorf("write down that a backup was verified: %w", err)
	}
	if n == 0 {
		return fault.Of(fault.NotFound, "this copy made no backup %s", id)
	}
	return audit.Append(tx, audit.Entry{Act: verified, Of: id})
}

// LastMade is when the newest backup was made; the zero time when there is none.
func LastMade(tx *db.Tx) (time.Time, error) {
	return newest(tx, `select at from backup_made order by at desc limit 1`)
}

// LastVerified is when a backup was last restored on trial and found good; the zero time when none was.
func LastVerified(tx *db.Tx) (time.Time, error) {
	return newest(tx, `select verified_at from backup_made order by verified_at desc limit 1`)
}

func newest(tx *db.Tx, query string) (time.Time, error) {
	at, err := db.One(tx, db.Of[string], query)
	if errors.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look for the newest backup: %w", err)
	}
	return db.ParseStamp(at)
}
