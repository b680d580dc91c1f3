package casework_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

// BenchmarkAChronologyOfFiveHundredEntries opens a whole page, its trace included. It reports the slowest of a hundred.
func BenchmarkAChronologyOfFiveHundredEntries(b *testing.B) {
	h := &records{now: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC)}
	h.begin(b, webtest.OpenDB(b, webtest.SQLite(b, h.Now), schemas()...), nil)
	path := h.Case(someRef(0), "north", "p-ruth")
	id := h.ids(`select id from casefile`)[0]
	key, err := h.Keys.Case(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 500 {
		note := db.NewID(h.Now())
		day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format("2006-01-02")
		words := fmt.Sprintf("Visit %d. He was at home with the carer, ate well, and asked again when he can ring his sister.", i)
		body, err := key.Seal(seal.Label{Field: "note.body", Row: note, Version: 1}, []byte(`{"when":"`+day+`","words":"`+words+`"}`))
		if err != nil {
			b.Fatal(err)
		}
		h.write(`insert into note (id, casefile, author, written_at, once, version) values ($1, $2, 'p-ruth', $3, $1, 1)`, note, id, db.Stamp(h.Now()))
		h.write(`insert into note_version (note, casefile, version, author, written_at, source, once, body) values ($1, $2, 1, 'p-ruth', $3, 'seen', $1, $4)`, note, id, db.Stamp(h.Now()), body)
	}
	ruth := h.as("ruth")
	if page := ruth.Get(path + "/chronology"); !page.Has("Visit 499.") || !page.Has("Visit 0.") {
		b.Fatal(page.Status)
	}
	var took []time.Duration
	b.ResetTimer()
	for b.Loop() {
		began := time.Now()
		ruth.Get(path + "/chronology")
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
