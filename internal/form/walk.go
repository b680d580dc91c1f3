package form

import (
	"cmp"
	"slices"

	"waymark/internal/rule"
)

// Next gives the first page after the one named whose condition holds, or nothing at the end. An empty name means the first.
func (f Form) Next(after string, facts rule.Facts) (Page, bool, error) {
	from := 0
	for i, p := range f.Pages {
		if p.ID == after {
			from = i + 1
		}
	}
	for _, p := range f.Pages[from:] {
		holds, err := p.When.Holds(facts)
		if err != nil {
			return Page{}, false, err
		}
		if holds {
			return p, true, nil
		}
	}
	return Page{}, false, nil
}

// Before gives the nearest page before the one named whose condition holds. An empty name means the end.
func (f Form) Before(id string, facts rule.Facts) (Page, bool, error) {
	to := len(f.Pages)
	for i, p := range f.Pages {
		if p.ID == id {
			to = i
		}
	}
	for i := to - 1; i >= 0; i-- {
		holds, err := f.Pages[i].When.Holds(facts)
		if err != nil {
			return Page{}, false, err
		}
		if holds {
			return f.Pages[i], true, nil
		}
	}
	return Page{}, false, nil
}

// Shown gives the page with the questions whose conditions hold.
func (p Page) Shown(facts rule.Facts) (Page, error) {
	var shown []Question
	for _, q := range p.Questions {
		holds, err := q.When.Holds(facts)
		if err != nil {
			return Page{}, err
		}
		if holds {
			shown = append(shown, q)
		}
	}
	p.Questions = shown
	return p, nil
}

// Shown gives the form with the pages and questions whose conditions hold, such as for everything on one page.
func (f Form) Shown(facts rule.Facts) (Form, error) {
	var shown []Page
	for _, p := range f.Pages {
		holds, err := p.When.Holds(facts)
		if err != nil {
			return Form{}, err
		}
		p, err = p.Shown(facts)
		if err != nil {
			return Form{}, err
		}
		if holds && (len(p.Questions) > 0 || len(p.Body) > 0) {
			shown = append(shown, p)
		}
	}
	f.Pages = shown
	return f, nil
}

// Facts is what the form's own conditions look at: every question by its FactName. What is picked of several is a list,
// an observation the list of the things that are known in some way, everything else words, empty for no answer.
func (f Form) Facts(answers Answers) rule.Facts {
	facts := rule.Facts{}
	for _, q := range f.Questions() {
		a := answers[q.ID]
		switch q.Kind {
		case Ticks:
			facts[FactName(q.ID)] = append([]string{}, a.Picked...)
		case Observation:
			known := []string{}
			for thing, o := range a.Observed {
				if o.How != "" {
					known = append(known, thing)
				}
			}
			slices.Sort(known)
			facts[FactName(q.ID)] = known
		case One, Buttons, Yes, YesNoKnown:
			facts[FactName(q.ID)] = a.One()
		default:
			facts[FactName(q.ID)] = a.Words
		}
	}
	return facts
}

// Missing is something that nobody has answered yet, not even with a reason why not.
type Missing struct {
	Page, Question   string
	Thing            string // of an observation: which thing
	Says             string
	WhoKnows         string // who else may already know it
	ChildWouldAnswer bool   // it need not be asked now
	Draft            bool   // something was written that does not fit yet
}

// Missing lists what is not answered, one item for each. What somebody else may already know comes first, and what only
// the child could tell comes last: nobody should ask a child to fill in a form.
func (f Form) Missing(answers Answers, facts rule.Facts) ([]Missing, error) {
	shown, err := f.Shown(facts)
	if err != nil {
		return nil, err
	}
	var all []Missing
	for _, p := range shown.Pages {
		for _, q := range p.Questions {
			all = append(all, q.missing(p.ID, answers[q.ID])...)
		}
	}
	slices.SortStableFunc(all, func(a, b Missing) int { return cmp.Compare(a.turn(), b.turn()) })
	return all, nil
}

func (m Missing) turn() int {
	switch {
	case m.WhoKnows != "":
		return 0
	case m.ChildWouldAnswer:
		return 2
	}
	return 1
}

func (q Question) missing(page string, a Answer) []Missing {
	one := Missing{Page: page, Question: q.ID, Says: q.Says, WhoKnows: q.WhoKnows, ChildWouldAnswer: q.ChildWouldAnswer, Draft: a.Draft != ""}
	switch {
	case a.Gap != "":
		return nil
	case q.Kind == Observation:
		var all []Missing
		for _, thing := range q.About {
			if a.Observed[thing.ID].How == "" && !q.Optional {
				m := one
				m.Thing, m.Says = thing.ID, thing.Says
				all = append(all, m)
			}
		}
		return all
	case one.Draft, !a.Finished() && !q.Optional:
		return []Missing{one}
	}
	return nil
}
