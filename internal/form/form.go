// Package form turns a definition and answers into pages, problems, a next page, what is missing, a summary and a file
// to keep. It is pure: it reads no request, stores nothing, asks no clock and knows nothing of children or settings.
package form

import (
	"strings"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/rule"
)

// Kind is how a question is answered.
type Kind string

// The kinds of question.
const (
	Ticks       Kind = "ticks"            // tick boxes: any number, none included
	One         Kind = "one"              // one of the options
	Buttons     Kind = "buttons"          // one of the options, each a button that also goes on
	Yes         Kind = "yes"              // yes or no
	YesNoKnown  Kind = "yes-no-not-known" // yes, no, or not known
	Words       Kind = "text"             // a few lines
	Line        Kind = "line"             // a few words on one line
	Long        Kind = "long"             // a longer text
	Lines       Kind = "lines"            // several short things, one on each line, such as the spellings of a name
	Day         Kind = "date"             // a day, or only its month or its year
	Moment      Kind = "moment"           // a day, and the time of day where it is known
	Number      Kind = "number"           // a whole number
	Phone       Kind = "phone"            // a telephone number, or as much of one as is known
	Reference   Kind = "reference"        // a number with letters, such as that of a letter or a card
	Observation Kind = "observation"      // for each thing: how it is known, and a line of words
)

// Form is a definition: pages of questions in an order.
type Form struct {
	ID      string
	Version int
	Pages   []Page
}

// Page is what stands on one screen.
type Page struct {
	ID        string
	Title     string
	Body      block.Body
	When      rule.Rule
	Questions []Question
}

// Question is one thing asked.
type Question struct {
	ID          string
	Kind        Kind
	Says        string
	Hint        string
	Note        string // of an observation: the label of its line of words
	Options     []Option
	OptionsFrom string   // filled by the room that asks before the page is shown: About of an observation, else Options
	About       []Option // of an observation: the things observed; Options are the ways in which they may be known
	Max         int      // signs in a text; 0 means what is usual for the kind
	Least, Most int      // of a number; Most 0 is no limit
	Unit        string   // of a number, such as cm
	Days        Days     // of a day or a moment: whether it may lie ahead or behind
	Gaps        []Option // reasons that count as an answer
	When        rule.Rule

	Why              string // why we ask
	Guidance         Link   // where the guidance speaks of it
	WhoKnows         string // who else may already know it
	ChildWouldAnswer bool   // only the child could tell, so it need not be asked now
	Optional         bool   // nobody is told that it is missing

	today clock.Date // for Days; see On
}

// Days limits a day to what has been or to what will be.
type Days string

// The limits of a day.
const (
	AnyDay    Days = ""
	NotFuture Days = "not-future"
	NotPast   Days = "not-past"
)

// Option is one thing to pick. Under is the heading it stands below, if any.
type Option struct{ ID, Says, Hint, Under string }

// Link leads to a paragraph of the guidance.
type Link struct{ Words, Href string }

// Page finds a page by its id.
func (f Form) Page(id string) (Page, bool) {
	for _, p := range f.Pages {
		if p.ID == id {
			return p, true
		}
	}
	return Page{}, false
}

// Question finds a question by its id.
func (f Form) Question(id string) (Question, bool) {
	for _, p := range f.Pages {
		for _, q := range p.Questions {
			if q.ID == id {
				return q, true
			}
		}
	}
	return Question{}, false
}

// Questions gives every question once, in the order of the pages.
func (f Form) Questions() []Question {
	var all []Question
	seen := map[string]bool{}
	for _, p := range f.Pages {
		for _, q := range p.Questions {
			if !seen[q.ID] {
				seen[q.ID] = true
				all = append(all, q)
			}
		}
	}
	return all
}

// On gives the form as it is asked on that day. Without it, no day is too late or too early.
func (f Form) On(today clock.Date) Form {
	pages := make([]Page, len(f.Pages))
	for i, p := range f.Pages {
		pages[i] = p
		pages[i].Questions = make([]Question, len(p.Questions))
		for j, q := range p.Questions {
			pages[i].Questions[j] = q.On(today)
		}
	}
	f.Pages = pages
	return f
}

// On gives the question as it is asked on that day.
func (q Question) On(today clock.Date) Question {
	q.today = today
	return q
}

// usual is how many signs a text may have when the question does not say.
var usual = map[Kind]int{Line: 200, Long: 4_000, Lines: 1_000, Phone: 60, Reference: 60}

// Limit is how many signs a text may have.
func (q Question) Limit() int {
	if q.Max > 0 {
		return q.Max
	}
	if n := usual[q.Kind]; n > 0 {
		return n
	}
	return 300
}

// Picks reports that the question is answered by picking.
func (q Question) Picks() bool {
	switch q.Kind {
	case Ticks, One, Buttons, Yes, YesNoKnown:
		return true
	}
	return false
}

// fixed are the answers of the kinds that bring their own.
var fixed = map[Kind][]string{Yes: {"yes", "no"}, YesNoKnown: {"yes", "no", "not-known"}}

// may reports that this option can be picked.
func (q Question) may(option string) bool {
	for _, one := range fixed[q.Kind] {
		if one == option {
			return true
		}
	}
	return has(q.Options, option)
}

// FactName is how a condition names a question: hyphens stand for "minus" there.
func FactName(question string) string { return strings.ReplaceAll(question, "-", "_") }
