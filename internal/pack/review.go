package pack

import (
	"fmt"

	"waymark/internal/clock"
)

// Overdue lists what should have been read again before today, in the order of files and lines.
// A sign counts by itself only when it has a date of its own.
func (p *Pack) Overdue(today clock.Date) []Fault {
	var late Faults
	say := func(at Place, a About, what string) {
		if !a.ReviewBy.IsZero() && a.ReviewBy.Before(today) {
			late = append(late, Fault{at, fmt.Sprintf("%s was to be read again by %s; ask %s to read it against its source, then set reviewed and review_by", what, a.ReviewBy.Words(), a.Owner)})
		}
	}
	p.shelves(func(kind string, item *Item, whole any) {
		say(item.At, item.About, fmt.Sprintf("%s %q", oneOf(kind), item.ID))
		if s, ok := whole.(*Setting); ok {
			for _, sign := range s.Signs {
				if sign.ReviewBy != s.ReviewBy {
					say(sign.At, sign.About, fmt.Sprintf("sign %q", sign.ID))
				}
			}
		}
	})
	return late.sorted()
}

// Doubtful is an item of which somebody is not sure: what the page warns of, and what an editor settles next.
type Doubtful struct {
	Kind      string // settings, signs, paragraphs …, as in ids.txt
	ID        string // of a paragraph: chapter#mark
	Words     string // its title, or what it says
	Certainty Certainty
	Doubt     string
	At        Place
}

// Unsure lists every item, sign and paragraph that is neither confirmed nor derived, in the order of the kinds.
// What is our own work (sources, examples, words to avoid) is not asked how sure it is.
func (p *Pack) Unsure() []Doubtful {
	var all []Doubtful
	add := func(kind, id, words string, a About, at Place) {
		if !a.Certainty.Sure() {
			all = append(all, Doubtful{kind, id, words, a.Certainty, a.Doubt, at})
		}
	}
	p.shelves(func(kind string, item *Item, whole any) {
		if ours[kind] {
			return
		}
		add(kind, item.ID, titleOf(whole), item.About, item.At)
		switch s := whole.(type) {
		case *Setting:
			for _, sign := range s.Signs {
				add("signs", sign.ID, sign.Says.Words(), sign.About, sign.At)
			}
		case *Chapter:
			for _, part := range s.Body.Body {
				at := Place{File: s.At.File, Line: part.Mark.Line, Column: 1}
				add("paragraphs", s.ID+"#"+part.Mark.ID, wordsOf(part), ParagraphAbout(*s, part), at)
			}
		}
	})
	return all
}

// Counts is the size of a pack.
type Counts struct {
	Indicators, Settings, Signs, Advice, Steps int // a step is advice for now, today or the week
	Chapters, Paragraphs                       int // a heading has a mark too, so it counts as a paragraph
	Records, Sources, Contacts, Confirmed      int // confirmed: contacts whose number somebody here rang
	Forms, Texts, Words, Examples              int
	Unsure                                     int // items, signs and paragraphs of which somebody is not sure
}

// Counts says how much the pack holds.
func (p *Pack) Counts() Counts {
	c := Counts{
		Indicators: p.Indicators.Len(), Settings: p.Settings.Len(), Signs: len(p.signs), Advice: p.Advice.Len(),
		Chapters: p.Chapters.Len(), Paragraphs: p.Paragraphs,
		Records: p.Records.Len(), Sources: p.Sources.Len(), Contacts: p.Contacts.Len(),
		Forms: p.Forms.Len(), Texts: p.Texts.Len(), Words: p.Words.Len(), Examples: p.Examples.Len(),
		Unsure: len(p.Unsure()),
	}
	for _, a := range p.Advice.all {
		if a.step() {
			c.Steps++
		}
	}
	for _, contact := range p.Contacts.all {
		if contact.Confirmed != nil {
			c.Confirmed++
		}
	}
	return c
}

// step reports advice that somebody does, rather than reads.
func (a Advice) step() bool { return a.Section == "now" || a.Section == "today" || a.Section == "week" }
