package casework

import (
	"fmt"
	"strings"

	"waymark/internal/db"
	"waymark/internal/fault"
)

// scope is the part of a where clause that every reading of a case has: the teams whose cases this person may open, and
// no case that excludes them. It begins with the parameter $n.
func scope(n int, person string, teams []string) (clause string, args []any) {
	var in []string
	for _, team := range teams {
		in = append(in, fmt.Sprintf("$%d", n+len(args)))
		args = append(args, team)
	}
	if len(in) == 0 {
		in = []string{"''"}
	}
	clause = fmt.Sprintf(`team in (%s) and not exists (select 1 from case_excluded x where x.casefile = casefile.id and x.person = $%d)`,
		strings.Join(in, ", "), n+len(args))
	return clause, append(args, person)
}

// caseByRef finds a case that this person may open.
func caseByRef(tx *db.Tx, ref, person string, teams []string) (Case, error) {
	if person == "" || len(teams) == 0 {
		return Case{}, fault.Of(fault.NotFound, "nobody, or somebody of no team")
	}
	clause, args := scope(2, person, teams)
	return db.One(tx, scanCase, `select `+caseColumns+` from casefile where ref = $1 and `+clause, append([]any{ref}, args...)...)
}

// refOpened gives the reference of the case that this person opened with this page.
func refOpened(tx *db.Tx, person, once string) (string, error) {
	return db.One(tx, db.Of[string], `select ref from casefile where opened_by = $1 and once = $2`, person, once)
}

// freeRef gives a reference that no case has.
func freeRef(tx *db.Tx) (string, error) {
	for range 20 {
		ref := newRef()
		n, err := db.One(tx, db.Of[int64], `select count(id) from casefile where ref = $1`, ref)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return ref, nil
		}
	}
	return "", fmt.Errorf("no free reference was found")
}

func insertCase(tx *db.Tx, k Case, once string) error {
	_, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		k.ID, k.Ref, k.Team, k.Owner, k.State, db.Stamp(k.OpenedAt), k.OpenedBy, once, k.headline, k.sealed)
	return err
}

// finishFirstDay notes that the first day is over. It reports whether it was not before.
func finishFirstDay(tx *db.Tx, caseID string) (bool, error) {
	n, err := tx.Exec(`update casefile set state = $1, first_day_at = $2, first_day_by = $3 where id = $4 and first_day_at = ''`,
		opened, db.Stamp(tx.Now), tx.Who, caseID)
	return n > 0, err
}

// InUse reports whether there is a case with this id, for the sweep of keys that no row needs.
func InUse(tx *db.Tx, caseID string) (bool, error) {
	n, err := db.One(tx, db.Of[int64], `select count(id) from casefile where id = $1`, caseID)
	return n > 0, err
}

// idOfRef finds a case whoever asks, for the log alone.
func idOfRef(tx *db.Tx, ref string) (string, error) {
	return db.One(tx, db.Of[string], `select id from casefile where ref = $1`, ref)
}
