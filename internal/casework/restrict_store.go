package casework

import (
	"cmp"
	"fmt"
	"strings"

	"waymark/internal/db"
	"waymark/internal/seal"
)

func excludedFrom(tx *db.Tx, caseID string) ([]string, error) {
	return db.All(tx, db.Of[string], `select person from case_excluded where casefile = $1`, caseID)
}

// exclude keeps a person out, and says whether they were not kept out before.
func exclude(tx *db.Tx, caseID, person string) (added bool, err error) {
	n, err := tx.Exec(`insert into case_excluded (casefile, person, since, by_person) values ($1, $2, $3, $4) on conflict (casefile, person) do nothing`,
		caseID, person, db.Stamp(tx.Now), tx.Who)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(`update casefile set restricted = 1 where id = $1`, caseID)
	return true, err
}

func setOwner(tx *db.Tx, caseID, person string) error {
	_, err := tx.Exec(`update casefile set owner = $1 where id = $2`, person, caseID)
	return err
}

func addRestriction(tx *db.Tx, key seal.Key, caseID, id, person, why string) error {
	body, err := sealed(key, restrictionBody, id, 1, restrictionJSON{Why: why})
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into case_restriction (id, casefile, person, since, by_person, body) values ($1, $2, $3, $4, $5, $6)`,
		id, caseID, person, db.Stamp(tx.Now), tx.Who, body)
	return err
}

// restrictionsOf gives who is and who was kept out, the last first.
func restrictionsOf(tx *db.Tx, key seal.Key, caseID string) ([]restriction, error) {
	all, err := db.All(tx, func(row db.Row) (restriction, error) {
		var one restriction
		var since, lifted string
		var body []byte
		if err := row.Scan(&one.ID, &one.Person, &since, &one.By, &lifted, &one.LiftedBy, &body); err != nil {
			return one, err
		}
		var words restrictionJSON
		if err := unsealed(key, restrictionBody, one.ID, 1, body, &words); err != nil {
			return one, err
		}
		one.Why = seal.Hide(words.Why)
		var err error
		if one.Since, err = db.ParseStamp(since); err != nil {
			return one, err
		}
		one.LiftedAt, err = db.ParseStamp(lifted)
		return one, err
	}, `select id, person, since, by_person, lifted_at, lifted_by, body from case_restriction where casefile = $1 order by since desc, id desc`, caseID)
	if err != nil {
		return nil, fmt.Errorf("restrictions: %w", err)
	}
	return all, nil
}

func liftRestriction(tx *db.Tx, caseID string, one restriction) error {
	if _, err := tx.Exec(`update case_restriction set lifted_at = $1, lifted_by = $2 where id = $3`, db.Stamp(tx.Now), tx.Who, one.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from case_excluded where casefile = $1 and person = $2`, caseID, one.Person); err != nil {
		return err
	}
	_, err := tx.Exec(`update casefile set restricted = 0 where id = $1 and not exists (select 1 from case_excluded where casefile = $1)`, caseID)
	return err
}

func compareNames(a, b string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}
