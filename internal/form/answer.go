package form

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/internal/rule"
)

// Answers is what somebody said, by the id of the question. A question that is not in it was not asked:
// that is never the same as "no".
type Answers map[string]Answer

// Answer is one answer. Its zero value is no answer.
type Answer struct {
	Picked   []string            `json:"picked,omitempty"`
	Words    string              `json:"words,omitempty"`
	Observed map[string]Observed `json:"observed,omitempty"` // by the thing observed
	Gap      string              `json:"gap,omitempty"`      // the reason for a gap, which is a finished answer
	Draft    string              `json:"draft,omitempty"`    // words that do not fit the question, kept so that none is lost
}

// Observed says how something is known, and what was seen or heard.
type Observed struct {
	How  string `json:"how,omitempty"`
	Note string `json:"note,omitempty"`
}

// Empty reports that nothing was answered.
func (a Answer) Empty() bool {
	return len(a.Picked) == 0 && a.Words == "" && len(a.Observed) == 0 && a.Gap == "" && a.Draft == ""
}

// Is reports that this option was picked.
func (a Answer) Is(option string) bool { return slices.Contains(a.Picked, option) }

// One gives the option picked of a question that takes one, or nothing.
func (a Answer) One() string {
	if len(a.Picked) == 0 {
		return ""
	}
	return a.Picked[0]
}

// Problem is something about an answer that its writer can mend. Reason is a key of the words, such as form.too-long.
type Problem struct {
	Question string
	Field    string // the name of the field to go to
	Reason   string
	Max      int
}

// defaultMax is how many signs a text may have when the question does not say.
const defaultMax = 300

// Limit is how many signs a text may have.
func (q Question) Limit() int {
	if q.Max > 0 {
		return q.Max
	}
	return defaultMax
}

// Field is the name under which a question is posted.
func (q Question) Field() string { return "q." + q.ID }

// HowField and NoteField are the names under which one observation is posted.
func (q Question) HowField(option string) string { return "q." + q.ID + "." + option }

// NoteField is the name under which the words of one observation are posted.
func (q Question) NoteField(option string) string { return "q." + q.ID + "." + option + ".note" }

// GapField is the name under which the reason for a gap is posted.
func (q Question) GapField() string { return "q." + q.ID + ".gap" }

// Read takes the answers to one question from posted values. What does not fit is kept as a draft beside a problem.
func (q Question) Read(values url.Values) (Answer, []Problem) {
	var a Answer
	var problems []Problem
	problem := func(field, reason string) {
		problems = append(problems, Problem{q.ID, field, reason, q.Limit()})
	}
	if gap := values.Get(q.GapField()); gap != "" && has(q.Gaps, gap) {
		a.Gap = gap
	}
	switch q.Kind {
	case Ticks, One, Buttons, Yes:
		picked := values[q.Field()]
		if q.Kind != Ticks && len(picked) > 1 {
			picked = picked[:1]
		}
		for _, option := range picked {
			switch {
			case option == "" || slices.Contains(a.Picked, option):
			case q.Kind == Yes && (option == "yes" || option == "no") || has(q.Options, option):
				a.Picked = append(a.Picked, option)
			default:
				problem(q.Field(), "form.not-listed")
			}
		}
	case Words:
		a.Words = tidy(values.Get(q.Field()))
		if utf8.RuneCountInString(a.Words) > q.Limit() {
			a.Words, a.Draft = "", a.Words
			problem(q.Field(), "form.too-long")
		}
	case Observation:
		a.Observed, problems = q.readObserved(values)
	}
	return a, problems
}

func (q Question) readObserved(values url.Values) (map[string]Observed, []Problem) {
	var observed map[string]Observed
	var problems []Problem
	for _, thing := range q.About {
		o := Observed{values.Get(q.HowField(thing.ID)), tidy(values.Get(q.NoteField(thing.ID)))}
		if o.How != "" && !has(q.Options, o.How) {
			problems = append(problems, Problem{q.ID, q.HowField(thing.ID), "form.not-listed", q.Limit()})
			o.How = ""
		}
		if utf8.RuneCountInString(o.Note) > q.Limit() {
			problems = append(problems, Problem{q.ID, q.NoteField(thing.ID), "form.too-long", q.Limit()})
		}
		if o == (Observed{}) {
			continue
		}
		if observed == nil {
			observed = map[string]Observed{}
		}
		observed[thing.ID] = o
	}
	return observed, problems
}

func has(options []Option, id string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.ID == id })
}

// tidy gives words as they are kept: one kind of line end, no space around.
func tidy(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// Read takes the answers to every question of the form from posted values.
func (f Form) Read(values url.Values) (Answers, []Problem) {
	answers := Answers{}
	var problems []Problem
	for _, page := range f.Pages {
		for _, q := range page.Questions {
			a, more := q.Read(values)
			if earlier, twice := answers[q.ID]; twice && !earlier.Empty() {
				continue // a question that stands on two pages was answered on the first
			}
			if !a.Empty() {
				answers[q.ID] = a
			}
			problems = append(problems, more...)
		}
	}
	return answers, problems
}

// Carry gives what a page must carry along so that the answers on other pages are not lost.
func (f Form) Carry(answers Answers, page Page) url.Values {
	here := map[string]bool{}
	for _, q := range page.Questions {
		here[q.ID] = true
	}
	carried := url.Values{}
	for _, p := range f.Pages {
		for _, q := range p.Questions {
			if !here[q.ID] {
				here[q.ID] = true
				q.carry(carried, answers[q.ID])
			}
		}
	}
	return carried
}

func (q Question) carry(into url.Values, a Answer) {
	for _, option := range a.Picked {
		into.Add(q.Field(), option)
	}
	if words := a.Words + a.Draft; words != "" {
		into.Set(q.Field(), words)
	}
	if a.Gap != "" {
		into.Set(q.GapField(), a.Gap)
	}
	for thing, o := range a.Observed {
		if o.How != "" {
			into.Set(q.HowField(thing), o.How)
		}
		if o.Note != "" {
			into.Set(q.NoteField(thing), o.Note)
		}
	}
}

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
