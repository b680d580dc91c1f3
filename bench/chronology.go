package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"waymark/internal/db"
)

// chronology measures how a case with 500 dated notes is opened: its first page, and its chronology. Every note is put into
// the record through its own page. Beside them stands a bare query for the 500 sealed bodies, which opens none.
func (b *bench) chronology(ctx context.Context) error {
	const notes = 500
	return b.onRecords(ctx, 1, func(ctx context.Context, r *records) error {
		who := r.people[0]
		path, err := r.openCase(ctx, who, "Selam")
		if err != nil {
			return err
		}
		for i := range notes {
			at := time.Now().AddDate(0, 0, -2*(notes-i))
			form := url.Values{"q.how": {"seen"}, "q.words": {fmt.Sprintf("Visit %d. Selam was in her room and spoke of the journey; the carer was present for a part of it, and a visit for next week was agreed.", i)},
				"q.when.day": {fmt.Sprint(at.Day())}, "q.when.month": {fmt.Sprint(int(at.Month()))}, "q.when.year": {fmt.Sprint(at.Year())}}
			if _, err := r.post(ctx, who, path+"/notes/new/drafts/"+db.NewID(time.Now()), form); err != nil {
				return err
			}
		}
		v, err := r.visit(who)
		if err != nil {
			return err
		}
		defer v.conn.Close()
		rounds := pick(b, 500, 60)
		bare, err := timed(ctx, rounds, func(int) error {
			return r.private.DB.Read(ctx, "", func(tx *db.Tx) error {
				all, err := db.All(tx, db.Of[[]byte], `select v.body from note n join note_version v on v.note = n.id and v.version = n.version order by n.written_at`)
				if err == nil && len(all) != notes {
					err = fmt.Errorf("the record holds %d notes", len(all))
				}
				return err
			})
		})
		if err != nil {
			return err
		}
		for _, page := range [][2]string{{"its first page", path}, {"its chronology, whole", path + "/chronology"}} {
			t, err := timed(ctx, rounds, func(int) error { return v.page(page[1]) })
			if err != nil {
				return err
			}
			b.row(fmt.Sprintf("a case with %d chronology entries, %s, %s", notes, page[0], r.engine), t.says(), "bare query of the sealed bodies: p50 "+short(bare.at(.5)),
				fmt.Sprintf("%.1f times", float64(t.at(.5))/float64(bare.at(.5))), "p99 under 30 ms")
		}
		return nil
	})
}
