package casework

import (
	"errors"

	"waymark/internal/db"
	"waymark/internal/fault"
)

// IDOf is the id under which the log knows a case. typed is its reference as people read it out, or the id itself. It is
// for whoever runs the copy, and tells nothing else about the case.
func IDOf(tx *db.Tx, typed string) (string, error) {
	ref, ok := readRef(typed)
	if !ok {
		return typed, nil
	}
	id, err := db.One(tx, db.Of[string], `select id from casefile where ref = $1`, ref)
	if errors.Is(err, fault.NotFound) {
		return "", fault.Of(fault.NotFound, "no record has this reference")
	}
	return id, err
}
