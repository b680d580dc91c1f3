package casework

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/form"
)

// field is one question as two people use it, kept in memory: the rules of decide, without a database.
type field struct{ versions []Version }

func (f *field) save(author, words string, draft bool, based ...int64) bool {
	given := form.Answer{Words: words}
	if draft {
		given = form.Answer{Draft: words}
	}
	n := decide(given, draft, based, author, f.versions)
	if !n.Add {
		return false
	}
	for i := range f.versions {
		if slices.Contains(n.Over, f.versions[i].Number) {
			f.versions[i].Standing = false
		}
	}
	f.versions = append(f.versions, Version{Number: int64(len(f.versions) + 1), Over: n.Over, Author: author, Draft: draft, Standing: true, Answer: n.Answer})
	return true
}

func (f *field) String() string {
	out := ""
	for _, v := range f.versions {
		if v.Standing {
			out += fmt.Sprintf("%d:%s%s ", v.Number, v.Answer.Words, v.Answer.Draft)
		}
	}
	return out
}

func TestWhatTwoPeopleWriteAtOnceStandsSideBySideUntilOneChooses(t *testing.T) {
	var f field
	f.save("ana", "sixteen", false)
	f.save("ana", "16", false, 1)
	f.save("ben", "17", false, 1) // ben's page is older
	if f.String() != "2:16 3:17 " {
		t.Fatalf("%s", &f)
	}
	f.save("ana", "16, he says", false, 2) // ana goes on and has not seen ben's
	if f.String() != "3:17 4:16, he says " {
		t.Fatalf("%s", &f)
	}
	f.save("ben", "17", false, 3, 4) // ben chooses his own
	if f.String() != "5:17 " || len(f.versions) != 5 {
		t.Fatalf("%s", &f)
	}
}

func TestAPostThatArrivesTwiceCountsOnce(t *testing.T) {
	var f field
	f.save("ana", "Tesfay", false)
	if f.save("ana", "Tesfay", false) || f.save("ana", "Tesfay", false, 1) {
		t.Error("doubled")
	}
	f.save("ana", "Tesfaye", false, 1)
	if f.save("ana", "Tesfaye", false, 1) || f.String() != "2:Tesfaye " {
		t.Errorf("%s", &f)
	}
	if f.save("ben", "Tesfay", false, 1) { // ben did not touch the field; his page was only older
		t.Errorf("%s", &f)
	}
	if f.save("ben", "Tesfaye", false, 1) {
		t.Errorf("two people wrote the same: %s", &f)
	}
}

func TestADraftNeverTakesThePlaceOfAnAnswer(t *testing.T) {
	var f field
	f.save("ana", "2010-05", false)
	f.save("ana", "31 31 2010", true, 1)
	if f.String() != "1:2010-05 2:31 31 2010 " || standingOf(f.versions).Answer().Words != "2010-05" || standingOf(f.versions).Shown().Draft != "31 31 2010" {
		t.Fatalf("%s", &f)
	}
	f.save("ana", "31 12 201", true, 1, 2)
	f.save("ana", "2010-12-31", false, 1, 3)
	if f.String() != "4:2010-12-31 " {
		t.Fatalf("%s", &f)
	}
}

// Whatever two people do with pages of any age: what somebody was told is saved stands, or they themselves took it
// back, or somebody who saw it did.
func TestNothingThatWasSavedIsEverLostUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f field
		pages := map[string][]int64{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			who := rapid.SampledFrom([]string{"ana", "ben", "eva"}).Draw(t, "who")
			if rapid.Bool().Draw(t, "reload") {
				pages[who] = readNumbers(standingOf(f.versions).Based())
				continue
			}
			before := slices.Clone(f.versions)
			words := rapid.SampledFrom([]string{"a", "b", "c", ""}).Draw(t, "words")
			draft := words != "" && rapid.IntRange(0, 4).Draw(t, "draft") == 0
			f.save(who, words, draft, pages[who]...)
			for i, was := range before {
				if is := f.versions[i]; was.Standing && !is.Standing && was.Author != who && !slices.Contains(pages[who], was.Number) {
					t.Fatalf("%s wrote over %d, which they had not seen", who, was.Number)
				}
			}
			s := standingOf(f.versions)
			kept := slices.ContainsFunc(f.versions, func(v Version) bool {
				return v.Standing && v.Draft == draft && (v.Answer.Words == words || v.Answer.Draft == words)
			})
			touched := !sameAnswer(form.Answer{Words: words}, shownAt(before, pages[who]))
			if touched && !draft && !kept && words != "" {
				t.Fatalf("%s saved %q, and it does not stand: %v", who, words, s)
			}
		}
	})
}

func shownAt(versions []Version, based []int64) form.Answer {
	var saw standing
	for _, v := range versions {
		if slices.Contains(based, v.Number) {
			saw.add(v)
		}
	}
	return saw.Shown()
}

func TestTwoWhoTickDifferentLinesOfOneListAreBothKept(t *testing.T) {
	list := func(pairs ...string) form.Answer {
		a := form.Answer{Observed: map[string]form.Observed{}}
		for i := 0; i < len(pairs); i += 2 {
			a.Observed[pairs[i]] = form.Observed{How: pairs[i+1]}
		}
		return a
	}
	base := list("bed", "not-done")
	for name, one := range map[string]struct {
		mine, theirs, want form.Answer
		ok                 bool
	}{
		"different lines":        {list("bed", "not-done", "police", "done"), list("bed", "done"), list("bed", "done", "police", "done"), true},
		"one takes back":         {list(), list("bed", "not-done", "food", "done"), list("food", "done"), true},
		"the same line":          {list("bed", "no-need"), list("bed", "done"), list("bed", "no-need"), false},
		"the same line the same": {list("bed", "done"), list("bed", "done", "food", "done"), list("bed", "done", "food", "done"), true},
	} {
		if got, ok := merge(base, one.mine, one.theirs); ok != one.ok || !sameAnswer(got, one.want) {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
	if _, ok := merge(form.Answer{}, form.Answer{Words: "a"}, form.Answer{Words: "b"}); ok {
		t.Error("words are never joined")
	}
}
