package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"waymark/internal/db"
)

// list measures pages of the list of cases, as a browser asks for them, while there are more and more cases in one team;
// beside each, a bare query for as many rows by their id. addCases says how they were made.
func (b *bench) list(ctx context.Context) error {
	return b.onRecords(ctx, 40, func(ctx context.Context, r *records) error {
		v, err := r.visit(r.people[0])
		if err != nil {
			return err
		}
		defer v.conn.Close()
		there := 0
		for cases := 1_000; cases <= b.cases; cases *= 10 {
			if err := r.addCases(ctx, there, cases); err != nil {
				return err
			}
			there = cases
			if err := b.listAmong(ctx, r, v, cases); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) listAmong(ctx context.Context, r *records, v *visitor, cases int) error {
	var ids []string
	err := r.private.DB.Read(ctx, "", func(tx *db.Tx) (err error) {
		ids, err = db.All(tx, db.Of[string], `select id from casefile order by id`)
		return err
	})
	if err != nil {
		return err
	}
	chance := rand.New(rand.NewPCG(seed, 3))
	after := func(query string) func() string {
		return func() string { return "/cases?" + query + "after=" + ids[len(ids)/4+chance.IntN(len(ids)/2)] }
	}
	first := func(path string) func() string { return func() string { return path } }
	rounds := pick(b, 500, 60)
	bare, err := timed(ctx, rounds, func(int) error {
		from := ids[chance.IntN(len(ids))]
		return r.private.DB.Read(ctx, "", func(tx *db.Tx) error {
			_, err := db.All(tx, db.Of[[]byte], `select headline from casefile where id <= $1 order by id desc limit 26`, from)
			return err
		})
	})
	if err != nil {
		return err
	}
	for _, page := range []struct {
		what string
		path func() string
	}{{"first page", first("/cases")}, {"a later page", after("")}, {"filtered by state and owner, a later page", after("state=first-day&mine=1&")}} {
		t, err := timed(ctx, rounds, func(int) error { return v.page(page.path()) })
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("list of %d cases, %s, %s", cases, page.what, r.engine), t.says(), "bare query of 26 rows: p50 "+short(bare.at(.5)),
			fmt.Sprintf("%.1f times", float64(t.at(.5))/float64(bare.at(.5))), "p99 under 30 ms, flat")
	}
	return nil
}
