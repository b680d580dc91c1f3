package casework

import (
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/form"
	"waymark/internal/seal"
)

// Findable gives the marks that are kept for a child of this name and birth date, and those by which it is looked for,
// so that looking can be measured among more children than anybody can open records for.
func Findable(x seal.Index, team, name, born string, today clock.Date) (kept, sought [][]byte) {
	f := findableBy(form.Answers{childNames: {Words: name}, childBorn: {Words: born}}, nil, today, "")
	return f.stored(x, team), f.sought(x)
}

// Alike gives the cases that share one of the marks, of whatever team, to be measured. It tells ids and nothing else.
func Alike(tx *db.Tx, sought [][]byte) ([]string, error) { return alike(tx, "", sought) }
