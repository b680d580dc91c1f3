package casework

import (
	"fmt"
	"slices"

	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
)

const sheetColumns = `id, casefile, form, created_at, created_by, retired_at, retired_by, body`

func scanSheet(row db.Row) (Sheet, error) {
	var s Sheet
	var created, retired string
	err := row.Scan(&s.ID, &s.Case, &s.Form, &created, &s.CreatedBy, &retired, &s.RetiredBy, &s.sealed)
	if err != nil {
		return Sheet{}, err
	}
	if s.CreatedAt, err = db.ParseStamp(created); err != nil {
		return Sheet{}, err
	}
	s.RetiredAt, err = db.ParseStamp(retired)
	return s, err
}

func sheetByID(tx *db.Tx, caseID, id string) (Sheet, error) {
	return db.One(tx, scanSheet, `select `+sheetColumns+` from sheet where id = $1 and casefile = $2`, id, caseID)
}

// sheetsOf gives the sheets of a case in the order in which they were begun, but for the guarded ones.
func sheetsOf(tx *db.Tx, caseID string) ([]Sheet, error) {
	return db.All(tx, scanSheet, `select `+sheetColumns+` from sheet where casefile = $1 and guarded = 0 order by form, created_at, id`, caseID)
}

func insertSheet(tx *db.Tx, s Sheet) error {
	guarded := 0
	if s.Guarded {
		guarded = 1
	}
	n, err := tx.Exec(`insert into sheet (id, casefile, form, source, guarded, created_at, created_by, body) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict do nothing`,
		s.ID, s.Case, s.Form, s.Source.Kind, guarded, db.Stamp(s.CreatedAt), s.CreatedBy, s.sealed)
	if err != nil || n > 0 {
		return err
	}
	// Somebody began the same sheet a moment ago. A sheet of another case cannot be taken by knowing its id.
	if _, err := sheetByID(tx, s.Case, s.ID); err != nil {
		return fault.Of(fault.Conflict, "a sheet with an id that is taken")
	}
	return nil
}

// setRetired takes a sheet out of use, or with no person brings it back. Nothing on it is lost.
func setRetired(tx *db.Tx, s Sheet, at, by string) error {
	_, err := tx.Exec(`update sheet set retired_at = $1, retired_by = $2 where id = $3 and casefile = $4`, at, by, s.ID, s.Case)
	return err
}

const versionColumns = `id, sheet, question, version, over, author, source, written_at, pack, form_version, state, standing, body`

// The states of an answer.
const (
	saved = "saved"
	draft = "draft"
)

// scanVersion reads a version and opens it with the case's key.
func scanVersion(key seal.Key) func(db.Row) (Version, error) {
	return func(row db.Row) (Version, error) {
		var v Version
		var over, at, state string
		var stands int64
		var body []byte
		err := row.Scan(&v.ID, &v.Sheet, &v.Question, &v.Number, &over, &v.Author, &v.Source, &at, &v.Pack, &v.Form, &state, &stands, &body)
		if err != nil {
			return Version{}, err
		}
		v.Over, v.Draft, v.Standing = readNumbers(over), state == draft, stands != 0
		if v.At, err = db.ParseStamp(at); err != nil {
			return Version{}, err
		}
		return v, unsealed(key, answerBody, v.ID, v.Number, body, &v.Answer)
	}
}

// standingIn gives what stands on one sheet of a case, or on all but the guarded ones, in the order of the versions.
func standingIn(tx *db.Tx, key seal.Key, caseID, sheet string) ([]Version, error) {
	if sheet != "" {
		return db.All(tx, scanVersion(key), `select `+versionColumns+` from answer where casefile = $1 and standing = 1 and sheet = $2 order by question, version`, caseID, sheet)
	}
	return db.All(tx, scanVersion(key), `select `+versionColumns+` from answer where casefile = $1 and standing = 1
		and sheet in (select s.id from sheet s where s.casefile = $1 and s.guarded = 0) order by sheet, question, version`, caseID)
}

// versionsOf gives every version of one question, the oldest first.
func versionsOf(tx *db.Tx, key seal.Key, sheet, question string) ([]Version, error) {
	return db.All(tx, scanVersion(key), `select `+versionColumns+` from answer where sheet = $1 and question = $2 order by version`, sheet, question)
}

// versionsFor gives the versions that decide what becomes of a new one: those that stand, and those that its writer saw.
// A long history costs nothing. latest is the number of the newest of all.
func versionsFor(tx *db.Tx, key seal.Key, caseID, sheet, question string, based []int64) (versions []Version, latest int64, err error) {
	seen, args := "", []any{sheet, question, caseID}
	for i, number := range based[:min(len(based), mostBased)] {
		seen += fmt.Sprintf(", $%d", i+4)
		args = append(args, number)
	}
	versions, err = db.All(tx, scanVersion(key), `select `+versionColumns+` from answer where id in (
		select id from answer where casefile = $3 and standing = 1 and sheet = $1 and question = $2 union
		select id from answer where sheet = $1 and question = $2
			and version in ((select max(version) from answer where sheet = $1 and question = $2)`+seen+`)) order by version`, args...)
	if len(versions) > 0 {
		latest = versions[len(versions)-1].Number
	}
	return versions, latest, err
}

// mostBased is more versions than ever stand beside one another.
const mostBased = 20

// addVersion writes a version and takes the standing from those that it took the place of.
func addVersion(tx *db.Tx, key seal.Key, caseID string, v Version) error {
	body, err := sealed(key, answerBody, v.ID, v.Number, v.Answer)
	if err != nil {
		return err
	}
	state := saved
	if v.Draft {
		state = draft
	}
	for _, number := range v.Over {
		if _, err := tx.Exec(`update answer set standing = 0 where sheet = $1 and question = $2 and version = $3`, v.Sheet, v.Question, number); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`insert into answer (id, casefile, sheet, question, version, over, author, source, written_at, pack, form_version, state, standing, body)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)`,
		v.ID, caseID, v.Sheet, v.Question, v.Number, writeNumbers(v.Over), v.Author, v.Source, db.Stamp(v.At), v.Pack, v.Form, state, body)
	return err
}

// addAnswer decides what becomes of an answer and writes it when it is to be written. It gives what stands afterwards.
func addAnswer(tx *db.Tx, key seal.Key, s Sheet, q string, given form.Answer, isDraft bool, based []int64, pinned Version) (now standing, added bool, err error) {
	versions, latest, err := versionsFor(tx, key, s.Case, s.ID, q, based)
	if err != nil {
		return standing{}, false, err
	}
	if latest == 0 && given.Empty() {
		return standing{}, false, nil
	}
	n := decide(given, isDraft, based, pinned.Author, versions)
	if !n.Add {
		return standingOf(versions), false, nil
	}
	v := pinned
	v.ID, v.Sheet, v.Question, v.Number, v.Over = db.NewID(tx.Now), s.ID, q, latest+1, n.Over
	v.At, v.Draft, v.Standing, v.Answer = tx.Now, isDraft, true, n.Answer
	if err := addVersion(tx, key, s.Case, v); err != nil {
		return standing{}, false, err
	}
	for i := range versions {
		if slices.Contains(n.Over, versions[i].Number) {
			versions[i].Standing = false
		}
	}
	return standingOf(append(versions, v)), true, nil
}
