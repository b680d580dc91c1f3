package access

import (
	"fmt"
	"time"

	"waymark/internal/db"
)

// sessionsKept is for how long a session that is over stays, for whoever has to look into a strange one.
const sessionsKept = 90 * 24 * time.Hour

// Sweep forgets what has had its time: what was held for people who did not come back, sessions long over, browsers that
// are known no more, guesses long past. It runs once a day.
func (s *Store) Sweep(tx *db.Tx) error {
	for _, old := range []struct {
		from string
		time time.Duration
	}{
		{`delete from held where made_at < $1`, heldFor},
		{`delete from session where ends_at < $1`, sessionsKept},
		{`delete from device where made_at < $1`, deviceKnown},
		{`delete from brake where last_at < $1`, forgotten},
	} {
		if _, err := tx.Exec(old.from, db.Stamp(tx.Now.Add(-old.time))); err != nil {
			return fmt.Errorf("sweep accounts: %w", err)
		}
	}
	return nil
}
