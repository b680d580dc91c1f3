package keys

import (
	"time"

	"waymark/internal/db"
)

func claim(tx *db.Tx, fingerprint string) error {
	_, err := tx.Exec(`insert into master (one, fingerprint, since) values (1, $1, $2) on conflict (one) do nothing`, fingerprint, db.Stamp(tx.Now))
	return err
}

// owner is the fingerprint of the master key that the store belongs to.
func owner(tx *db.Tx) (string, error) {
	return db.One(tx, db.Of[string], `select fingerprint from master where one = 1`)
}

func hand(tx *db.Tx, fingerprint string) error {
	_, err := tx.Exec(`update master set fingerprint = $1, since = $2 where one = 1`, fingerprint, db.Stamp(tx.Now))
	return err
}

func insert(tx *db.Tx, kind, id string, wrapped []byte) (made bool, err error) {
	n, err := tx.Exec(`insert into wrapped_key (kind, id, wrapped, in_use, made_at) values ($1, $2, $3, 0, $4) on conflict (kind, id) do nothing`,
		kind, id, wrapped, db.Stamp(tx.Now))
	return n == 1, err
}

func find(tx *db.Tx, kind, id string) ([]byte, error) {
	return db.One(tx, db.Of[[]byte], `select wrapped from wrapped_key where kind = $1 and id = $2`, kind, id)
}

func caseIDs(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Of[string], `select id from wrapped_key where kind = 'case' order by id`)
}

// wrappedKey is one row of the store.
type wrappedKey struct {
	kind, id string
	wrapped  []byte
}

func scanWrapped(r db.Row) (w wrappedKey, err error) {
	err = r.Scan(&w.kind, &w.id, &w.wrapped)
	return w, err
}

// each hands out every key, a thousand at a time, so that memory does not grow with the number of cases.
func each(tx *db.Tx, f func(wrappedKey) error) error {
	const page = 1000
	var last wrappedKey
	for {
		some, err := db.All(tx, scanWrapped, `
			select kind, id, wrapped from wrapped_key
			where kind > $1 or kind = $1 and id > $2
			order by kind, id limit $3`, last.kind, last.id, page)
		if err != nil {
			return err
		}
		for _, w := range some {
			if err := f(w); err != nil {
				return err
			}
		}
		if len(some) < page {
			return nil
		}
		last = some[len(some)-1]
	}
}

func rewrap(tx *db.Tx, w wrappedKey) error {
	_, err := tx.Exec(`update wrapped_key set wrapped = $1 where kind = $2 and id = $3`, w.wrapped, w.kind, w.id)
	return err
}

// destroy overwrites the key before it deletes the row: SQLite writes over the very bytes.
func destroy(tx *db.Tx, id string) error {
	old, err := find(tx, caseKey, id)
	if err != nil {
		return err
	}
	if err := rewrap(tx, wrappedKey{caseKey, id, make([]byte, len(old))}); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from wrapped_key where kind = 'case' and id = $1`, id); err != nil {
		return err
	}
	_, err = tx.Exec(`insert into destroyed_key (id, destroyed_at) values ($1, $2)`, id, db.Stamp(tx.Now))
	return err
}

// destroyedAt is when a case's key was destroyed; fault.NotFound when it was not.
func destroyedAt(tx *db.Tx, id string) (string, error) {
	return db.One(tx, db.Of[string], `select destroyed_at from destroyed_key where id = $1`, id)
}

func scanDestroyed(r db.Row) (d Destroyed, err error) {
	var at string
	if err = r.Scan(&d.CaseID, &at); err == nil {
		d.At, err = db.ParseStamp(at)
	}
	return d, err
}

func destroyed(tx *db.Tx) ([]Destroyed, error) {
	return db.All(tx, scanDestroyed, `select id, destroyed_at from destroyed_key order by destroyed_at, id`)
}

// unproven are the keys made before a moment of which no row was seen yet.
func unproven(tx *db.Tx, older time.Time) ([]string, error) {
	return db.All(tx, db.Of[string], `select id from wrapped_key where kind = 'case' and in_use = 0 and made_at < $1 order by made_at, id`, db.Stamp(older))
}

func prove(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update wrapped_key set in_use = 1 where kind = 'case' and id = $1`, id)
	return err
}

// sweep looks once more that nobody has proven the key meanwhile.
func sweep(tx *db.Tx, id string) error {
	_, err := tx.Exec(`delete from wrapped_key where kind = 'case' and id = $1 and in_use = 0`, id)
	return err
}
