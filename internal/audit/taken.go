package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
	"waymark/internal/fault"
)

// Take gives the newest checkpoint, signed, to be kept where nobody who runs this copy can change it, and writes into the
// log itself that it was taken.
func (l *Log) Take(ctx context.Context, who string) (signed string, err error) {
	if _, err := l.Sequence(ctx); err != nil {
		return "", err
	}
	err = l.db.Write(ctx, who, func(tx *db.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		c, err := l.key.open(h.signed)
		if h.size == 0 {
			return fault.Of(fault.NotFound, "the log has no entry yet, so there is nothing to keep")
		}
		if err != nil || c.Size != h.size || c.Root != h.root {
			return fault.Of(fault.Conflict, "the newest checkpoint of the log is not signed with its key: run waymark audit verify")
		}
		signed = h.signed
		return Append(tx, Entry{Act: CheckpointTaken, Of: fmt.Sprintf("%d:%x", c.Size, c.Root[:])})
	})
	if err != nil {
		return "", fmt.Errorf("take a checkpoint: %w", err)
	}
	return signed, nil
}

// LastTaken is when a checkpoint was last taken to be kept elsewhere; the zero time when never.
func LastTaken(tx *db.Tx) (time.Time, error) {
	all, err := db.All(tx, db.Of[string], `select at from audit_entry where act = 'log.checkpoint-taken' order by id desc limit 1`)
	if err != nil || len(all) == 0 {
		return time.Time{}, err
	}
	return db.ParseStamp(all[0])
}

// Waiting is how many entries the tree does not hold yet, and when the oldest of them was written.
func Waiting(tx *db.Tx) (n int64, oldest time.Time, err error) {
	if n, err = db.One(tx, db.Of[int64], `select count(id) from audit_entry where place is null`); err != nil || n == 0 {
		return n, time.Time{}, err
	}
	at, err := db.One(tx, db.Of[string], `select at from audit_entry where place is null order by id limit 1`)
	if err != nil {
		return n, time.Time{}, err
	}
	oldest, err = db.ParseStamp(at)
	return n, oldest, err
}

// took is an entry that says that a checkpoint was taken.
type took struct {
	Checkpoint
	id string
}

// takenIn reads the checkpoints that the log says were taken, the newest thousand.
func takenIn(tx *db.Tx) (all []took, err error) {
	_, err = db.All(tx, func(r db.Row) (struct{}, error) {
		var id, at, of string
		if err := r.Scan(&id, &at, &of); err != nil {
			return struct{}{}, err
		}
		t := took{id: id}
		if t.Checkpoint, err = parseTaken(of); err == nil {
			t.At, _ = db.ParseStamp(at) // only shown
			all = append(all, t)
		} // else it was altered, and is named as such
		return struct{}{}, nil
	}, `select id, at, about from audit_entry where act = 'log.checkpoint-taken' and place is not null order by id desc limit 1000`)
	return all, err
}

func parseTaken(of string) (c Checkpoint, err error) {
	size, root, _ := strings.Cut(of, ":")
	if c.Size, err = strconv.ParseInt(size, 10, 64); err != nil || c.Size < 0 || len(root) != 2*tlog.HashSize {
		return c, errors.New("not a size and a root")
	}
	_, err = hex.Decode(c.Root[:], []byte(root))
	return c, err
}
