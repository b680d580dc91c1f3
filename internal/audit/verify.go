package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
)

// Verify reckons the whole log anew and names what is not as it was written. kept are files with checkpoints that were
// kept elsewhere: only they show that somebody who holds the signing key cut off or rewrote the end.
func (l *Log) Verify(ctx context.Context, kept ...string) (*Report, error) {
	v := &verification{log: l, report: &Report{}, cases: byCase{}, last: map[string]int64{}, tiles: map[[2]int64]int64{}}
	for _, file := range kept {
		if err := v.keep(file); err != nil {
			return nil, err
		}
	}
	if err := l.db.Read(ctx, "", v.snapshot); err != nil {
		return nil, fmt.Errorf("verify the log: %w", err)
	}
	if err := v.allChunks(ctx); err != nil {
		return nil, fmt.Errorf("verify the log: %w", err)
	}
	if err := l.db.Read(ctx, "", v.conclude); err != nil {
		return nil, fmt.Errorf("verify the log: %w", err)
	}
	return v.report, nil
}

// verification is one run. Entries that have a place never change again, so chunks may be read beside each other and
// while new entries come in; everything else is read in one snapshot at the beginning.
type verification struct {
	log    *Log
	report *Report

	head   head
	marks  []mark
	tiles  map[[2]int64]int64 // level and number: bytes
	last   map[string]int64
	beyond []oddRow // rows with a place that the tree does not reach

	mu     sync.Mutex
	chunks []chunk
	cases  byCase
}

// mark is a size at which somebody once knew the root.
type mark struct {
	Checkpoint
	kept bool   // elsewhere; else by an entry of the log itself
	id   string // of that entry
}

func (v *verification) keep(file string) error {
	notes, err := splitNotes(file)
	if err != nil {
		return err
	}
	for _, signed := range notes {
		c, err := v.log.key.open(signed)
		if err != nil {
			v.report.find(Signature, -1, "a kept checkpoint is not signed with the key of this log: either it is of another log, or the key was changed, or the file was")
			continue
		}
		v.marks = append(v.marks, mark{Checkpoint: c, kept: true})
	}
	return nil
}

func (v *verification) snapshot(tx *db.Tx) (err error) {
	if v.head, err = readHead(tx); err != nil {
		return err
	}
	if err := v.tileList(tx); err != nil {
		return err
	}
	if err := v.believableSize(tx); err != nil {
		return err
	}
	if err := v.waiting(tx); err != nil {
		return err
	}
	if err := v.outside(tx); err != nil {
		return err
	}
	_, err = db.All(tx, func(r db.Row) (struct{}, error) {
		var id string
		var last int64
		err := r.Scan(&id, &last)
		v.last[id] = last
		return struct{}{}, err
	}, `select casefile, last from audit_case`)
	if err != nil {
		return err
	}
	taken, err := takenIn(tx)
	if err != nil {
		return err
	}
	for _, t := range taken {
		if t.Size <= v.head.size {
			v.marks = append(v.marks, mark{Checkpoint: t.Checkpoint, id: t.id})
		}
	}
	return nil
}

func (v *verification) tileList(tx *db.Tx) error {
	_, err := db.All(tx, func(r db.Row) (struct{}, error) {
		var level, n, width int64
		err := r.Scan(&level, &n, &width)
		v.tiles[[2]int64{level, n}] = width
		return struct{}{}, err
	}, `select level, n, length(hashes) from audit_tile`)
	return err
}

// believableSize keeps a size that a forger wrote from sending us to read what cannot be there.
func (v *verification) believableSize(tx *db.Tx) error {
	placed, err := db.One(tx, db.Of[int64], `select count(place) from audit_entry where place >= 0`)
	if err != nil {
		return err
	}
	var stored int64
	for at, width := range v.tiles {
		if at[0] == 0 {
			stored += width / tlog.HashSize
		}
	}
	if most := max(placed, stored); v.head.size < 0 || v.head.size > most {
		v.report.find(Tree, -1, "the log says that it has %d entries, but there are only %d", v.head.size, most)
		v.head.size = max(0, min(v.head.size, most))
	}
	v.report.Size = v.head.size
	return nil
}

// rowColumns are read as bytes: what a hand wrote into the database need not be of the right type.
const rowColumns = `id, at, who, act, casefile, case_no, about, detail, digest, place`

// row is one entry while it is read. Its bytes are those of the driver, until the next row comes.
type row struct {
	id, at, who, act, casefile, number, about, detail, digest, place sql.RawBytes
	leaf                                                             []byte
}

func (r *row) scan(from db.Row) error {
	return from.Scan(&r.id, &r.at, &r.who, &r.act, &r.casefile, &r.number, &r.about, &r.detail, &r.digest, &r.place)
}

// hash is record.hash over bytes as they came; the test of the leaf sees that both agree.
func (r *row) hash() tlog.Hash {
	b := append(r.leaf[:0], leafVersion...)
	for _, field := range [...]struct {
		name  string
		value []byte
	}{{"id ", r.id}, {"at ", r.at}, {"who ", r.who}, {"act ", r.act}, {"case ", r.casefile}, {"number ", r.number}, {"about ", r.about}} {
		b = append(append(append(b, field.name...), field.value...), '\n')
	}
	b = append(b, "detail "...)
	const digits = "0123456789abcdef"
	for _, c := range r.digest {
		b = append(b, digits[c>>4], digits[c&15])
	}
	r.leaf = append(b, '\n')
	return tlog.RecordHash(r.leaf)
}

func (r *row) detailIsWhole() bool {
	sum := sha256.Sum256(r.detail)
	return bytes.Equal(sum[:], r.digest)
}

// meet notes the number in its case.
func (r *row) meet(cases byCase) {
	if len(r.casefile) == 0 {
		return
	}
	n, err := strconv.ParseInt(string(r.number), 10, 64)
	if err != nil {
		n = -1
	}
	cases.meet(r.casefile, n)
}

func (v *verification) waiting(tx *db.Tx) error {
	oldest := ""
	var r row
	_, err := db.All(tx, func(from db.Row) (struct{}, error) {
		if err := r.scan(from); err != nil {
			return struct{}{}, err
		}
		v.report.Waiting++
		if at := string(r.at); oldest == "" || at < oldest {
			oldest = at
		}
		if !r.detailIsWhole() {
			v.report.find(Detail, -1, "the sealed detail of the waiting entry %s is not the one that was written", r.id)
		}
		r.meet(v.cases)
		return struct{}{}, nil
	}, `select `+rowColumns+` from audit_entry where place is null`)
	if err != nil {
		return err
	}
	v.report.Oldest, _ = db.ParseStamp(oldest) // a moment that cannot be read is only not shown
	return nil
}

// outside reads the rows that stand where the tree has no place.
func (v *verification) outside(tx *db.Tx) error {
	var r row
	_, err := db.All(tx, func(from db.Row) (struct{}, error) {
		if err := r.scan(from); err != nil {
			return struct{}{}, err
		}
		place, err := strconv.ParseInt(string(r.place), 10, 64)
		if err != nil {
			place = -1
		}
		v.beyond = append(v.beyond, oddRow{place: place, hash: r.hash(), id: string(r.id), at: string(r.at)})
		r.meet(v.cases)
		return struct{}{}, nil
	}, `select `+rowColumns+` from audit_entry where place >= $1 or place < 0`, v.head.size)
	return err
}

// allChunks reads the entries that have a place, in parts of a size that are complete subtrees, on several connections.
func (v *verification) allChunks(ctx context.Context) error {
	v.chunks = make([]chunk, (v.head.size+span-1)/span)
	var next atomic.Int64
	workers := min(max(2, runtime.GOMAXPROCS(0)), 8, len(v.chunks))
	failed := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			cases := byCase{}
			for failed[w] == nil {
				k := next.Add(1) - 1
				if k >= int64(len(v.chunks)) {
					break
				}
				failed[w] = v.log.db.Read(ctx, "", func(tx *db.Tx) (err error) {
					v.chunks[k], err = v.readChunk(tx, k, cases)
					return err
				})
			}
			v.mu.Lock()
			defer v.mu.Unlock()
			v.cases.join(cases)
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}

// moment is a moment of an entry for the report; what cannot be read is not repeated.
func moment(at string) string {
	if t, err := db.ParseStamp(at); err == nil && !t.IsZero() {
		return t.Format(time.RFC3339)
	}
	return "an unreadable moment"
}
