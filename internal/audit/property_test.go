package audit_test

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

func TestWhateverIsAppendedVerifies(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(r *rapid.T) {
			empty(t, d)
			l := newLog(t, d)
			total := 0
			for range rapid.IntRange(1, 8).Draw(r, "transactions") {
				n := rapid.IntRange(0, 40).Draw(r, "entries")
				var all []audit.Entry
				for range n {
					all = append(all, audit.Entry{
						Act:    rapid.SampledFrom([]audit.Act{audit.CaseViewed, audit.SignedIn, "case.note.added"}).Draw(r, "act"),
						Case:   rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(r, "case"),
						Of:     rapid.StringMatching(`[A-Za-z0-9._:@/+-]{0,20}`).Draw(r, "of"),
						Detail: rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(r, "detail"),
					})
				}
				add(t, d, rapid.StringMatching(`[a-z0-9]{0,26}`).Draw(r, "who"), all...)
				total += n
				if rapid.Bool().Draw(r, "sequence") {
					sequence(t, l)
				}
			}
			if report := verify(t, l); !report.Sound() || report.Size+report.Waiting != int64(total) {
				r.Fatal(told(report))
			}
			sequence(t, l)
			if report := verify(t, l); !report.Sound() || report.Size != int64(total) {
				r.Fatal(told(report))
			}
		})
	}, audit.Schema)
}

// cell is one column, with those that name its row.
type cell struct{ table, column, kind, key, second string }

var cells = []cell{
	{"audit_entry", "id", "text", "place", "place"}, {"audit_entry", "at", "text", "place", "place"}, {"audit_entry", "who", "text", "place", "place"},
	{"audit_entry", "act", "text", "place", "place"}, {"audit_entry", "casefile", "text", "place", "place"}, {"audit_entry", "about", "text", "place", "place"},
	{"audit_entry", "case_no", "number", "place", "place"}, {"audit_entry", "detail", "bytes", "place", "place"}, {"audit_entry", "digest", "bytes", "place", "place"},
	{"audit_entry", "place", "number", "place", "place"}, {"audit_case", "last", "number", "last", "last"}, {"audit_case", "casefile", "text", "last", "last"},
	{"audit_tile", "hashes", "bytes", "level", "n"}, {"audit_tile", "level", "number", "level", "n"}, {"audit_tile", "n", "number", "level", "n"},
	{"audit_head", "size", "number", "one", "one"}, {"audit_head", "root", "bytes", "one", "one"}, {"audit_head", "signed", "text", "one", "one"},
}

func TestOneByteChangedAnywhereInTheTreeIsFound(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		fill(t, d, 300)
		for i := range 15 { // so that the counters stay apart when one of them is changed
			add(t, d, "amara", audit.Entry{Act: audit.CaseViewed, Case: []string{"case-1", "case-2", "case-2"}[i%3]})
		}
		sequence(t, l)
		rapid.Check(t, func(r *rapid.T) {
			c := rapid.SampledFrom(cells).Draw(r, "cell")
			firsts := column[int64](t, d, fmt.Sprintf(`select %s from %s order by %s, %s`, c.key, c.table, c.key, c.second))
			seconds := column[int64](t, d, fmt.Sprintf(`select %s from %s order by %s, %s`, c.second, c.table, c.key, c.second))
			i := rapid.IntRange(0, len(firsts)-1).Draw(r, "row")
			key := map[string]int64{c.key: firsts[i], c.second: seconds[i]}
			before, after := drawChange(t, d, r, c, key)
			if !change(t, d, c, key, after) {
				return // the database itself refused it
			}
			if report := verify(t, l); report.Sound() {
				r.Errorf("%s.%s: from %v to %v was not found", c.table, c.column, before, after)
			}
			if _, names := key[c.column]; names {
				key[c.column] = after.(int64)
			}
			change(t, d, c, key, before)
		})
		if report := verify(t, l); !report.Sound() {
			t.Errorf("put back: %s", told(report))
		}
	}, audit.Schema)
}

func change(t *testing.T, d *db.DB, c cell, key map[string]int64, to any) bool {
	t.Helper()
	err := d.Write(ctx, "forger", func(tx *db.Tx) error {
		n, err := tx.Exec(fmt.Sprintf(`update %s set %s = $3 where %s = $1 and %s = $2`, c.table, c.column, c.key, c.second), key[c.key], key[c.second], to)
		if err == nil && n != 1 {
			t.Fatalf("%+v: %d rows changed", c, n)
		}
		return err
	})
	return err == nil
}

// drawChange gives a value with one byte changed, or another number.
func drawChange(t *testing.T, d *db.DB, r *rapid.T, c cell, key map[string]int64) (before, after any) {
	query := fmt.Sprintf(`select %s from %s where %s = $1 and %s = $2`, c.column, c.table, c.key, c.second)
	args := []any{key[c.key], key[c.second]}
	switch c.kind {
	case "number":
		old := column[int64](t, d, query, args...)[0]
		return old, old + rapid.SampledFrom([]int64{-1, 1, 2, 1000, 1 << 40}).Draw(r, "more")
	case "text":
		old := column[string](t, d, query, args...)[0]
		if old == "" {
			return old, "x"
		}
		at := rapid.IntRange(0, len(old)-1).Filter(func(i int) bool { return old[i] < 128 }).Draw(r, "at") // it stays text
		letter := rapid.SampledFrom([]byte("abcxyzABC019.-\n ")).Filter(func(b byte) bool { return b != old[at] }).Draw(r, "letter")
		return old, old[:at] + string(letter) + old[at+1:]
	}
	old := column[[]byte](t, d, query, args...)[0]
	if len(old) == 0 {
		return []byte{}, []byte{1}
	}
	changed := append([]byte{}, old...)
	changed[rapid.IntRange(0, len(old)-1).Draw(r, "at")] ^= byte(rapid.IntRange(1, 255).Draw(r, "bits"))
	return old, changed
}

func column[T any](t *testing.T, d *db.DB, query string, args ...any) (all []T) {
	t.Helper()
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) { all, err = db.All(tx, db.Of[T], query, args...); return err })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Our short way to a root is that of the checksum database.
func TestTheRootIsThatOfTheTree(t *testing.T) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (all []tlog.Hash, err error) {
		for _, i := range indexes {
			all = append(all, stored[i])
		}
		return all, nil
	})
	var leaves []tlog.Hash
	for n := range int64(600) {
		leaf := tlog.RecordHash(fmt.Append(nil, n))
		hashes, err := tlog.StoredHashesForRecordHash(n, leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored, leaves = append(stored, hashes...), append(leaves, leaf)
		want, err := tlog.TreeHash(n+1, reader)
		if err != nil || audit.RootOf(leaves) != want {
			t.Fatalf("at %d entries: %v", n+1, err)
		}
	}
}
