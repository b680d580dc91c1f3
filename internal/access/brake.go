package access

import (
	"errors"
	"fmt"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
)

// brakeKey is under what guesses are counted: nobody who holds the database reads an address out of it.
func (s *Store) brakeKey(kind string, parts ...string) []byte {
	return s.index.Blind(indexBrake, append([]string{kind}, parts...)...)
}

func (s *Store) brakeCount(tx *db.Tx, key []byte) (count, error) {
	c, err := db.One(tx, func(r db.Row) (count, error) {
		var thousandths int64
		var last string
		if err := r.Scan(&thousandths, &last); err != nil {
			return count{}, err
		}
		at, err := db.ParseStamp(last)
		return count{float64(thousandths) / 1000, at}, err
	}, `select level, last_at from brake where guessed = $1`, key)
	if errors.Is(err, fault.NotFound) {
		return count{}, nil
	}
	return c, err
}

// forgotten is after how long a brake is as if it had never been pressed, whichever it is.
const forgotten = 48 * time.Hour

// press counts one more failure.
func (s *Store) press(tx *db.Tx, p pressed) error {
	before, err := s.brakeCount(tx, p.key)
	if err != nil {
		return err
	}
	after := p.brake.failed(before, tx.Now)
	if _, err := tx.Exec(`insert into brake (guessed, level, last_at) values ($1, $2, $3)
		on conflict (guessed) do update set level = excluded.level, last_at = excluded.last_at`,
		p.key, int64(after.level*1000), db.Stamp(after.last)); err != nil {
		return fmt.Errorf("count a failure: %w", err)
	}
	_, err = tx.Exec(`delete from brake where last_at < $1`, db.Stamp(tx.Now.Add(-forgotten)))
	return err
}

// release forgets the failures under a key.
func (s *Store) release(tx *db.Tx, key []byte) error {
	_, err := tx.Exec(`delete from brake where guessed = $1`, key)
	return err
}

// knownDevice reports that this person has signed in before in the browser that holds this token.
func (s *Store) knownDevice(tx *db.Tx, token, person string) (bool, error) {
	if token == "" || person == "" {
		return false, nil
	}
	n, err := db.One(tx, db.Of[int64], `select count(token) from device where token = $1 and person = $2 and made_at > $3`,
		hashed(token), person, db.Stamp(tx.Now.Add(-deviceKnown)))
	return n > 0, err
}

// deviceKnown is for how long a browser is known again.
const deviceKnown = 365 * 24 * time.Hour

// KnowDevice makes the browser known in which a person is now: guesses from elsewhere slow it down no more. It opens
// nothing by itself.
func (s *Store) KnowDevice(tx *db.Tx, person string) (token string, err error) {
	token = NewToken()
	_, err = tx.Exec(`insert into device (token, person, made_at) values ($1, $2, $3)`, hashed(token), person, db.Stamp(tx.Now))
	return token, err
}
