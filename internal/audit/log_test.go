package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/webtest"
)

func newKey(t testing.TB, b byte) audit.Key {
	t.Helper()
	key, err := audit.NewKey(bytes.Repeat([]byte{b}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newLog(t testing.TB, d *db.DB) *audit.Log { return audit.NewLog(d, newKey(t, 1)) }

func sequence(t testing.TB, l *audit.Log) int {
	t.Helper()
	n, err := l.Sequence(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func verify(t testing.TB, l *audit.Log, kept ...string) *audit.Report {
	t.Helper()
	report, err := l.Verify(ctx, kept...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func told(r *audit.Report) string {
	var b strings.Builder
	r.Print(&b)
	return b.String()
}

// fill writes entries about three cases and some about none, in several transactions.
func fill(t testing.TB, d *db.DB, n int) {
	t.Helper()
	for done := 0; done < n; {
		err := d.Write(ctx, fmt.Sprintf("person-%d", done%7), func(tx *db.Tx) error {
			for i := done; i < min(done+50, n); i++ {
				e := audit.Entry{Act: audit.CaseViewed, Case: fmt.Sprintf("case-%d", i%4), Of: fmt.Sprint("sheet-", i), Detail: []byte(fmt.Sprint("sealed ", i))}
				if i%4 == 3 {
					e = audit.Entry{Act: audit.SignedIn}
				}
				if err := audit.Append(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		done = min(done+50, n)
	}
}

func TestALogThatNobodyTouchedVerifiesAtEveryLength(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		if r := verify(t, l); !r.Sound() || r.Size != 0 {
			t.Errorf("empty: %s", told(r))
		}
		total := 0
		for _, more := range []int{1, 1, 253, 1, 1, 260, 200} {
			fill(t, d, more)
			if r := verify(t, l); !r.Sound() || r.Waiting != int64(more) || r.Oldest.IsZero() {
				t.Errorf("with %d waiting: %s", more, told(r))
			}
			if n := sequence(t, l); n != more {
				t.Errorf("%d of %d taken in", n, more)
			}
			total += more
			if r := verify(t, l); !r.Sound() || r.Size != int64(total) || r.Waiting != 0 || r.Signed.IsZero() {
				t.Errorf("%d entries: %s", total, told(r))
			}
		}
		if n := sequence(t, l); n != 0 {
			t.Errorf("%d taken in twice", n)
		}
	}, audit.Schema)
}

func TestEntriesThatWaitedWhenTheProgramDiedAreTakenInByTheNext(t *testing.T) {
	for _, cfg := range configs(t) {
		d := webtest.OpenDB(t, cfg, audit.Schema)
		fill(t, d, 10)
		sequence(t, newLog(t, d))
		fill(t, d, 10)
		// It died here: the right to sequence was not given back.
		again := webtest.OpenDB(t, cfg)
		l := newLog(t, again)
		if r := verify(t, l); !r.Sound() || r.Waiting != 10 || r.Size != 10 {
			t.Error(told(r))
		}
		looks := 0
		for ; sequence(t, l) == 0 && looks < 20; looks++ {
		}
		if looks != 5 {
			t.Errorf("it took over after %d looks", looks)
		}
		if r := verify(t, l); !r.Sound() || r.Waiting != 0 || r.Size != 20 {
			t.Error(told(r))
		}
	}
}

func configs(t *testing.T) []db.Config {
	all := []db.Config{webtest.SQLite(t, time.Now)}
	if !testing.Short() {
		all = append(all, webtest.Postgres(t, time.Now))
	}
	return all
}

func TestTwoSequencersNeverTakeInOneEntryTwice(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		const writers, each = 3, 40
		var writing, sequencing sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for range each {
					err := d.Write(ctx, "amara", func(tx *db.Tx) error {
						return audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: fmt.Sprint("case-", w)})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		stop := make(chan struct{})
		for range 2 {
			l := newLog(t, d)
			sequencing.Go(func() {
				for {
					// Both let go at once, so that they meet as often as can be.
					if _, err := l.Sequence(ctx); err != nil && !strings.Contains(err.Error(), "could not serialize") {
						t.Error(err)
					}
					if err := l.Release(ctx); err != nil && !strings.Contains(err.Error(), "could not serialize") {
						t.Error(err)
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		writing.Wait()
		close(stop)
		sequencing.Wait()
		l := newLog(t, d)
		sequence(t, l)
		if r := verify(t, l); !r.Sound() || r.Size != writers*each || r.Waiting != 0 {
			t.Error(told(r))
		}
	}, audit.Schema)
}

// An operator verifies while people work.
func TestALogThatGrowsMeanwhileVerifies(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		fill(t, d, 250)
		sequence(t, l)
		var working sync.WaitGroup
		stop := make(chan struct{})
		working.Go(func() { // as long as it takes to be looked at, on a fast machine as on a slow one
			for rounds := 0; ; rounds++ {
				fill(t, d, 7)
				sequence(t, l)
				select {
				case <-stop:
					if rounds >= 40 {
						return
					}
				default:
				}
			}
		})
		sizes := map[int64]bool{}
		for len(sizes) < 3 && !t.Failed() {
			r := verify(t, newLog(t, d))
			if !r.Sound() {
				t.Error(told(r))
			}
			sizes[r.Size] = true
		}
		close(stop)
		working.Wait()
		if r := verify(t, newLog(t, d)); !r.Sound() {
			t.Error(told(r))
		}
	}, audit.Schema)
}

func TestOneWhoLostTheRightToSequenceWritesNothing(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		first, second := newLog(t, d), newLog(t, d)
		fill(t, d, 5)
		sequence(t, first)
		fill(t, d, 5)
		for sequence(t, second) == 0 {
		}
		fill(t, d, 5)
		if n := sequence(t, first); n != 0 {
			t.Errorf("%d taken in by one who lost the right", n)
		}
		if n := sequence(t, second); n != 5 {
			t.Errorf("%d taken in", n)
		}
		if err := second.Release(ctx); err != nil {
			t.Fatal(err)
		}
		fill(t, d, 5)
		if n := sequence(t, first); n != 5 {
			t.Errorf("%d taken in after the other let go", n)
		}
		if r := verify(t, first); !r.Sound() {
			t.Error(told(r))
		}
	}, audit.Schema)
}

func TestATreeThatWasTamperedWithTakesNothingInAndLosesNothing(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		fill(t, d, 300)
		sequence(t, l)
		tile := column[[]byte](t, d, `select hashes from audit_tile where level = 0 and n = 1`)[0]
		put := func(hashes []byte) {
			forge(t, d, func(f forger) { f.do(`update audit_tile set hashes = $1 where level = 0 and n = 1`, hashes) })
		}
		put(make([]byte, len(tile)))
		fill(t, d, 10)
		if n, err := l.Sequence(ctx); n != 0 || !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "run waymark audit verify") {
			t.Errorf("%d taken in, %v", n, err)
		}
		if r := verify(t, l); r.Waiting != 10 || !r.Has(audit.Tree) {
			t.Error(told(r))
		}
		put(tile)
		if n := sequence(t, l); n != 10 {
			t.Errorf("%d taken in once the tree was put right", n)
		}
		if r := verify(t, l); !r.Sound() {
			t.Error(told(r))
		}
	}, audit.Schema)
}

// Somebody watches the log of the program: the same line every second would hide the others.
func TestRunTellsATroubleOnceAndGoesOn(t *testing.T) {
	d := webtest.OpenDB(t, webtest.SQLite(t, now), audit.Schema)
	l := newLog(t, d)
	fill(t, d, 5)
	running, stop := context.WithCancel(ctx)
	var troubles []error
	var ended sync.WaitGroup
	ended.Go(func() { l.Run(running, func(err error) { troubles = append(troubles, err) }) })
	waiting := func() int64 { return verify(t, l).Waiting }
	for waiting() > 0 {
		time.Sleep(50 * time.Millisecond)
	}
	forge(t, d, func(f forger) { f.do(`update audit_tile set hashes = $1`, make([]byte, 5*32)) })
	fill(t, d, 5)
	time.Sleep(3500 * time.Millisecond)
	stop()
	ended.Wait()
	if len(troubles) != 2 { // while it ran, and at its end
		t.Errorf("told %d times: %v", len(troubles), troubles)
	}
	if holder := column[string](t, d, `select holder from audit_head`)[0]; holder != "" {
		t.Error("it did not let go at its end")
	}
}

func TestAClockThatJumpsHarmsNothing(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	webtest.OnBothAt(t, func() time.Time { return at }, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		for _, jump := range []time.Duration{0, time.Hour, -3 * time.Hour, 365 * 24 * time.Hour, -700 * 24 * time.Hour} {
			at = at.Add(jump)
			fill(t, d, 20)
			if n := sequence(t, l); n != 20 {
				t.Errorf("%d taken in after a jump of %v", n, jump)
			}
		}
		if r := verify(t, l); !r.Sound() || r.Size != 100 {
			t.Error(told(r))
		}
	}, audit.Schema)
}

func TestTheLogRemembersThatACheckpointWasTaken(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		last := func() (at time.Time) {
			d.Read(ctx, "", func(tx *db.Tx) (err error) {
				if at, err = audit.LastTaken(tx); err != nil {
					t.Error(err)
				}
				return err
			})
			return at
		}
		l := newLog(t, d)
		if _, err := l.Take(ctx, "amara"); !errors.Is(err, fault.NotFound) || !last().IsZero() {
			t.Errorf("of an empty log: %v", err)
		}
		fill(t, d, 30)
		kept, err := l.Take(ctx, "amara")
		if err != nil || last().IsZero() || !strings.Contains(kept, "\n30\n") {
			t.Errorf("%v %q", err, kept)
		}
		fill(t, d, 300)
		second, err := l.Take(ctx, "amara")
		if err != nil {
			t.Fatal(err)
		}
		if r := verify(t, l, kept+"\n"+second, kept); !r.Sound() || r.Kept != 3 {
			t.Error(told(r))
		}
		for _, bad := range []string{" \n", "hello\n"} {
			if _, err := l.Verify(ctx, bad); err == nil {
				t.Errorf("%q passes for a kept checkpoint", bad)
			}
		}
		for _, bad := range []string{"hello\n\nworld\n", strings.Replace(kept, "\n30\n", "\n29\n", 1), otherLog(t)} {
			if r := verify(t, l, bad); !r.Has(audit.Signature) {
				t.Errorf("%q passes for a kept checkpoint: %s", bad, told(r))
			}
		}
	}, audit.Schema)
}

func otherLog(t *testing.T) string {
	d := webtest.OpenDB(t, webtest.SQLite(t, time.Now), audit.Schema)
	fill(t, d, 3)
	kept, err := audit.NewLog(d, newKey(t, 2)).Take(ctx, "bilal")
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
