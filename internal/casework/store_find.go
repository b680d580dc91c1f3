package casework

import (
	"fmt"
	"strings"
	"time"

	"waymark/internal/db"
)

// tooCommon is from how many hits on a mark says nothing: half a school year has that name.
const tooCommon = 6

// setMarks keeps the marks of a case anew.
func setMarks(tx *db.Tx, caseID, sheet string, marks [][]byte) error {
	if _, err := tx.Exec(`delete from lookup where sheet = $1`, sheet); err != nil {
		return err
	}
	for _, mark := range marks {
		if _, err := tx.Exec(`insert into lookup (mark, casefile, sheet) values ($1, $2, $3) on conflict do nothing`, mark, caseID, sheet); err != nil {
			return err
		}
	}
	return nil
}

// marksOf gives the marks that are kept for a sheet.
func marksOf(tx *db.Tx, sheet string) ([][]byte, error) {
	return db.All(tx, db.Of[[]byte], `select mark from lookup where sheet = $1 order by mark`, sheet)
}

// alike gives the cases that share a mark with a child, but for the child's own. A mark that very many share is left out.
func alike(tx *db.Tx, caseID string, marks [][]byte) ([]string, error) {
	var found []string
	seen := map[string]bool{caseID: true}
	for _, mark := range marks {
		hits, err := db.All(tx, db.Of[string], `select casefile from lookup where mark = $1 and casefile <> $2 limit $3`, mark, caseID, tooCommon)
		if err != nil {
			return nil, err
		}
		if len(hits) == tooCommon {
			continue
		}
		for _, id := range hits {
			if !seen[id] {
				seen[id] = true
				found = append(found, id)
			}
		}
	}
	return found, nil
}

// countAsking notes that somebody looked for a child, and says how often in this hour.
func countAsking(tx *db.Tx, person string) (int64, error) {
	hour := tx.Now.Truncate(time.Hour)
	if _, err := tx.Exec(`delete from lookup_asked where person = $1 and hour < $2`, person, db.Stamp(hour)); err != nil {
		return 0, err
	}
	return db.One(tx, db.Of[int64], `insert into lookup_asked (person, hour, times) values ($1, $2, 1)
		on conflict (person, hour) do update set times = lookup_asked.times + 1 returning times`, person, db.Stamp(hour))
}

// addMaybeSame notes that two cases may be about one child. It reports whether that is new.
func addMaybeSame(tx *db.Tx, caseID, other string) (bool, error) {
	n, err := tx.Exec(`insert into maybe_same (casefile, other, found_at, found_by) values ($1, $2, $3, $4) on conflict do nothing`,
		caseID, other, db.Stamp(tx.Now), tx.Who)
	return n > 0, err
}

// pair is another case that may be about the same child, as far as this person may know of it.
type pair struct {
	Other, Team string
	Ref         string // "" unless this person may open it anyway
}

// maybeSameAs gives the pairs that nobody has settled.
func maybeSameAs(tx *db.Tx, caseID, person string, teams []string) ([]pair, error) {
	clause, args := scope(2, person, teams)
	return db.All(tx, func(row db.Row) (pair, error) {
		var p pair
		return p, row.Scan(&p.Other, &p.Team, &p.Ref)
	}, `select casefile.id, casefile.team, case when `+clause+` then casefile.ref else '' end
		from maybe_same m join casefile on casefile.id = m.other
		where m.casefile = $1 and m.settled_at = '' order by m.found_at, m.other`, append([]any{caseID}, args...)...)
}

// settleSame notes what came of asking the other team.
func settleSame(tx *db.Tx, caseID, other, outcome string) (bool, error) {
	n, err := tx.Exec(`update maybe_same set settled_at = $1, settled_by = $2, outcome = $3 where casefile = $4 and other = $5 and settled_at = ''`,
		db.Stamp(tx.Now), tx.Who, outcome, caseID, other)
	return n > 0, err
}

// setHeadline keeps what lists say of a child.
func setHeadline(tx *db.Tx, caseID string, version int64, body []byte) error {
	_, err := tx.Exec(`update casefile set headline_version = $1, headline = $2 where id = $3`, version, body, caseID)
	return err
}

// listed is one page of a list of cases.
type listed struct {
	Mine  bool
	State string // "" for every state
	Team  string // "" for all of the person's teams
	After string // id of the last case of the page before
}

// pageSize is how many cases stand on a page of the list.
const pageSize = 25

// casesIn gives the newest cases of one team, or of one person in it, behind an id. It reads one stretch of an index.
func casesIn(tx *db.Tx, l listed, team, person string) ([]Case, error) {
	clause, args := scope(1, person, []string{team})
	add := func(condition string, value any) {
		args = append(args, value)
		clause += fmt.Sprintf(" and "+condition, len(args))
	}
	if l.Mine {
		add("owner = $%d", person)
	}
	states := []string{l.State}
	if l.State == "" {
		states = []string{firstDay, opened}
	}
	if l.After != "" {
		add("id < $%d", l.After)
	}
	args = append(args, "", pageSize+1)
	var all []Case
	for _, state := range states {
		args[len(args)-2] = state
		some, err := db.All(tx, scanCase, fmt.Sprintf(`select %s from casefile where %s and state = $%d order by id desc limit $%d`,
			caseColumns, clause, len(args)-1, len(args)), args...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// casesFound gives the cases whose reference begins so, or that have one of the marks.
func casesFound(tx *db.Tx, person string, teams []string, refs string, marks [][]byte) ([]Case, error) {
	if len(teams) == 0 {
		return nil, nil
	}
	if refs != "" {
		clause, args := scope(4, person, teams)
		return db.All(tx, scanCase, `select `+caseColumns+` from casefile where ref >= $1 and ref < $2 and `+clause+` order by ref limit $3`,
			append([]any{refs, refs + "~", pageSize}, args...)...)
	}
	var in []string
	var args []any
	for i, mark := range marks {
		in = append(in, fmt.Sprintf("$%d", i+2))
		args = append(args, mark)
	}
	clause, more := scope(2+len(args), person, teams)
	args = append(append([]any{pageSize}, args...), more...)
	return db.All(tx, scanCase, `select `+caseColumns+` from casefile where id in (select casefile from lookup where mark in (`+strings.Join(in, ", ")+`))
		and `+clause+` order by id desc limit $1`, args...)
}
