package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"waymark/internal/db"
)

// answers measures how an answer is saved: sent by the script of a sheet over a connection of its own, checked, sealed,
// traced, on disk, acknowledged. By turns with it, as many writers commit a bare transaction of three rows to the same
// database: an answer is at least one row of its own, one of the log, and the log's number of the case.
func (b *bench) answers(ctx context.Context) error {
	return b.onRecords(ctx, 8, func(ctx context.Context, r *records) error {
		sheets := make([]string, len(r.people))
		for i, who := range r.people {
			path, err := r.openCase(ctx, who, "")
			if err != nil {
				return err
			}
			sheets[i] = path + "/sheets/record-child/save"
		}
		for _, writers := range []int{1, 8} {
			if err := b.answersOf(ctx, r, sheets, writers); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) answersOf(ctx context.Context, r *records, sheets []string, writers int) error {
	visitors := make([]*visitor, writers)
	based := make([]string, writers)
	for i := range visitors {
		v, err := r.visit(r.people[i])
		if err != nil {
			return err
		}
		defer v.conn.Close()
		visitors[i] = v
		told, err := v.save(sheets[i], field("", fmt.Sprint("before ", writers)))
		if err != nil {
			return err
		}
		based[i] = told.Based
	}
	answer := func(writer, n int) error {
		told, err := visitors[writer].save(sheets[writer], field(based[writer], fmt.Sprintf("Enderta, as %d of %d heard it", n, writers)))
		based[writer] = told.Based
		return err
	}
	bare := func(writer, n int) error {
		return r.private.DB.Write(ctx, r.people[writer].id, func(tx *db.Tx) error {
			for range 3 {
				if _, err := tx.Exec(`insert into bare_row (id, of_case, at, body) values ($1, $2, $3, $4)`, db.NewID(tx.Now), sheets[writer], db.Stamp(tx.Now), make([]byte, 120)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	var saved, rows []time.Duration
	var ratios, rates, bareRates []float64
	for range pick(b, 5, 2) {
		turn := map[bool]float64{}
		for _, ours := range []bool{true, false} {
			do := bare
			if ours {
				do = answer
			}
			took, rate, err := atOnce(ctx, writers, pick(b, 2*time.Second, 500*time.Millisecond), do)
			if err != nil {
				return err
			}
			if turn[ours] = rate; ours {
				saved, rates = append(saved, took...), append(rates, rate)
			} else {
				rows, bareRates = append(rows, took...), append(bareRates, rate)
			}
		}
		ratios = append(ratios, turn[true]/turn[false])
	}
	slices.Sort(saved)
	slices.Sort(rows)
	with := "1 connection"
	if writers > 1 {
		with = fmt.Sprint(writers, " connections")
	}
	b.row(fmt.Sprintf("one answer saved, %s, %s", with, r.engine),
		fmt.Sprintf("%.0f a second, p50 %s, p99 %s", median(rates), short(times{took: saved}.at(.5)), short(times{took: saved}.at(.99))),
		fmt.Sprintf("bare durable transaction of three rows: %.0f a second, p50 %s", median(bareRates), short(times{took: rows}.at(.5))),
		fmt.Sprintf("%.2f", median(ratios)), "at least 0.5")
	return nil
}

// field is what the script of a sheet sends: the words, and which version its writer saw.
func field(based, words string) url.Values {
	return url.Values{"question": {"dialect"}, "based.dialect": {based}, "q.dialect": {words}}
}

// atOnce lets so many do something again and again for so long, and says how long each took and how many were done in a second.
func atOnce(ctx context.Context, writers int, duration time.Duration, do func(writer, n int) error) (took []time.Duration, rate float64, err error) {
	var all sync.WaitGroup
	each := make([][]time.Duration, writers)
	failed := make([]error, writers)
	began := time.Now()
	for w := range writers {
		all.Go(func() {
			for n := 0; time.Since(began) < duration && ctx.Err() == nil; n++ {
				sent := time.Now()
				if failed[w] = do(w, int(sent.UnixNano())); failed[w] != nil {
					return
				}
				each[w] = append(each[w], time.Since(sent))
			}
		})
	}
	all.Wait()
	lasted := time.Since(began)
	for w := range writers {
		if failed[w] != nil {
			return nil, 0, failed[w]
		}
		took = append(took, each[w]...)
	}
	return took, float64(len(took)) / lasted.Seconds(), ctx.Err()
}
