package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

var (
	ctx = context.Background()
	now = time.Now
)

func add(t testing.TB, d *db.DB, who string, entries ...audit.Entry) {
	t.Helper()
	err := d.Write(ctx, who, func(tx *db.Tx) error {
		for _, e := range entries {
			if err := audit.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ofCase(t *testing.T, d *db.DB, id string, look audit.Look) (seen []audit.Seen) {
	t.Helper()
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) { seen, err = audit.OfCase(tx, id, look); return err })
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestTheTeamSeesWhoHasLooked(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	webtest.OnBothAt(t, func() time.Time { return at }, func(t *testing.T, d *db.DB) {
		add(t, d, "amara", audit.Entry{Act: audit.CaseOpened, Case: "c1"}, audit.Entry{Act: audit.CaseViewed, Case: "c2"})
		add(t, d, "amara", audit.Entry{Act: audit.SignedIn})
		at = at.Add(time.Hour)
		add(t, d, "bilal", audit.Entry{Act: audit.CaseViewed, Case: "c1", Of: "sheet-7", Detail: []byte{1, 2}}, audit.Entry{Act: audit.CasePrinted, Case: "c1"})

		got := fmt.Sprint(ofCase(t, d, "c1", audit.Look{}))
		want := "[{3 2026-11-24 03:00:00 +0000 UTC bilal case.printed  []} {2 2026-11-24 03:00:00 +0000 UTC bilal case.viewed sheet-7 [1 2]} {1 2026-11-24 02:00:00 +0000 UTC amara case.opened  []}]"
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if views := ofCase(t, d, "c1", audit.Look{Acts: []audit.Act{audit.CaseViewed, audit.CaseOpened}, Since: at}); len(views) != 1 || views[0].Who != "bilal" {
			t.Errorf("views of the last hour: %v", views)
		}
		if next := ofCase(t, d, "c1", audit.Look{Before: 3, Limit: 1}); len(next) != 1 || next[0].Number != 2 {
			t.Errorf("the next page: %v", next)
		}
		d.Read(ctx, "", func(tx *db.Tx) error {
			if latest, err := audit.Latest(tx); err != nil || !latest.Equal(at) {
				t.Errorf("latest %v %v", latest, err)
			}
			return nil
		})
		at = at.Add(-time.Hour)
	}, audit.Schema)
}

func TestAnActThatFailsLeavesNoTraceAndNoGap(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		add(t, d, "amara", audit.Entry{Act: audit.CaseViewed, Case: "c1"})
		broken := errors.New("broken")
		err := d.Write(ctx, "amara", func(tx *db.Tx) error {
			if err := audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: "c1"}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		add(t, d, "amara", audit.Entry{Act: audit.CaseViewed, Case: "c1"})
		if seen := ofCase(t, d, "c1", audit.Look{}); len(seen) != 2 || seen[0].Number != 2 {
			t.Errorf("%v", seen)
		}
	}, audit.Schema)
}

func TestWordsDoNotGetIntoTheLogNorIntoItsErrors(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		for _, bad := range []audit.Entry{
			{Act: audit.CaseViewed, Of: "Tesfalem Ohenhen"}, {Act: audit.CaseViewed, Case: "Tesfalem\nact x"},
			{Act: "looked at Tesfalem"}, {}, {Act: audit.CaseViewed, Of: "ንግስት"}, {Act: audit.CaseViewed, Of: strings.Repeat("x", 121)},
		} {
			err := d.Write(ctx, "amara", func(tx *db.Tx) error { return audit.Append(tx, bad) })
			if err == nil || strings.Contains(err.Error(), "Ohenhen") {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	}, audit.Schema)
}

// On PostgreSQL a transaction that read too widely makes others fail and begin again. Those about different cases must not.
func TestThoseWhoWriteAboutDifferentCasesNeverWaitForEachOther(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		const writers, each = 4, 50
		var runs atomic.Int64
		var wait, sequencing sync.WaitGroup
		stop := make(chan struct{})
		l := newLog(t, d)
		sequencing.Go(func() { // far more often than once a second
			for {
				if _, err := l.Sequence(ctx); err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
				}
			}
		})
		for w := range writers {
			wait.Go(func() {
				for range each {
					err := d.Write(ctx, "amara", func(tx *db.Tx) error {
						runs.Add(1)
						return audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: fmt.Sprint("c", w)})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		close(stop)
		sequencing.Wait()
		if n := runs.Load(); n != writers*each {
			t.Errorf("%d transactions began again", n-writers*each)
		}
		for w := range writers {
			if seen := ofCase(t, d, fmt.Sprint("c", w), audit.Look{}); len(seen) != each || seen[0].Number != each {
				t.Errorf("case %d has %d entries", w, len(seen))
			}
		}
	}, audit.Schema)
}

func TestThoseWhoWriteAboutOneCaseLoseNothing(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		const writers, each = 3, 20
		var kept atomic.Int64
		var wait sync.WaitGroup
		for range writers {
			wait.Go(func() {
				for range each {
					err := d.Write(ctx, "amara", func(tx *db.Tx) error {
						return audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: "c1"})
					})
					if err == nil {
						kept.Add(1)
					}
				}
			})
		}
		wait.Wait()
		seen := ofCase(t, d, "c1", audit.Look{Limit: 1000})
		if int64(len(seen)) != kept.Load() || kept.Load() == 0 || seen[0].Number != kept.Load() {
			t.Errorf("%d kept, %d seen", kept.Load(), len(seen))
		}
	}, audit.Schema)
}
