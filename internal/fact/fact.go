// Package fact keeps coded facts for counting: what happened to a case, on which day, in codes of the pack. Each is
// written in the transaction of the act it counts. It holds no name, no words, no person who acted and no hour.
package fact

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"waymark/internal/clock"
	"waymark/internal/db"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is what facts add to the database.
var Schema = db.Schema{Room: "fact", Files: schemaFiles}

// Fact is one thing to count.
type Fact struct {
	Kind  string // "case.opened"
	Case  string // the id of the case, "" when there is none
	Day   clock.Date
	Codes map[string]string // such as "setting": "school". Codes of the pack and of the program, never what somebody typed
}

// code has neither spaces nor capitals, so that words typed into a field do not pass for a code.
var code = regexp.MustCompile(`^[a-z0-9][a-z0-9._:@+-]{0,79}$`)

func (f Fact) check() error {
	if !code.MatchString(f.Kind) {
		return fmt.Errorf("a fact needs a kind that is a code")
	}
	if f.Day.IsZero() {
		return fmt.Errorf("the fact %s has no day", f.Kind)
	}
	if f.Case != "" && !code.MatchString(f.Case) {
		return fmt.Errorf("the fact %s names a case by something that is no id", f.Kind)
	}
	for name, value := range f.Codes {
		if !code.MatchString(name) || !code.MatchString(value) {
			return fmt.Errorf("the fact %s holds something that is no code", f.Kind)
		}
	}
	return nil
}

// Write keeps a fact in the transaction of the act.
func Write(tx *db.Tx, f Fact) error {
	if err := f.check(); err != nil {
		return err
	}
	// An id holds a moment. That of the day's beginning keeps the fact no finer than its day.
	id := db.NewID(time.Date(f.Day.Year, f.Day.Month, f.Day.Day, 0, 0, 0, 0, time.UTC))
	if _, err := tx.Exec(`insert into fact (id, kind, casefile, day) values ($1, $2, $3, $4)`, id, f.Kind, f.Case, f.Day.String()); err != nil {
		return fmt.Errorf("write a fact: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Codes)) {
		if _, err := tx.Exec(`insert into fact_code (fact, name, code) values ($1, $2, $3)`, id, name, f.Codes[name]); err != nil {
			return fmt.Errorf("write a fact: %w", err)
		}
	}
	return nil
}
