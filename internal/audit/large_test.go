package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

// Verify reads in parts of 65,536 entries. What was done across the border of two parts is named all the same.
func TestTamperingAcrossTheBorderOfTwoPartsIsNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes 66,000 entries; `make test` does it")
	}
	const border = 65_536
	cfg := webtest.SQLite(t, now)
	cfg.Sync = "OFF" // nothing here is about durability
	d := webtest.OpenDB(t, cfg, audit.Schema)
	l := newLog(t, d)
	write := func(n int) {
		err := d.Write(ctx, "amara", func(tx *db.Tx) error {
			for i := range n {
				if err := audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: fmt.Sprint("case-", i%500)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		sequence(t, l)
	}
	kept := ""
	keep := func() {
		signed, err := l.Take(ctx, "amara")
		if err != nil {
			t.Fatal(err)
		}
		kept += signed + "\n"
	}
	for range 16 {
		write(border/16 - 1)
		write(1)
	}
	keep() // exactly at the border, then one behind it
	sequence(t, l)
	keep()
	write(500)
	keep()
	if r := verify(t, l, kept); !r.Sound() || r.Kept != 3 || r.Size != border+502 || !strings.Contains(kept, "\n65536\n") || !strings.Contains(kept, "\n65537\n") {
		t.Fatal(told(r))
	}
	for _, try := range []struct {
		what     string
		do, undo func(forger)
		kind     audit.Kind
		place    int64
	}{
		{"two entries are exchanged", exchange(border-3, border+5), exchange(border-3, border+5), audit.Reordered, border - 3},
		{"an entry behind the border is altered",
			func(f forger) { f.do(`update audit_entry set who = 'bilal' where place = $1`, border+1) },
			func(f forger) { f.do(`update audit_entry set who = 'amara' where place = $1`, border+1) }, audit.Altered, border + 1},
		{"the tile of the third level is altered",
			func(f forger) { f.do(`update audit_tile set n = 7 where level = 2`) },
			func(f forger) { f.do(`update audit_tile set n = 0 where level = 2`) }, audit.Tree, -1},
		{"an entry before the border is deleted and all behind it move up",
			func(f forger) { f.do(`delete from audit_entry where place = 65000`); f.shift(65_000, -1) }, nil, audit.Removed, 65_000},
	} {
		forge(t, d, try.do)
		r := verify(t, l)
		named := false
		for _, f := range r.Findings {
			named = named || f.Kind == try.kind && f.Place == try.place
		}
		if !named || r.Has(audit.Reordered) && try.kind != audit.Reordered {
			t.Errorf("%s: %s", try.what, told(r))
		}
		forge(t, d, try.undo)
	}
}

func exchange(a, b int64) func(forger) {
	return func(f forger) {
		f.do(`update audit_entry set place = -1 where place = $1`, a)
		f.do(`update audit_entry set place = $1 where place = $2`, a, b)
		f.do(`update audit_entry set place = $1 where place = -1`, b)
	}
}
