package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
	"waymark/internal/fault"
)

const (
	batch    = 4096 // entries that one transaction takes in
	patience = 5    // how often a sequencer must be seen idle while entries wait, before another takes its place
	between  = time.Second
)

// Log is the tree over the entries of one database.
type Log struct {
	db  *db.DB
	key Key
	me  string // the name under which this one holds the right to sequence

	mu     sync.Mutex // one Sequence at a time in this process
	idle   int        // how often the holder was seen not to move
	seenAt head       // the head as it was then
}

// NewLog opens the log of a database whose checkpoints are signed by key.
func NewLog(d *db.DB, key Key) *Log { return &Log{db: d, key: key, me: rand.Text()} }

// Key is the public half of the key that signs, in words to hand out.
func (l *Log) Key() string { return l.key.Public() }

// head is the one row of audit_head.
type head struct {
	size   int64
	root   tlog.Hash
	signed string
	holder string
	fence  int64
}

func readHead(tx *db.Tx) (head, error) {
	return db.One(tx, func(r db.Row) (h head, err error) {
		var root []byte
		err = r.Scan(&h.size, &root, &h.signed, &h.holder, &h.fence)
		copy(h.root[:], root) // a root of another length fits no tree
		return h, err
	}, `select size, root, signed, holder, fence from audit_head where one = 1`)
}

// Run sequences about every second until ctx ends, then lets go, so that another process begins at once. It tries again
// when something goes wrong, and reports it at first and then about every hour: a log of the same line hides the others.
func (l *Log) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(between)
	defer tick.Stop()
	const again = int(time.Hour / between)
	last, repeated := "", 0
	for {
		select {
		case <-ctx.Done():
			// What was written in the last second is taken in before the end.
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if _, err := l.Sequence(end); err != nil {
				report(err)
			}
			if err := l.Release(end); err != nil {
				report(err)
			}
			return
		case <-tick.C:
			_, err := l.Sequence(ctx)
			switch {
			case err == nil:
				last = ""
			case ctx.Err() != nil:
			case err.Error() != last || repeated >= again:
				last, repeated = err.Error(), 0
				report(err)
			default:
				repeated++
			}
		}
	}
}

// Sequence takes the waiting entries into the tree, in order, and signs a checkpoint. It gives how many it took: none
// when another process holds the right to do so.
func (l *Log) Sequence(ctx context.Context) (total int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		n, err := l.step(ctx)
		if err != nil {
			return total, fmt.Errorf("sequence the log: %w", err)
		}
		if total += n; n < batch {
			return total, nil
		}
	}
}

// errFenced says that another sequencer came first.
var errFenced = errors.New("another sequencer came first")

func (l *Log) step(ctx context.Context) (int, error) {
	var h head
	var waiting []record
	var leaves []tlog.Hash
	var root tlog.Hash
	var grown []tile
	// Whatever can be reckoned before writing is reckoned on a snapshot, so that the writing transaction is short and
	// reads nothing that others write.
	err := l.db.Read(ctx, "", func(tx *db.Tx) (err error) {
		if h, err = readHead(tx); err != nil {
			return err
		}
		waiting, err = db.All(tx, scanRecord, `select `+recordColumns+` from audit_entry where place is null order by id limit $1`, batch)
		if err != nil || len(waiting) == 0 || !l.mayTake(h) {
			return err
		}
		slices.SortFunc(waiting, inOrder)
		leaves = make([]tlog.Hash, len(waiting))
		for i, r := range waiting {
			leaves[i] = r.hash()
		}
		old := tlog.Tree{N: h.size, Hash: h.root}
		if root, grown, err = grow(old, tlog.TileHashReader(old, &tiles{tx: tx}), leaves); err != nil {
			return fault.Of(fault.Conflict, "the stored tree does not lead to its root, so nothing is taken in (%v); run waymark audit verify", err)
		}
		return nil
	})
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	err = l.db.Write(ctx, "", func(tx *db.Tx) error {
		next := Checkpoint{Size: h.size + int64(len(leaves)), Root: root, At: tx.Now}
		if err := l.lead(tx, h, next); err != nil {
			return err
		}
		if err := place(tx, h.size, waiting); err != nil {
			return err
		}
		return store(tx, grown)
	})
	if errors.Is(err, errFenced) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return len(waiting), nil
}

// mayTake says whether this sequencer holds the right, or may take it: nobody holds it, or the holder was seen several
// times not to move although entries wait. No clock is asked, so one that jumps harms nothing.
func (l *Log) mayTake(h head) bool {
	if h.holder == l.me || h.holder == "" {
		l.idle = 0
		return true
	}
	if h != l.seenAt {
		l.seenAt, l.idle = h, 0
	}
	l.idle++
	return l.idle > patience
}

// lead writes the new head on condition that nobody wrote one since: the size and the fence are as they were read.
func (l *Log) lead(tx *db.Tx, old head, next Checkpoint) error {
	fence := old.fence
	if old.holder != l.me {
		fence++
	}
	signed, err := l.key.sign(next)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`update audit_head set size = $1, root = $2, signed = $3, holder = $4, fence = $5
		where one = 1 and size = $6 and fence = $7 and holder = $8`,
		next.Size, next.Root[:], signed, l.me, fence, old.size, old.fence, old.holder)
	if err == nil && n != 1 {
		err = errFenced
	}
	return err
}

// place gives entries their places, many in one statement.
func place(tx *db.Tx, first int64, records []record) error {
	const many = 500
	for len(records) > 0 {
		now := records[:min(many, len(records))]
		records = records[len(now):]
		var values strings.Builder
		args := make([]any, 0, 2*len(now))
		for i, r := range now {
			fmt.Fprintf(&values, ", ($%d, cast($%d as bigint))", 2*i+1, 2*i+2)
			args = append(args, r.ID, first+int64(i))
		}
		first += int64(len(now))
		n, err := tx.Exec(`update audit_entry set place = given.column2 from (values `+values.String()[2:]+`) as given
			where audit_entry.id = given.column1 and audit_entry.place is null`, args...)
		if err != nil {
			return err
		}
		if n != int64(len(now)) {
			return errFenced
		}
	}
	return nil
}

func store(tx *db.Tx, grown []tile) error {
	for _, t := range grown {
		_, err := tx.Exec(`insert into audit_tile (level, n, hashes) values ($1, $2, $3)
			on conflict (level, n) do update set hashes = excluded.hashes`, t.level, t.n, t.hashes)
		if err != nil {
			return err
		}
	}
	return nil
}

// Release lets another process sequence at once.
func (l *Log) Release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.db.Write(ctx, "", func(tx *db.Tx) error {
		_, err := tx.Exec(`update audit_head set holder = '' where one = 1 and holder = $1`, l.me)
		return err
	})
}
