package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"waymark/bench/corpus"
	"waymark/internal/casework"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/seal"
)

// kept is one mark of one child.
type kept struct {
	mark [16]byte
	of   int
}

// same looks for invented children among very many others, by the blind marks that casework keeps and asks for. Counted
// are children without a record for whom one is found all the same, and children with one who are found again when
// another office writes them otherwise. Beside it stands a bare look at as many rows by their key.
//
// The children are written straight into the tables: the marks are real, the cases behind them empty. They come in the
// order of their marks, and the index by sheets, which looking does not use, is left out: only so a million are there in
// minutes, and SQLite has not the memory to make that index afterwards.
func (b *bench) same(ctx context.Context) error {
	key, err := seal.NewKey()
	if err != nil {
		return err
	}
	x, day := key.Index(), clock.Today(time.Now())
	people := corpus.NewChildren(seed)
	var marks []kept
	known := map[int][2]string{}
	for i := range b.children {
		name, born := people.Next()
		if i%max(1, b.children/500) == 0 {
			known[i] = [2]string{name, born}
		}
		stored, _ := casework.Findable(x, "team", name, born, day)
		for _, mark := range stored {
			marks = append(marks, kept{[16]byte(mark), i})
		}
	}
	slices.SortFunc(marks, func(a, b kept) int { return bytes.Compare(a.mark[:], b.mark[:]) })
	return b.onRecords(ctx, 1, func(ctx context.Context, r *records) error {
		began := time.Now()
		if err := r.addChildren(ctx, b.children, marks); err != nil {
			return err
		}
		b.note("%s: %d children with %d marks were written in %s", r.engine, b.children, len(marks), short(time.Since(began)))
		look := func(name, born string) (found []string, err error) {
			_, sought := casework.Findable(x, "", name, born, day)
			err = r.private.DB.Read(ctx, "", func(tx *db.Tx) error { found, err = casework.Alike(tx, sought); return err })
			return found, err
		}
		strangers, wrong, each := corpus.NewChildren(seed+1), 0, 0
		rounds := pick(b, 2_000, 300)
		t, err := timed(ctx, rounds, func(int) error {
			found, err := look(strangers.Next())
			if each += len(found); len(found) > 0 {
				wrong++
			}
			return err
		})
		if err != nil {
			return err
		}
		again := 0
		for i, child := range known {
			found, err := look(people.Again(child[0], child[1]))
			if err != nil {
				return err
			}
			if slices.Contains(found, childID(i)) {
				again++
			}
		}
		chance := rand.New(rand.NewPCG(seed, 4))
		bare, err := timed(ctx, rounds, func(int) error {
			return r.private.DB.Read(ctx, "", func(tx *db.Tx) error {
				for range 4 { // marks that one child is looked for by
					if _, err := db.All(tx, db.Of[string], `select id from casefile where id = $1`, childID(chance.IntN(b.children))); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("the same child looked for among %d, %s", b.children, r.engine), t.says(), "bare look at four rows by their key: p50 "+short(bare.at(.5)),
			fmt.Sprintf("%.1f times", float64(t.at(.5))/float64(bare.at(.5))), "p99 under 20 ms")
		b.row(fmt.Sprintf("who is found among %d, %s", b.children, r.engine),
			fmt.Sprintf("%.1f %% of %d children without a record find another's, %.2f each", 100*float64(wrong)/float64(rounds), rounds, float64(each)/float64(rounds)),
			fmt.Sprintf("%.1f %% of %d with one are found again, written otherwise", 100*float64(again)/float64(len(known)), len(known)), "", "counted")
		return nil
	})
}

func childID(i int) string { return fmt.Sprintf("case%022d", i) }

func (r *records) addChildren(ctx context.Context, children int, marks []kept) error {
	write := func(f func(*db.Tx) error) error { return r.private.DB.Write(ctx, "", f) }
	one := func(statement string) error {
		return write(func(tx *db.Tx) error { _, err := tx.Exec(statement); return err })
	}
	const together = 50_000
	for from := 0; from < children; from += together {
		var rows [][]any
		for i := from; i < min(children, from+together); i++ {
			id := childID(i)
			rows = append(rows, []any{id, fmt.Sprintf("%08d", i), r.team, r.people[0].id, "open", db.Stamp(time.Now()), r.people[0].id, id, 1, []byte{1}})
		}
		if err := write(func(tx *db.Tx) error { return insert(tx, casefile, rows) }); err != nil {
			return err
		}
	}
	if err := one(`drop index lookup_sheet`); err != nil {
		return err
	}
	for from := 0; from < len(marks); from += together {
		var rows [][]any
		for _, m := range marks[from:min(len(marks), from+together)] {
			rows = append(rows, []any{m.mark[:], childID(m.of), childID(m.of) + ".record-child"})
		}
		if err := write(func(tx *db.Tx) error { return insert(tx, "lookup (mark, casefile, sheet)", rows) }); err != nil {
			return err
		}
	}
	return one(`analyze`)
}
