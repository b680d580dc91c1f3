package casework_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/audit"
	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/fact"
	"waymark/internal/keys"
	"waymark/internal/webtest"
)

// benchOffice is a copy on an encrypted SQLite database that waits for the disk, as a running one does.
func benchOffice(b *testing.B) *office {
	b.Helper()
	o := &office{now: night, t: b}
	clock := func() time.Time { return o.now }
	o.db = webtest.OpenDB(b, webtest.SQLite(b, clock), audit.Schema, fact.Schema, casework.Schema)
	o.open(webtest.OpenDB(b, webtest.SQLite(b, clock), keys.Schema), clock)
	return o
}

// p99 reports the slowest of a hundred.
func p99(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkOneAnswer saves one answer (validated, sealed, traced, durable) beside a bare durable transaction of three
// rows on the same database.
func BenchmarkOneAnswer(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprintf("saved-by-%d", writers), func(b *testing.B) {
			o := benchOffice(b)
			var sheets []string
			for range writers {
				sheets = append(sheets, o.begin("ruth", "Selam", "", "")+"/sheets/record-child")
			}
			atOnce(b, writers, func(w, n int) {
				form := url.Values{"q.dialect": {fmt.Sprintf("Enderta %d", n)}, "question": {"dialect"}, "based.dialect": {"1"}}
				if page := o.As("ruth").Post(sheets[w]+"/save", form); page.Status != 200 {
					b.Errorf("%d", page.Status)
				}
			})
		})
		b.Run(fmt.Sprintf("three-bare-rows-by-%d", writers), func(b *testing.B) {
			o := benchOffice(b)
			atOnce(b, writers, func(w, n int) {
				err := o.db.Write(ctx, "", func(tx *db.Tx) error {
					for i := range 3 {
						if _, err := tx.Exec(`insert into lookup_asked (person, hour, times) values ($1, $2, 1)`, db.NewID(tx.Now), fmt.Sprint(w, n, i)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Error(err)
				}
			})
		})
	}
}

// atOnce shares b.N among so many who work at the same time.
func atOnce(b *testing.B, writers int, f func(writer, n int)) {
	b.ResetTimer()
	var wait sync.WaitGroup
	took := make([][]time.Duration, writers)
	for w := range writers {
		wait.Go(func() {
			for n := w; n < b.N; n += writers {
				began := time.Now()
				f(w, n)
				took[w] = append(took[w], time.Since(began))
			}
		})
	}
	wait.Wait()
	b.StopTimer()
	p99(b, slices.Concat(took...))
}

// BenchmarkTheList shows one page of it among a thousand and among a hundred thousand cases.
func BenchmarkTheList(b *testing.B) {
	for _, cases := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(cases), func(b *testing.B) {
			o := benchOffice(b)
			for n := range 60 { // those that are shown have their own keys and words
				o.now = o.now.Add(time.Minute)
				o.begin([]string{"ruth", "tom"}[n%2], fmt.Sprintf("Child %d", n), "", "")
			}
			older := night.AddDate(-1, 0, 0)
			for from := 0; from < cases; from += 20_000 {
				err := o.db.Write(ctx, "", func(tx *db.Tx) error {
					for n := from; n < min(cases, from+20_000); n++ {
						id := db.NewID(older.Add(time.Duration(n) * time.Second))
						if _, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline) values ($1, $2, $3, $4, $5, '', '', $1, 1, $6)`,
							id, id, []string{"east", "west", "north"}[n%3], fmt.Sprint("person", n%40), []string{"first-day", "open"}[n%2], []byte("x")); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			ruth := o.As("ruth")
			body := string(ruth.Get("/cases").Body)
			at := strings.Index(body, "/cases?after=")
			pages := []string{"/cases", "/cases?mine=1", "/cases?state=first-day", strings.ReplaceAll(body[at:at+strings.Index(body[at:], `"`)], "&amp;", "&")}
			var took []time.Duration
			b.ResetTimer()
			for n := range b.N {
				began := time.Now()
				if page := ruth.Get(pages[n%len(pages)]); page.Status != 200 {
					b.Fatalf("%d %s", page.Status, o.log.String())
				}
				took = append(took, time.Since(began))
			}
			b.StopTimer()
			p99(b, took)
		})
	}
}
