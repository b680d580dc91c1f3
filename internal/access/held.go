package access

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
)

// heldFor is how long something waits for who sent it: as long as a session can last, and no longer, since it stands
// under no case's key.
const heldFor = Longest

// Held is what somebody sent whose screen had been locked meanwhile.
type Held struct {
	ID   string
	Path string
	Form url.Values
	Made time.Time
}

type heldJSON struct {
	Path string
	Form url.Values
}

// Hold keeps, sealed, what somebody sent whose screen was locked, until that person is back. Of one page only the last is
// kept: the earlier ones are in it.
// What holds a password or a code is not kept.
func (s *Store) Hold(tx *db.Tx, who Who, path string, form url.Values) error {
	for _, secret := range []string{"password", "again", "old", "code"} {
		if form.Has(secret) {
			return nil
		}
	}
	before, err := s.allHeld(tx, who.ID)
	if err != nil {
		return err
	}
	for _, h := range before {
		if h.Path == path {
			if err := s.Release(tx, who.ID, h.ID); err != nil {
				return err
			}
		}
	}
	id := db.NewID(tx.Now)
	body, err := s.sealed(heldBody, id, onlyVersion, heldJSON{path, form})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into held (id, person, body, made_at) values ($1, $2, $3, $4)`, id, who.ID, body, db.Stamp(tx.Now)); err != nil {
		return fmt.Errorf("keep what was sent: %w", err)
	}
	_, err = tx.Exec(`delete from held where made_at < $1`, db.Stamp(tx.Now.Add(-heldFor)))
	return err
}

// HeldOf gives what waits for a person, the oldest first.
func (s *Store) HeldOf(tx *db.Tx, person string) ([]Held, error) {
	all, err := s.allHeld(tx, person)
	var fresh []Held
	for _, h := range all {
		if tx.Now.Sub(h.Made) < heldFor {
			fresh = append(fresh, h)
		}
	}
	return fresh, err
}

func (s *Store) allHeld(tx *db.Tx, person string) ([]Held, error) {
	return db.All(tx, func(r db.Row) (h Held, err error) {
		var body []byte
		var made string
		if err := r.Scan(&h.ID, &body, &made); err != nil {
			return Held{}, err
		}
		var open heldJSON
		if err := s.unsealed(heldBody, h.ID, onlyVersion, body, &open); err != nil {
			return Held{}, err
		}
		h.Path, h.Form = open.Path, open.Form
		return h, moments([]string{made}, &h.Made)
	}, `select id, body, made_at from held where person = $1 order by id`, person)
}

// Release forgets what was held: it was sent again, or is not wanted.
func (s *Store) Release(tx *db.Tx, person, id string) error {
	n, err := tx.Exec(`delete from held where id = $1 and person = $2`, id, person)
	if err == nil && n == 0 {
		err = fault.Of(fault.NotFound, "nothing that was held")
	}
	if errors.Is(err, fault.NotFound) {
		return nil // sent again twice
	}
	return err
}
