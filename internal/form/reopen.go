package form

import (
	"maps"
	"net/url"
	"slices"
)

// Opened is answers that were given to another version of the form, looked at with this one.
type Opened struct {
	Answers  Answers // what fits, ready for the pages; words that do not fit their question any more stand in it as a draft
	Kept     Answers // answers of which something does not fit, whole and as they were given: pages show them, nobody drops them
	Problems []Problem
}

// Reopen looks at answers that may have been given to an older or a newer version. Nothing is lost: Given gives all of
// it back as it came.
func (f Form) Reopen(given Answers) Opened {
	o := Opened{Answers: Answers{}, Kept: Answers{}}
	asked := map[string]bool{}
	for _, q := range f.Questions() {
		asked[q.ID] = true
		was, ok := given[q.ID]
		if !ok {
			continue
		}
		is, problems := q.reopen(was)
		if !is.Empty() || was.Empty() {
			o.Answers[q.ID] = is
		}
		if !same(was, is) {
			o.Kept[q.ID] = was
		}
		o.Problems = append(o.Problems, problems...)
	}
	for id, was := range given {
		if !asked[id] {
			o.Kept[id] = was
		}
	}
	return o
}

// reopen reads an answer as if it had been posted today.
func (q Question) reopen(was Answer) (Answer, []Problem) {
	q.Days = AnyDay // a day that lay ahead then may be long past now
	posted := url.Values{}
	q.carry(posted, was)
	is, problems := q.Read(posted)
	if was.Draft != "" && is.Draft != was.Draft {
		is.Words, is.Draft = "", was.Draft // only whoever wrote it makes an answer of it
	}
	return is, problems
}

func same(a, b Answer) bool {
	return slices.Equal(a.Picked, b.Picked) && maps.Equal(a.Observed, b.Observed) && a.Words == b.Words && a.Gap == b.Gap && a.Draft == b.Draft
}

// Given gives the answers as they were handed to Reopen.
func (o Opened) Given() Answers {
	all := Answers{}
	for id, a := range o.Answers {
		all[id] = a
	}
	for id, a := range o.Kept {
		all[id] = a
	}
	return all
}
