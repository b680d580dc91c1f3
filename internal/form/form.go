// Package form turns a definition and answers into pages, errors, a next page and a file to keep.
// It is pure: it reads no request, stores nothing and knows nothing of children or settings.
package form

import (
	"waymark/internal/block"
	"waymark/internal/rule"
)

// Kind is how a question is answered.
type Kind string

// The kinds of question.
const (
	Ticks       Kind = "ticks"       // tick boxes: any number, none included
	One         Kind = "one"         // one of the options
	Buttons     Kind = "buttons"     // one of the options, each a button that also goes on
	Yes         Kind = "yes"         // yes or no
	Words       Kind = "text"        // a short text
	Observation Kind = "observation" // for each option: how it is known, and a line of words
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
	Max         int      // signs in a text; 0 means 300
	Gaps        []Option // reasons that count as an answer
}

// Option is one thing to pick. Under is the heading it stands below, if any.
type Option struct{ ID, Says, Hint, Under string }

// Page finds a page by its id.
func (f Form) Page(id string) (Page, bool) {
	for _, p := range f.Pages {
		if p.ID == id {
			return p, true
		}
	}
	return Page{}, false
}
