package audit_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

// forger has the database in hand, by raw SQL, and the key that signs checkpoints.
type forger struct {
	t      *testing.T
	tx     *db.Tx
	at, no int64 // the place and the number of an entry of case-0 somewhere in the middle
}

func (f forger) do(query string, args ...any) {
	f.t.Helper()
	if _, err := f.tx.Exec(query, args...); err != nil {
		f.t.Fatal(err)
	}
}

// forge runs raw SQL on the log.
func forge(t *testing.T, d *db.DB, what func(forger), middle ...int64) {
	t.Helper()
	if what == nil {
		return
	}
	middle = append(middle, 0, 0)
	if err := d.Write(ctx, "forger", func(tx *db.Tx) error { what(forger{t, tx, middle[0], middle[1]}); return nil }); err != nil {
		t.Fatal(err)
	}
}

// signAgain makes a new tree over whatever stands there, and signs it with the right key.
func signAgain(t *testing.T, d *db.DB) {
	t.Helper()
	forge(t, d, func(f forger) {
		f.do(`delete from audit_tile`)
		f.do(`update audit_head set size = 0, root = '', signed = '', holder = ''`)
		f.do(`update audit_entry set place = null where place is not null`)
	})
	sequence(t, newLog(t, d))
}

const (
	entries = 700
	target  = -1000 // stands for the place of the entry in the middle
)

// middle finds an entry of case-0 somewhere in the middle.
func middle(t *testing.T, d *db.DB) (at, no int64) {
	t.Helper()
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) {
		if at, err = db.One(tx, db.Of[int64], `select min(place) from audit_entry where casefile = 'case-0' and place >= 100`); err != nil {
			return err
		}
		no, err = db.One(tx, db.Of[int64], `select case_no from audit_entry where place = $1`, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return at, no
}

// digest is what goes with a detail that a forger writes.
func digest(detail string) []byte { sum := sha256.Sum256([]byte(detail)); return sum[:] }

// shift makes or closes a hole in the order; the index that forbids two entries at one place goes first.
func (f forger) shift(from int64, by int) {
	f.do(`drop index if exists audit_entry_place`)
	f.do(`update audit_entry set place = place + $1 where place >= $2`, by, from)
}

var tamperings = []struct {
	what  string
	do    func(forger)
	kinds []audit.Kind // each must be found
	place int64        // of the first kind; -1 when it has none
	hide  func(forger) // what a careful forger does as well, before signing again
	shows []audit.Kind // what shows even then, without a kept checkpoint; mostly nothing
	cut   bool         // a kept checkpoint says cut, not rewritten
}{
	{what: "who acted is altered", kinds: []audit.Kind{audit.Altered}, place: target,
		do: func(f forger) { f.do(`update audit_entry set who = 'person-9' where place = $1`, f.at) }},
	{what: "the act is altered", kinds: []audit.Kind{audit.Altered}, place: target,
		do: func(f forger) { f.do(`update audit_entry set act = 'case.printed' where place = $1`, f.at) }},
	{what: "the moment is altered", kinds: []audit.Kind{audit.Altered}, place: target,
		do: func(f forger) {
			f.do(`update audit_entry set at = '2020-01-01T00:00:00.000Z' where place = $1`, f.at)
		}},
	{what: "what was seen is altered", kinds: []audit.Kind{audit.Altered}, place: target,
		do: func(f forger) { f.do(`update audit_entry set about = 'sheet-9' where place = $1`, f.at) }},
	{what: "the sealed detail is altered", kinds: []audit.Kind{audit.Detail}, place: target,
		do:   func(f forger) { f.do(`update audit_entry set detail = $1 where place = $2`, []byte("forged"), f.at) },
		hide: func(f forger) { f.do(`update audit_entry set digest = $1 where place = $2`, digest("forged"), f.at) }},
	{what: "the sealed detail is altered with its digest", kinds: []audit.Kind{audit.Altered}, place: target,
		do: func(f forger) {
			f.do(`update audit_entry set detail = $1, digest = $2 where place = $3`, []byte("forged"), digest("forged"), f.at)
		}},
	{what: "one entry is deleted", kinds: []audit.Kind{audit.Removed, audit.Gap}, place: target, cut: true,
		do: func(f forger) { f.do(`delete from audit_entry where place = $1`, f.at) },
		// Its case lacks a number then, and this shows as long as the numbers behind it are not moved up as well.
		shows: []audit.Kind{audit.Gap}},
	{what: "one entry is deleted, and those behind it move up", kinds: []audit.Kind{audit.Removed, audit.Gap}, place: target, cut: true,
		do: func(f forger) { f.do(`delete from audit_entry where place = $1`, f.at); f.shift(f.at, -1) },
		hide: func(f forger) {
			f.do(`drop index audit_entry_case`)
			f.do(`update audit_entry set case_no = case_no - 1 where casefile = 'case-0' and case_no > $1`, f.no)
			f.do(`update audit_case set last = last - 1 where casefile = 'case-0'`)
		}},
	{what: "the last entries are deleted", kinds: []audit.Kind{audit.Removed, audit.Gap}, place: entries - 30, cut: true,
		do: func(f forger) { f.do(`delete from audit_entry where place >= $1`, entries-30) },
		hide: func(f forger) {
			f.do(`update audit_case set last = (select max(case_no) from audit_entry where audit_entry.casefile = audit_case.casefile)`)
		}},
	{what: "a forged entry is put into the middle", kinds: []audit.Kind{audit.Added, audit.Gap}, place: target,
		do: func(f forger) {
			f.shift(f.at, 1)
			f.do(`insert into audit_entry (id, at, who, act, casefile, case_no, about, detail, digest, place)
				select 'forged', at, 'person-9', act, 'case-0', 176, about, detail, digest, $1 from audit_entry where place = $2`, f.at, f.at+1)
		},
		hide: func(f forger) { f.do(`update audit_case set last = 176 where casefile = 'case-0'`) }},
	{what: "a forged entry is put behind the end", kinds: []audit.Kind{audit.Added, audit.Gap}, place: entries,
		do: func(f forger) {
			f.do(`insert into audit_entry (id, at, who, act, casefile, case_no, about, detail, digest, place)
				select 'zzforged', at, 'person-9', act, 'case-0', 176, about, detail, digest, $1 from audit_entry where place = $2`, entries, f.at)
		},
		hide: func(f forger) {
			f.do(`update audit_case set last = 176 where casefile = 'case-0'`)
			f.do(`update audit_entry set at = '2020-01-01T00:00:00.000Z' where id = 'zzforged'`)
		}},
	{what: "two entries change places", kinds: []audit.Kind{audit.Reordered}, place: target,
		do: func(f forger) {
			f.do(`update audit_entry set place = -1 where place = $1`, f.at)
			f.do(`update audit_entry set place = $1 where place = $2`, f.at, f.at+200)
			f.do(`update audit_entry set place = $1 where place = -1`, f.at+200)
		},
		hide: func(f forger) {
			f.do(`update audit_entry set at = 'x' where place = $1`, f.at)
			f.do(`update audit_entry set at = (select at from audit_entry where place = $1) where place = $2`, f.at+200, f.at)
		}},
	{what: "an entry gets a place far behind the end", kinds: []audit.Kind{audit.Reordered}, place: entries + 1000,
		do: func(f forger) { f.do(`update audit_entry set place = $1 where place = $2`, entries+1000, f.at) },
		hide: func(f forger) {
			f.do(`update audit_entry set at = '2099-01-01T00:00:00.000Z' where place = $1`, entries+1000)
		}},
	{what: "a case is numbered anew", kinds: []audit.Kind{audit.Altered, audit.Gap}, place: target,
		do: func(f forger) {
			f.do(`drop index audit_entry_case`)
			f.do(`update audit_entry set case_no = case_no + 1 where place = $1`, f.at)
		},
		hide: func(f forger) {
			f.do(`update audit_entry set case_no = case_no - 1 where casefile = 'case-0' and case_no = $1 and place <> $2`, f.no+1, f.at)
		}},
	{what: "an entry is moved to another case", kinds: []audit.Kind{audit.Altered, audit.Gap}, place: target,
		do: func(f forger) {
			f.do(`update audit_entry set casefile = 'case-2', case_no = 176 where place = $1`, f.at)
		},
		shows: []audit.Kind{audit.Gap}},
	{what: "an entry is moved from a case to none", kinds: []audit.Kind{audit.Altered, audit.Gap}, place: target,
		do: func(f forger) { f.do(`update audit_entry set casefile = '', case_no = 0 where place = $1`, f.at) },
		hide: func(f forger) {
			f.do(`drop index audit_entry_case`)
			f.do(`update audit_entry set case_no = case_no - 1 where casefile = 'case-0' and case_no > $1`, f.no)
			f.do(`update audit_case set last = last - 1 where casefile = 'case-0'`)
		}},
	{what: "the end is written anew", kinds: []audit.Kind{audit.Altered}, place: entries - 30,
		do: func(f forger) { f.do(`update audit_entry set who = 'person-9' where place >= $1`, entries-30) }},
	{what: "the stored hash is altered with the entry", kinds: []audit.Kind{audit.Tree, audit.Signature}, place: -1,
		do: func(f forger) {
			f.do(`update audit_entry set who = 'person-9' where place = $1`, f.at)
			hashes, err := db.One(f.tx, db.Of[[]byte], `select hashes from audit_tile where level = 0 and n = 0`)
			if err != nil {
				f.t.Fatal(err)
			}
			leaf := audit.LeafHash(f.t, f.tx, f.at)
			copy(hashes[32*f.at:], leaf[:])
			f.do(`update audit_tile set hashes = $1 where level = 0 and n = 0`, hashes)
		}},
	{what: "a stored hash is altered", kinds: []audit.Kind{audit.Altered, audit.Tree}, place: 0,
		do: func(f forger) {
			hashes, err := db.One(f.tx, db.Of[[]byte], `select hashes from audit_tile where level = 0 and n = 0`)
			if err != nil {
				f.t.Fatal(err)
			}
			hashes[0] ^= 1
			f.do(`update audit_tile set hashes = $1 where level = 0 and n = 0`, hashes)
		}},
	{what: "an upper tile is altered", kinds: []audit.Kind{audit.Tree}, place: -1,
		do: func(f forger) {
			f.do(`update audit_tile set hashes = $1 where level = 1`, make([]byte, 64))
		}},
	{what: "a tile is deleted", kinds: []audit.Kind{audit.Tree}, place: -1,
		do: func(f forger) { f.do(`delete from audit_tile where level = 0 and n = 1`) }},
	{what: "a tile is added", kinds: []audit.Kind{audit.Tree}, place: -1,
		do: func(f forger) {
			f.do(`insert into audit_tile (level, n, hashes) values (3, 0, $1)`, make([]byte, 32))
		}},
	{what: "the checkpoint is lost", kinds: []audit.Kind{audit.Signature}, place: -1,
		do: func(f forger) { f.do(`update audit_head set signed = ''`) }},
	{what: "the end is cut off the tree as well", kinds: []audit.Kind{audit.Signature, audit.Gap}, place: -1, cut: true,
		do: func(f forger) {
			f.do(`delete from audit_entry where place >= 512`)
			f.do(`delete from audit_tile where level = 0 and n >= 2`)
			f.do(`update audit_head set size = 512`)
		},
		hide: func(f forger) {
			f.do(`update audit_case set last = (select max(case_no) from audit_entry where audit_entry.casefile = audit_case.casefile)`)
		}},
}

// withKept returns the log with 700 entries and a checkpoint that was kept elsewhere.
func withKept(t *testing.T, d *db.DB) (*audit.Log, string) {
	t.Helper()
	l := newLog(t, d)
	fill(t, d, entries)
	kept, err := l.Take(ctx, "amara")
	if err != nil {
		t.Fatal(err)
	}
	return l, kept
}

func TestEachTamperingByRawSQLIsFoundAndNamed(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		for _, try := range tamperings {
			t.Run(try.what, func(t *testing.T) {
				empty(t, d)
				l, kept := withKept(t, d)
				if r := verify(t, l, kept); !r.Sound() || r.Kept != 1 {
					t.Fatal(told(r))
				}
				at, no := middle(t, d)
				forge(t, d, try.do, at, no)
				r := verify(t, l)
				place := try.place
				if place == target || place == target+200 {
					place += at - target
				}
				for i, kind := range try.kinds {
					if !r.Has(kind) {
						t.Errorf("not found to be %s: %s", kind, told(r))
					}
					if i > 0 || try.place < 0 {
						continue
					}
					for _, f := range r.Findings {
						if f.Kind == kind {
							if f.Place != place {
								t.Errorf("named at place %d, not %d: %s", f.Place, place, told(r))
							}
							break
						}
					}
				}
				if words := told(r); strings.Contains(words, "as far as the log can tell") || !strings.Contains(words, "Keep a copy") {
					t.Error(words)
				}
			})
		}
	}, audit.Schema)
}

// The same with the signing key: what was forged is signed again, as if it had always been so.
func TestWhatIsSignedAgainShowsAgainstAKeptCheckpointAlone(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		for _, try := range tamperings {
			if strings.Contains(try.what, "tile") || strings.Contains(try.what, "checkpoint") || try.what == "a stored hash is altered" {
				continue // signing again mends these
			}
			t.Run(try.what, func(t *testing.T) {
				empty(t, d)
				_, kept := withKept(t, d)
				at, no := middle(t, d)
				forge(t, d, try.do, at, no)
				forge(t, d, try.hide, at, no)
				// The log itself remembers that a checkpoint was taken; whoever overlooks that is betrayed by it.
				signAgain(t, d)
				if r := verify(t, newLog(t, d)); !r.Has(audit.Rewritten) && !try.cut {
					t.Errorf("the log does not remember its checkpoint: %s", told(r))
				}
				forge(t, d, func(f forger) { f.do(`delete from audit_entry where act = 'log.checkpoint-taken'`) })
				signAgain(t, d)
				l := newLog(t, d)
				// This is what stays invisible to whoever kept no checkpoint. docs/security.md says so.
				if r := verify(t, l); len(try.shows) == 0 && !r.Sound() {
					t.Errorf("it shows after all; say so in docs/security.md: %s", told(r))
				} else if len(try.shows) > 0 && !r.Has(try.shows[0]) {
					t.Errorf("it does not show: %s", told(r))
				}
				want := audit.Rewritten
				if try.cut {
					want = audit.Cut
				}
				if r := verify(t, l, kept); !r.Has(want) || r.Kept != 0 {
					t.Errorf("not found to be %s: %s", want, told(r))
				}
			})
		}
	}, audit.Schema)
}

// With several kept checkpoints it is told up to when all was well.
func TestSeveralKeptCheckpointsSayWhenTheForgerCame(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		kept := ""
		for range 3 {
			fill(t, d, 100)
			signed, err := l.Take(ctx, "amara")
			if err != nil {
				t.Fatal(err)
			}
			kept += signed + "\n"
		}
		forge(t, d, func(f forger) { f.do(`update audit_entry set who = 'person-9' where place = 150`) })
		signAgain(t, d)
		r := verify(t, newLog(t, d), kept)
		words := told(r)
		if r.Kept != 1 || !strings.Contains(words, "the first 201 entries are not those") || !strings.Contains(words, "It agrees with the one of") {
			t.Error(words)
		}
	}, audit.Schema)
}

// What nothing vouches for: an entry that waits, for about a second, and one that a forger adds at the end as if it had
// just happened. docs/security.md says so.
func TestWhatStaysInvisibleEvenWithAKeptCheckpoint(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		l, kept := withKept(t, d)
		sequence(t, l)
		add(t, d, "amara", audit.Entry{Act: audit.SignedIn})
		forge(t, d, func(f forger) { f.do(`update audit_entry set who = 'person-9' where place is null`) })
		if r := verify(t, l, kept); !r.Sound() || r.Waiting != 1 {
			t.Errorf("a waiting entry that was altered shows after all: %s", told(r))
		}
		forge(t, d, func(f forger) { f.do(`delete from audit_entry where place is null`) })
		if r := verify(t, l, kept); !r.Sound() || r.Waiting != 0 {
			t.Errorf("a waiting entry that was deleted shows after all: %s", told(r))
		}
		forge(t, d, func(f forger) {
			f.do(`insert into audit_entry (id, at, who, act, casefile, case_no, about, detail, digest)
				select $1, at, 'person-9', 'account.signed-in', '', 0, '', detail, digest from audit_entry where place = $2`, fmt.Sprint("zz", 1), entries)
		})
		sequence(t, l)
		if r := verify(t, l, kept); !r.Sound() || r.Size != entries+2 {
			t.Errorf("a forged entry at the end shows after all: %s", told(r))
		}
		// One that waits and belongs to a case is missed all the same, by its number.
		add(t, d, "amara", audit.Entry{Act: audit.CaseViewed, Case: "case-0"})
		forge(t, d, func(f forger) { f.do(`delete from audit_entry where place is null`) })
		if r := verify(t, l, kept); !r.Has(audit.Gap) {
			t.Error(told(r))
		}
	}, audit.Schema)
}

// empty makes the log as new, indexes included, whatever a forger did. It is faster than another database.
func empty(t *testing.T, d *db.DB) {
	t.Helper()
	forge(t, d, func(f forger) {
		for _, table := range []string{"audit_entry", "audit_case", "audit_tile"} {
			f.do(`delete from ` + table)
		}
		f.do(`update audit_head set size = 0, root = '', signed = '', holder = '', fence = 0`)
		f.do(`create unique index if not exists audit_entry_place on audit_entry (place) where place is not null`)
		f.do(`create unique index if not exists audit_entry_case on audit_entry (casefile, case_no) where casefile <> ''`)
	})
}
