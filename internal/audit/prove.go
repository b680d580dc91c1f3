package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
	"waymark/internal/fault"
)

// Proof shows to somebody who has neither the database nor Waymark that these entries about a case stand in the log that
// was signed. cmd/waymark-verify checks it. It holds ids and codes, no name.
type Proof struct {
	Format     string        `json:"format"`
	Case       string        `json:"case"`
	Key        string        `json:"key"`        // to verify the checkpoint; compare it with one that was kept elsewhere
	Checkpoint string        `json:"checkpoint"` // a signed note
	Entries    []ProvenEntry `json:"entries"`    // by the case's own number, from 1 without a gap
	Earlier    []ProvenTree  `json:"earlier"`    // that the log still begins as it did when these checkpoints were taken
}

// ProofFormat names the first version of a proof.
const ProofFormat = "waymark proof 1"

// ProvenEntry is one leaf with the hashes that lead from it to the root.
type ProvenEntry struct {
	Place int64       `json:"place"`
	Leaf  string      `json:"leaf"`
	Path  []tlog.Hash `json:"path"`
}

// ProvenTree leads from an earlier root to the newest.
type ProvenTree struct {
	Size int64       `json:"size"`
	Path []tlog.Hash `json:"path"`
}

// Prove writes into the log that the proof was made, waits until that entry is taken in, and proves every entry about the
// case up to it. So the proof names whoever asked for it, and nothing after it was left out on its day.
func (l *Log) Prove(ctx context.Context, who, caseID string) (*Proof, error) {
	last, err := l.noteProof(ctx, who, caseID)
	if err != nil {
		return nil, fmt.Errorf("prove a case: %w", err)
	}
	if err := l.untilTaken(ctx, caseID, last); err != nil {
		return nil, fmt.Errorf("prove a case: %w", err)
	}
	var p *Proof
	err = l.db.Read(ctx, who, func(tx *db.Tx) (err error) { p, err = l.prove(tx, caseID); return err })
	if err != nil {
		return nil, fmt.Errorf("prove a case: %w", err)
	}
	return p, nil
}

func (l *Log) noteProof(ctx context.Context, who, caseID string) (number int64, err error) {
	err = l.db.Write(ctx, who, func(tx *db.Tx) error {
		known, err := db.All(tx, db.Of[int64], `select last from audit_case where casefile = $1`, caseID)
		if err != nil {
			return err
		}
		if len(known) == 0 {
			return fault.Of(fault.NotFound, "the log has no entry about such a case")
		}
		number = known[0] + 1
		return Append(tx, Entry{Act: Proved, Case: caseID})
	})
	return number, err
}

// untilTaken sequences, or waits for the process that does.
func (l *Log) untilTaken(ctx context.Context, caseID string, number int64) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if _, err := l.Sequence(ctx); err != nil {
			return err
		}
		var places []int64
		err := l.db.Read(ctx, "", func(tx *db.Tx) (err error) {
			places, err = db.All(tx, db.Of[int64], `select place from audit_entry
				where casefile = $1 and casefile <> '' and case_no = $2 and place is not null`, caseID, number)
			return err
		})
		if err != nil || len(places) > 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("the entry about this proof was not taken into the tree; does a copy of Waymark hang?")
		case <-time.After(between / 2):
		}
	}
}

type placed struct {
	record
	place int64
}

func (l *Log) prove(tx *db.Tx, caseID string) (*Proof, error) {
	h, err := readHead(tx)
	if err != nil {
		return nil, err
	}
	if c, err := l.key.open(h.signed); err != nil || c.Size != h.size || c.Root != h.root {
		return nil, fault.Of(fault.Conflict, "the newest checkpoint of the log is not signed with its key: run waymark audit verify")
	}
	all, err := db.All(tx, func(r db.Row) (p placed, err error) {
		err = r.Scan(&p.ID, &p.At, &p.Who, &p.Act, &p.Case, &p.Number, &p.Of, &p.Digest, &p.place)
		return p, err
	}, `select `+recordColumns+`, place from audit_entry where casefile = $1 and casefile <> '' and place is not null order by case_no`, caseID)
	if err != nil {
		return nil, err
	}
	tree := tlog.Tree{N: h.size, Hash: h.root}
	reader := tlog.TileHashReader(tree, &tiles{tx: tx})
	p := &Proof{Format: ProofFormat, Case: caseID, Key: l.Key(), Checkpoint: h.signed, Earlier: []ProvenTree{}}
	for i, e := range all {
		if e.Number != int64(i+1) {
			return nil, fault.Of(fault.Conflict, "the case lacks number %d in the log: run waymark audit verify", i+1)
		}
		path, err := tlog.ProveRecord(tree.N, e.place, reader)
		if err != nil {
			return nil, err
		}
		if tlog.CheckRecord(path, tree.N, tree.Hash, e.place, e.hash()) != nil {
			return nil, fault.Of(fault.Conflict, "the entry at place %d of the log is not the one that was taken in: run waymark audit verify", e.place)
		}
		p.Entries = append(p.Entries, ProvenEntry{e.place, string(e.leaf(nil)), path})
	}
	return p, l.proveEarlier(tx, p, tree, reader)
}

// proveEarlier lets whoever kept a checkpoint see that this log goes on where that one ended.
func (l *Log) proveEarlier(tx *db.Tx, p *Proof, tree tlog.Tree, reader tlog.HashReader) error {
	const newest = 60
	taken, err := takenIn(tx)
	if err != nil {
		return err
	}
	slices.SortFunc(taken, func(a, b took) int { return int(b.Size - a.Size) })
	for _, t := range taken[:min(newest, len(taken))] {
		if t.Size < 1 || t.Size >= tree.N {
			continue
		}
		path, err := tlog.ProveTree(tree.N, t.Size, reader)
		if err != nil {
			return err
		}
		p.Earlier = append(p.Earlier, ProvenTree{t.Size, path})
	}
	return nil
}
