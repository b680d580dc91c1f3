// Package fault names the few kinds of failure that a person can act on.
// Everything else is an ordinary error: it is logged once, and the person is told that it is our mistake.
package fault

import (
	"errors"
	"fmt"
)

// The kinds, asked for with errors.Is.
var (
	NotFound  = errors.New("not found")
	Forbidden = errors.New("forbidden")
	Conflict  = errors.New("conflict")
	Invalid   = errors.New("invalid")
	Gone      = errors.New("gone")
	TooLarge  = errors.New("too large")
	// Unwritable is a disk or a database that does not take what is to be kept. Its words are for whoever runs the copy.
	Unwritable = errors.New("cannot be kept")
)

// Of gives an error of a kind that keeps its own words; the words are for the log, never for the person.
func Of(kind error, format string, args ...any) error {
	return &described{kind, fmt.Sprintf(format, args...)}
}

type described struct {
	kind  error
	words string
}

func (d *described) Error() string { return d.words + ": " + d.kind.Error() }
func (d *described) Unwrap() error { return d.kind }
