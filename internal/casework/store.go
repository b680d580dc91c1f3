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
