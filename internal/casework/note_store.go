package casework

import (
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
)

// The places of notes that are sealed.
const (
	noteBody      = "note.body"
	noteDraftBody = "note.draft"
)

const noteColumns = `n.id, n.author, n.written_at, n.version, v.version, v.author, v.written_at, v.source, v.body`

// scanNote reads a version of a note and opens it with the case's key.
func scanNote(key seal.Key) func(db.Row) (Note, error) {
	return func(row db.Row) (Note, error) {
		var n Note
		var first, at string
		var body []byte
		err := row.Scan(&n.ID, &n.Author, &first, &n.Latest, &n.Version, &n.By, &at, &n.Source, &body)
		if err != nil {
			return Note{}, err
		}
		if n.WrittenAt, err = db.ParseStamp(first); err != nil {
			return Note{}, err
		}
		if n.VersionAt, err = db.ParseStamp(at); err != nil {
			return Note{}, err
		}
		var words noteJSON
		if err := unsealed(key, noteBody, n.ID, n.Version, body, &words); err != nil {
			return Note{}, err
		}
		n.noteWords = words.opened()
		return n, nil
	}
}

// notesOf gives notes of a case as they stand, the last written first.
func notesOf(tx *db.Tx, key seal.Key, caseID string, limit, offset int) ([]Note, error) {
	all, err := db.All(tx, scanNote(key), `select `+noteColumns+` from note n join note_version v on v.note = n.id and v.version = n.version
		where n.casefile = $1 order by n.written_at desc, n.id desc limit $2 offset $3`, caseID, limit, offset)
	return all, wrapNote(err)
}

// noteVersions gives every version of one note, the oldest first.
func noteVersions(tx *db.Tx, key seal.Key, caseID, id string) ([]Note, error) {
	all, err := db.All(tx, scanNote(key), `select `+noteColumns+` from note n join note_version v on v.note = n.id
		where n.casefile = $1 and n.id = $2 order by v.version`, caseID, id)
	if err == nil && len(all) == 0 {
		err = fault.Of(fault.NotFound, "a note that the case does not have")
	}
	return all, wrapNote(err)
}

// noteOnce finds the version that was made of what one page sent.
func noteOnce(tx *db.Tx, caseID, author, once string) (note string, err error) {
	return db.One(tx, db.Of[string], `select note from note_version where casefile = $1 and author = $2 and once = $3`, caseID, author, once)
}

// addNote writes a note with its first version, or one more version of it.
func addNote(tx *db.Tx, key seal.Key, caseID, once string, n Note) error {
	body, err := sealed(key, noteBody, n.ID, n.Version, n.kept())
	if err != nil {
		return err
	}
	if n.Version == 1 {
		_, err = tx.Exec(`insert into note (id, casefile, author, written_at, once, version) values ($1, $2, $3, $4, $5, 1)`,
			n.ID, caseID, tx.Who, db.Stamp(tx.Now), once)
	} else {
		var changed int64
		changed, err = tx.Exec(`update note set version = $1 where id = $2 and casefile = $3 and version = $4`, n.Version, n.ID, caseID, n.Version-1)
		if err == nil && changed == 0 {
			err = fault.Of(fault.Conflict, "somebody corrected the note meanwhile")
		}
	}
	if err != nil {
		return wrapNote(err)
	}
	_, err = tx.Exec(`insert into note_version (note, casefile, version, author, written_at, source, once, body) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.ID, caseID, n.Version, tx.Who, db.Stamp(tx.Now), n.Source, once, body)
	return wrapNote(err)
}

const noteDraftColumns = `once, casefile, note, base, saved_at, version, body`

func scanNoteDraft(key seal.Key) func(db.Row) (noteDraft, error) {
	return func(row db.Row) (noteDraft, error) {
		var d noteDraft
		var at string
		var body []byte
		err := row.Scan(&d.Once, &d.Case, &d.Note, &d.Base, &at, &d.version, &body)
		if err != nil {
			return noteDraft{}, err
		}
		if d.SavedAt, err = db.ParseStamp(at); err != nil {
			return noteDraft{}, err
		}
		return d, unsealed(key, noteDraftBody, d.Once, d.version, body, &d.noteTyped)
	}
}

// noteDraftsOf gives what this person is writing in a case, the newest first.
func noteDraftsOf(tx *db.Tx, key seal.Key, caseID, author string) ([]noteDraft, error) {
	all, err := db.All(tx, scanNoteDraft(key), `select `+noteDraftColumns+` from note_draft where casefile = $1 and author = $2 order by saved_at desc, once`, caseID, author)
	return all, wrapNote(err)
}

// noteDraftAt finds one of them.
func noteDraftAt(tx *db.Tx, key seal.Key, caseID, author, note, once string) (noteDraft, error) {
	d, err := db.One(tx, scanNoteDraft(key), `select `+noteDraftColumns+` from note_draft where casefile = $1 and author = $2 and note = $3 and once = $4`, caseID, author, note, once)
	return d, wrapNote(err)
}

// keepNoteDraft writes a draft, its first or its next version. Only the newest version of a draft is kept.
func keepNoteDraft(tx *db.Tx, key seal.Key, d *noteDraft) error {
	d.version++
	d.SavedAt = tx.Now
	body, err := sealed(key, noteDraftBody, d.Once, d.version, d.noteTyped)
	if err != nil {
		return err
	}
	if d.version == 1 {
		added, err := tx.Exec(`insert into note_draft (once, casefile, author, note, base, saved_at, version, body) values ($1, $2, $3, $4, $5, $6, $7, $8)
			on conflict do nothing`, d.Once, d.Case, tx.Who, d.Note, d.Base, db.Stamp(tx.Now), d.version, body)
		if err == nil && added == 0 {
			err = fault.Of(fault.Conflict, "a draft of somebody else")
		}
		return wrapNote(err)
	}
	changed, err := tx.Exec(`update note_draft set base = $1, saved_at = $2, version = $3, body = $4 where once = $5 and author = $6 and version = $7`,
		d.Base, db.Stamp(tx.Now), d.version, body, d.Once, tx.Who, d.version-1)
	if err == nil && changed == 0 {
		err = fault.Of(fault.Conflict, "a draft of somebody else, or one that changed meanwhile")
	}
	return wrapNote(err)
}

func dropNoteDraft(tx *db.Tx, caseID, author, once string) error {
	_, err := tx.Exec(`delete from note_draft where once = $1 and casefile = $2 and author = $3`, once, caseID, author)
	return wrapNote(err)
}
