package keys

import (
	"context"
	"errors"
	"fmt"

	"waymark/internal/db"
	"waymark/internal/seal"
)

// step is told after each step of a change of the master key. A test ends the process there.
var step = func(string) {}

// ChangeMaster puts the next master key in the place of the old one: in the keyring of the data folder, and in the key
// store, which open opens with its page key. No other process may use either.
//
// It can be broken off at any point and begun again. Before the one transaction that wraps the keys anew the old master
// key opens everything, after it the next one does; at no point are both needed to open what there is, and behind the
// end the old one opens nothing.
func ChangeMaster(ctx context.Context, data string, open func(page []byte) (*db.DB, error), old, next seal.Master) (n int, err error) {
	if old.Fingerprint() == next.Fingerprint() {
		return 0, errors.New("the next master key is the one in use already")
	}
	ring, err := OpenKeyring(data, old)
	if owned(err, next) {
		ring, err = OpenKeyring(data, next) // it was broken off behind its end
	}
	if err != nil {
		return 0, err
	}
	d, err := open(ring.Page("keys"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	store, err := Open(ctx, d, old)
	switch {
	case err == nil:
		// The keyring first: a store that belongs to the next master key is of no use while that one cannot open the keyring.
		if err := ring.both(next); err != nil {
			return 0, err
		}
		step("either master key opens the keyring")
		n, err = store.Rotate(ctx, next)
	case owned(err, next): // it was broken off behind the transaction
		n, err = overwritten(ctx, d, next)
	}
	if err != nil {
		return n, err
	}
	step("only the next master key opens the key store")
	ring.master = next
	if err := ring.only(); err != nil {
		return n, err
	}
	step("only the next master key opens the keyring")
	return n, nil
}

// owned reports the error of a thing that belongs to m already.
func owned(err error, m seal.Master) bool {
	wrong := (*WrongMaster)(nil)
	return errors.As(err, &wrong) && wrong.Expected == m.Fingerprint()
}

// overwritten does what a change may have left undone behind its transaction, and counts the keys.
func overwritten(ctx context.Context, d *db.DB, m seal.Master) (int, error) {
	store, err := Open(ctx, d, m)
	if err != nil {
		return 0, err
	}
	counts, err := store.Check(ctx)
	if err != nil {
		return 0, err
	}
	if err := d.Forget(ctx, "wrapped_key"); err != nil {
		return 0, fmt.Errorf("overwrite the keys as they were wrapped before: %w", err)
	}
	return counts.Cases + counts.Roots, nil
}

// Settle takes another master key out of the keyring, after a change that was broken off. Call it when the key store
// opened under the ring's own master key: then the other one is of no use.
func (r Keyring) Settle(s *Store) error {
	if s.current().Fingerprint() != r.master.Fingerprint() {
		return errors.New("the keyring and the key store were opened under two master keys")
	}
	if !r.shared {
		return nil
	}
	return r.only()
}
