package casework

import (
	"fmt"

	"waymark/internal/db"
	"waymark/internal/seal"
)

// idOf finds a case and its team by its reference, whoever may open it. Nothing of it may be shown.
func idOf(tx *db.Tx, ref string) (id, team string, err error) {
	both, err := db.One(tx, scanTwo, `select id, team from casefile where ref = $1`, ref)
	return both[0], both[1], err
}

func scanTwo(row db.Row) (both [2]string, err error) { return both, row.Scan(&both[0], &both[1]) }

// refOf is the reference of a case and the team whose it is, whoever may open it.
func refOf(tx *db.Tx, id string) (ref, team string, err error) {
	both, err := db.One(tx, scanTwo, `select ref, team from casefile where id = $1`, id)
	return both[0], both[1], err
}

func linksOf(tx *db.Tx, key seal.Key, caseID string) ([]link, error) {
	all, err := db.All(tx, func(row db.Row) (link, error) {
		var l link
		var at string
		var body []byte
		if err := row.Scan(&l.ID, &l.Other, &l.Why, &at, &l.By, &body); err != nil {
			return l, err
		}
		var words linkJSON
		if err := unsealed(key, linkBody, l.ID, 1, body, &words); err != nil {
			return l, err
		}
		l.Words = seal.Hide(words.Words)
		var err error
		l.At, err = db.ParseStamp(at)
		return l, err
	}, `select id, other, why, made_at, made_by, body from case_link where casefile = $1 and ended_at = '' order by made_at, id`, caseID)
	if err != nil {
		return nil, fmt.Errorf("links: %w", err)
	}
	return all, nil
}

// addLink writes both sides of a link; false when there is one already. The words are for whoever opens this record; the
// other side has the reason alone, since its team did not ask for them.
func addLink(tx *db.Tx, key, theirs seal.Key, caseID, other, why, words, once string) (added bool, err error) {
	n, err := db.One(tx, db.Of[int64], `select count(*) from case_link where casefile = $1 and other = $2 and ended_at = ''`, caseID, other)
	if err != nil || n > 0 {
		return false, err
	}
	for _, side := range []struct {
		key           seal.Key
		of, to, words string
	}{{key, caseID, other, words}, {theirs, other, caseID, ""}} {
		id := db.NewID(tx.Now)
		body, err := sealed(side.key, linkBody, id, 1, linkJSON{side.words})
		if err != nil {
			return false, err
		}
		_, err = tx.Exec(`insert into case_link (id, casefile, other, why, once, made_at, made_by, body) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, side.of, side.to, why, once, db.Stamp(tx.Now), tx.Who, body)
		if err != nil {
			return false, fmt.Errorf("link: %w", err)
		}
	}
	return true, nil
}

func endLink(tx *db.Tx, a, b string) error {
	_, err := tx.Exec(`update case_link set ended_at = $1, ended_by = $2 where ended_at = '' and (casefile = $3 and other = $4 or casefile = $4 and other = $3)`,
		db.Stamp(tx.Now), tx.Who, a, b)
	return err
}
