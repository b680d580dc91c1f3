package casework

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/form"
)

// Version is one answer to one question as somebody gave it at one moment. Versions are added and never changed.
type Version struct {
	ID       string
	Sheet    string
	Question string
	Number   int64
	Over     []int64 // the versions that this one took the place of
	Author   string  // "" for what was imported
	Source   string  // of what was imported: where it comes from
	At       time.Time
	Pack     string // pack@version, with whose words it was asked
	Form     int    // the version of the form
	Draft    bool   // it does not fit the question yet
	Standing bool   // nothing took its place so far
	Answer   form.Answer
}

// standing is what stands of one question: one saved answer as a rule; two or more where people wrote at the same time
// and nobody has chosen; and beside it what somebody typed that does not fit yet.
type standing struct {
	Saved []Version
	Draft []Version
}

func standingOf(versions []Version) standing {
	var s standing
	for _, v := range versions {
		switch {
		case !v.Standing:
		case v.Draft:
			s.Draft = append(s.Draft, v)
		default:
			s.Saved = append(s.Saved, v)
		}
	}
	return s
}

// Conflict reports that two people wrote and nobody has chosen yet.
func (s standing) Conflict() bool { return len(s.Saved) > 1 }

// Shown is what stands in the field: a draft, so that its writer can mend it, else the answer.
func (s standing) Shown() form.Answer {
	switch {
	case len(s.Draft) > 0:
		return s.Draft[len(s.Draft)-1].Answer
	case len(s.Saved) > 0:
		return s.Saved[len(s.Saved)-1].Answer
	}
	return form.Answer{}
}

// Answer is what counts as answered: the newest that fits.
func (s standing) Answer() form.Answer {
	if len(s.Saved) == 0 {
		return form.Answer{}
	}
	return s.Saved[len(s.Saved)-1].Answer
}

// Last is the version that the page names as the last one saved.
func (s standing) Last() (Version, bool) {
	all := append(slices.Clone(s.Saved), s.Draft...)
	if len(all) == 0 {
		return Version{}, false
	}
	return slices.MaxFunc(all, func(a, b Version) int { return int(a.Number - b.Number) }), true
}

// Based names what stands, for the page to send back: a change says what its writer saw.
func (s standing) Based() string {
	var numbers []int64
	for _, v := range append(slices.Clone(s.Saved), s.Draft...) {
		numbers = append(numbers, v.Number)
	}
	slices.Sort(numbers)
	return writeNumbers(numbers)
}

func writeNumbers(numbers []int64) string {
	var words []string
	for _, n := range numbers {
		words = append(words, strconv.FormatInt(n, 10))
	}
	return strings.Join(words, ",")
}

// readNumbers reads what Based wrote. What is no number is left out: a page may send anything.
func readNumbers(s string) []int64 {
	var numbers []int64
	for word := range strings.SplitSeq(s, ",") {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil && n > 0 && len(numbers) < 100 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// next is what becomes of an answer that arrived.
type next struct {
	Add    bool    // a new version is written; otherwise all of it is kept already
	Over   []int64 // what it takes the place of
	Answer form.Answer
}

// decide says what becomes of an answer to a question that has these versions, in the order of their numbers.
//
// Whoever writes takes the place of what they saw, and of what they themselves wrote before. What somebody else wrote
// meanwhile stays beside it until a person chooses. A draft takes the place of drafts only: an answer that fits is
// never lost to one that does not. What is kept already is not written again, so a post that arrives twice counts once.
func decide(given form.Answer, draft bool, based []int64, author string, versions []Version) next {
	now := standingOf(versions)
	var saw standing
	for _, v := range versions {
		if slices.Contains(based, v.Number) {
			v.Standing = true
			saw.add(v)
		}
	}
	if !saw.Conflict() && sameAnswer(given, saw.Shown()) {
		return next{} // the field was not touched
	}
	for _, v := range append(slices.Clone(now.Saved), now.Draft...) {
		others := now.Conflict() && covers(based, now.Saved)
		if v.Author == author && v.Draft == draft && sameAnswer(given, v.Answer) && !others {
			return next{} // the same from the same person: it was sent again
		}
	}
	if !now.Conflict() && !draft && len(now.Draft) == 0 && len(now.Saved) == 1 && sameAnswer(given, now.Saved[0].Answer) {
		return next{} // two people wrote the same
	}
	n := next{Add: true, Answer: given}
	merged := false
	if len(now.Saved) == 1 && !draft && !slices.Contains(based, now.Saved[0].Number) && now.Saved[0].Author != author {
		n.Answer, merged = merge(saw.Answer(), given, now.Saved[0].Answer)
	}
	for _, v := range append(slices.Clone(now.Saved), now.Draft...) {
		seen := slices.Contains(based, v.Number) || v.Author == author || merged
		if seen && (v.Draft || !draft) {
			n.Over = append(n.Over, v.Number)
		}
	}
	slices.Sort(n.Over)
	return n
}

// merge joins what two people ticked in one list, when they ticked different lines of it: on the first night several
// work through the same list. It reports false, and gives mine as it is, where both changed one line, or there are no lines.
func merge(base, mine, theirs form.Answer) (form.Answer, bool) {
	bare := func(a form.Answer) bool { return len(a.Picked) == 0 && a.Words == "" && a.Gap == "" && a.Draft == "" }
	if len(mine.Observed)+len(theirs.Observed) == 0 || !bare(base) || !bare(mine) || !bare(theirs) {
		return mine, false
	}
	both := maps.Clone(theirs.Observed)
	if both == nil {
		both = map[string]form.Observed{}
	}
	lines := map[string]bool{}
	for _, a := range []form.Answer{base, mine, theirs} {
		for line := range a.Observed {
			lines[line] = true
		}
	}
	for line := range lines {
		was, my, their := base.Observed[line], mine.Observed[line], theirs.Observed[line]
		switch {
		case my == was || my == their:
		case their != was:
			return mine, false
		case my == form.Observed{}:
			delete(both, line)
		default:
			both[line] = my
		}
	}
	return form.Answer{Observed: both}, true
}

func (s *standing) add(v Version) {
	if v.Draft {
		s.Draft = append(s.Draft, v)
	} else {
		s.Saved = append(s.Saved, v)
	}
}

// covers reports that every one of the versions is named.
func covers(numbers []int64, versions []Version) bool {
	return !slices.ContainsFunc(versions, func(v Version) bool { return !slices.Contains(numbers, v.Number) })
}

func sameAnswer(a, b form.Answer) bool {
	return slices.Equal(a.Picked, b.Picked) && maps.Equal(a.Observed, b.Observed) && a.Words == b.Words && a.Gap == b.Gap && a.Draft == b.Draft
}
