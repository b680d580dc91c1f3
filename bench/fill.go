package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"waymark/internal/db"
	"waymark/internal/seal"
)

// insert writes many rows with few statements.
func insert(tx *db.Tx, into string, rows [][]any) error {
	const together = 500
	for from := 0; from < len(rows); from += together {
		some := rows[from:min(len(rows), from+together)]
		var values strings.Builder
		var args []any
		for i, row := range some {
			values.WriteString(map[bool]string{true: "(", false: ", ("}[i == 0])
			for j := range row {
				if j > 0 {
					values.WriteByte(',')
				}
				fmt.Fprintf(&values, "$%d", len(args)+j+1)
			}
			values.WriteByte(')')
			args = append(args, row...)
		}
		if _, err := tx.Exec("insert into "+into+" values "+values.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

const casefile = `casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)`

// addCases writes cases from the number from to the number to straight into both databases, as opening them would leave
// them in a list: each with a key of its own, wrapped by the master key, and its headline sealed with it. A hundred
// thousand people at their browsers would take days; sheets, marks and the log are left out.
func (r *records) addCases(ctx context.Context, from, to int) error {
	began := time.Now().AddDate(-3, 0, 0)
	for ; from < to; from += 5_000 {
		var keys, cases [][]any
		for n := from; n < min(to, from+5_000); n++ {
			at := began.Add(time.Duration(n) * time.Minute)
			id := db.NewID(at)
			key, err := seal.NewKey()
			if err != nil {
				return err
			}
			wrapped, err := r.master.Wrap("case/"+id, key)
			if err != nil {
				return err
			}
			words, err := json.Marshal(map[string]string{"call": fmt.Sprintf("Child %d", n), "age": "girl, 15", "where": "with foster carers"})
			if err != nil {
				return err
			}
			headline, err := key.Seal(seal.Label{Field: "casefile.headline", Row: id, Version: 1}, words)
			if err != nil {
				return err
			}
			owner, state := r.people[n%len(r.people)].id, []string{"open", "open", "first-day"}[n%3]
			keys = append(keys, []any{"case", id, wrapped, 1, db.Stamp(at)})
			cases = append(cases, []any{id, fmt.Sprintf("%08d", n), r.team, owner, state, db.Stamp(at), owner, id, 1, headline})
		}
		if err := r.private.KeysDB.Write(ctx, "", func(tx *db.Tx) error {
			return insert(tx, "wrapped_key (kind, id, wrapped, in_use, made_at)", keys)
		}); err != nil {
			return err
		}
		if err := r.private.DB.Write(ctx, "", func(tx *db.Tx) error { return insert(tx, casefile, cases) }); err != nil {
			return err
		}
	}
	return nil
}
