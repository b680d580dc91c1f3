package casework

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/form"
)

// invented makes children whose names are as unevenly spread as names are: a few are very common, most are rare. They
// belong to nobody.
type invented struct {
	chance        *rand.Rand
	given, family []string
	pickGiven     *rand.Zipf
	pickFamily    *rand.Zipf
}

func newInvented(seed uint64) *invented {
	n := &invented{chance: rand.New(rand.NewPCG(seed, 1))}
	n.given, n.family = n.names(3_000, 2), n.names(30_000, 3)
	n.pickGiven = rand.NewZipf(n.chance, 1.15, 8, uint64(len(n.given)-1))
	n.pickFamily = rand.NewZipf(n.chance, 1.15, 20, uint64(len(n.family)-1))
	return n
}

func (n *invented) names(count, syllables int) []string {
	first := []string{"b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "sh", "t", "y", "z", "kh", "j", "", "tr", "gh"}
	vowel := []string{"a", "e", "i", "o", "u", "aa", "ai", "ou"}
	last := []string{"", "", "", "n", "m", "r", "l", "s", "d", "sh"}
	seen := map[string]bool{}
	var all []string
	for len(all) < count {
		var b strings.Builder
		for range syllables {
			b.WriteString(first[n.chance.IntN(len(first))] + vowel[n.chance.IntN(len(vowel))])
		}
		b.WriteString(last[n.chance.IntN(len(last))])
		if !seen[b.String()] {
			seen[b.String()] = true
			all = append(all, b.String())
		}
	}
	return all
}

// child is one child as a record holds it: two names, and a birth date that for one in four is only a year.
func (n *invented) child() form.Answers {
	name := n.given[n.pickGiven.Uint64()] + " " + n.family[n.pickFamily.Uint64()]
	born := fmt.Sprintf("%04d-%02d-%02d", 2008+n.chance.IntN(12), 1+n.chance.IntN(12), 1+n.chance.IntN(28))
	if n.chance.IntN(4) == 0 {
		born = born[:4]
	}
	return childNamed(name, born)
}

// again is the same child as another office writes it: a letter of the name another one, a number swapped in the date.
func (n *invented) again(a form.Answers) form.Answers {
	name, born := a[childNames].Words, a[childBorn].Words
	swap := map[string]string{"a": "e", "i": "y", "ou": "u", "kh": "k", "sh": "ch", "aa": "a", "o": "u"}
	for _, from := range []string{"aa", "ou", "kh", "sh", "a", "i", "o"} {
		if strings.Contains(name, from) && n.chance.IntN(2) == 0 {
			name = strings.Replace(name, from, swap[from], 1)
			break
		}
	}
	if n.chance.IntN(3) == 0 {
		born = born[:4]
	}
	return childNamed(name, born)
}

// TestHowOftenAnotherChildIsTakenForTheSame measures: what share of children who have no record find one all the same,
// and what share of those who have one are found when another office writes them otherwise. Numbers in the log.
func TestHowOftenAnotherChildIsTakenForTheSame(t *testing.T) {
	children := 20_000
	if n, err := strconv.Atoi(os.Getenv("WAYMARK_CHILDREN")); err == nil {
		children = n
	}
	x, people := index(t), newInvented(7)
	day := clock.Date{Year: 2026, Month: 11, Day: 24}
	kept := map[[markBytes]byte][]int32{}
	some := map[int]form.Answers{}
	for i := range children {
		a := people.child()
		if i%(children/500) == 0 {
			some[i] = a
		}
		for _, mark := range findableBy(a, nil, day, "").stored(x, "team") {
			if m := [markBytes]byte(mark); len(kept[m]) < tooCommon {
				kept[m] = append(kept[m], int32(i))
			}
		}
	}
	look := func(a form.Answers) []int32 {
		var found []int32
		for _, mark := range findableBy(a, nil, day, "").sought(x) {
			if hits := kept[[markBytes]byte(mark)]; len(hits) < tooCommon {
				found = append(found, hits...)
			}
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	const asked = 2_000
	wrong, wrongOnes := 0, 0
	for range asked {
		if found := look(people.child()); len(found) > 0 {
			wrong++
			wrongOnes += len(found)
		}
	}
	right := 0
	for i, a := range some {
		if slices.Contains(look(people.again(a)), int32(i)) {
			right++
		}
	}
	t.Logf("among %d children: %.1f %% of those without a record find another's (%.2f each), %.1f %% of those with one are found again",
		children, 100*float64(wrong)/asked, float64(wrongOnes)/asked, 100*float64(right)/float64(len(some)))
	if children == 20_000 && (float64(wrong)/asked > .06 || float64(right)/float64(len(some)) < .95) {
		t.Error("worse than it was")
	}
}

// BenchmarkLookingForTheSameChild asks a database with many children: WAYMARK_CHILDREN of them, 100,000 unless told.
func BenchmarkLookingForTheSameChild(b *testing.B) {
	children := 100_000
	if n, err := strconv.Atoi(os.Getenv("WAYMARK_CHILDREN")); err == nil {
		children = n
	}
	d := filledWith(b, children)
	x, people := index(b), newInvented(9)
	day := clock.Date{Year: 2026, Month: 11, Day: 24}
	var took []time.Duration
	for b.Loop() {
		f := findableBy(people.child(), nil, day, "")
		began := time.Now()
		marks := f.sought(x)
		err := d.Read(context.Background(), "", func(tx *db.Tx) error { _, err := alike(tx, "", marks); return err })
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// filledWith is a database with so many children, their marks written in order so that it is made in minutes.
func filledWith(b *testing.B, children int) *db.DB {
	b.Helper()
	d, err := db.Open(db.Config{Folder: b.TempDir(), Name: "waymark", PageKey: bytes.Repeat([]byte{7}, 32), Now: time.Now, Sync: "OFF"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background(), "bench", Schema); err != nil {
		b.Fatal(err)
	}
	x, people := index(b), newInvented(7)
	day := clock.Date{Year: 2026, Month: 11, Day: 24}
	type row struct {
		mark [markBytes]byte
		of   int32
	}
	var rows []row
	for i := range children {
		for _, mark := range findableBy(people.child(), nil, day, "").stored(x, "team") {
			rows = append(rows, row{[markBytes]byte(mark), int32(i)})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return bytes.Compare(a.mark[:], b.mark[:]) })
	write := func(f func(tx *db.Tx) error) {
		if err := d.Write(context.Background(), "bench", f); err != nil {
			b.Fatal(err)
		}
	}
	id := func(i int32) string { return fmt.Sprintf("case%022d", i) }
	for from := 0; from < children; from += 50_000 {
		write(func(tx *db.Tx) error {
			for i := from; i < min(children, from+50_000); i++ {
				k := Case{ID: id(int32(i)), Ref: fmt.Sprintf("%08d", i), Team: fmt.Sprintf("team%d", i%40), Owner: "p", State: opened, OpenedAt: tx.Now, OpenedBy: "p", headline: 1, sealed: []byte{1}}
				if err := insertCase(tx, k, k.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for from := 0; from < len(rows); from += 100_000 {
		write(func(tx *db.Tx) error {
			for _, r := range rows[from:min(len(rows), from+100_000)] {
				if _, err := tx.Exec(`insert into lookup (mark, casefile, sheet) values ($1, $2, $3) on conflict do nothing`, r.mark[:], id(r.of), id(r.of)+".record-child"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	b.Logf("%d children, %d marks", children, len(rows))
	return d
}
