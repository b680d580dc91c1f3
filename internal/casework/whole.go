package casework

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

// sealedPlace is where something sealed stands: the field of its label, and the query that finds what there is of a
// case: row, version, body. Whoever adds a sealed column adds its line, and with it every backup is tried with it.
type sealedPlace struct{ field, query string }

var sealedPlaces = []sealedPlace{
	{headlineBody, `select id, headline_version, headline from casefile where id = $1`},
	{sheetBody, `select id, 0, body from sheet where casefile = $1`},
	{answerBody, `select id, version, body from answer where casefile = $1`},
	{noteBody, `select note, version, body from note_version where casefile = $1`},
	{noteDraftBody, `select once, version, body from note_draft where casefile = $1`},
	{attachBody, `select id, 1, body from attachment where casefile = $1`},
	{linkBody, `select id, 1, body from case_link where casefile = $1`},
	{lookBody, `select id, version, body from look_review where casefile = $1`},
	{restrictionBody, `select id, 1, body from case_restriction where casefile = $1`},
}

// OpenAll unseals everything in a case, shows nothing of it, and says how much there was: what tries a restored backup
// asks for. files is the folder of attachments.
func OpenAll(ctx context.Context, d *db.DB, k *keys.Store, files, caseID string) (opened int, err error) {
	key, err := k.Case(ctx, caseID)
	if err != nil {
		return 0, err
	}
	err = d.Read(ctx, "", func(tx *db.Tx) error {
		opened = 0
		for _, place := range sealedPlaces {
			all, err := db.All(tx, scanSealed, place.query, caseID)
			if err != nil {
				return err
			}
			for _, one := range all {
				if _, err := key.Open(seal.Label{Field: place.field, Row: one.row, Version: one.version}, one.body); err != nil {
					return fmt.Errorf("open %s of row %s: %w", place.field, one.row, err)
				}
				opened++
			}
		}
		attached, err := db.All(tx, db.Of[string], `select id from attachment where casefile = $1 and state <> $2`, caseID, fileInfected)
		if err != nil {
			return err
		}
		for _, id := range attached {
			if _, err := (&Casework{Files: files}).fileOf(key, id); err != nil {
				return err
			}
			opened++
		}
		return nil
	})
	return opened, err
}

type sealedRow struct {
	row     string
	version int64
	body    []byte
}

func scanSealed(r db.Row) (s sealedRow, err error) {
	err = r.Scan(&s.row, &s.version, &s.body)
	return s, err
}

// All are the ids of all cases.
func All(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Of[string], `select id from casefile order by id`)
}

// NewestAnswer is when the newest answer or note was saved; the zero time when there is none.
func NewestAnswer(tx *db.Tx) (newest time.Time, err error) {
	for _, query := range []string{`select coalesce(max(written_at), '') from answer`, `select coalesce(max(written_at), '') from note_version`} {
		written, err := db.One(tx, db.Of[string], query)
		if err != nil {
			return time.Time{}, err
		}
		at, err := db.ParseStamp(written)
		if err != nil {
			return time.Time{}, err
		}
		if at.After(newest) {
			newest = at
		}
	}
	return newest, nil
}
