package form

import (
	"net/url"
	"strings"
)

// Field is the name under which a question is posted.
func (q Question) Field() string { return "q." + q.ID }

// HowField and NoteField are the names under which one observation is posted.
func (q Question) HowField(option string) string { return "q." + q.ID + "." + option }

// NoteField is the name under which the words of one observation are posted.
func (q Question) NoteField(option string) string { return "q." + q.ID + "." + option + ".note" }

// GapField is the name under which the reason for a gap is posted.
func (q Question) GapField() string { return "q." + q.ID + ".gap" }

// The parts of a day, as they are posted.
const (
	DayPart   = "day"
	MonthPart = "month"
	YearPart  = "year"
	AboutPart = "about" // "yes" when the day is not sure
	TimePart  = "time"
)

// parts is the order in which a draft keeps the parts of a day.
var parts = []string{DayPart, MonthPart, YearPart, AboutPart, TimePart}

// PartField is the name under which one part of a day is posted.
func (q Question) PartField(part string) string { return "q." + q.ID + "." + part }

// fields names every field of the question.
func (q Question) fields() []string {
	all := []string{q.GapField()}
	switch q.Kind {
	case Observation:
		for _, thing := range q.About {
			all = append(all, q.HowField(thing.ID), q.NoteField(thing.ID))
		}
	case Day, Moment:
		for _, part := range parts {
			all = append(all, q.PartField(part))
		}
	default:
		all = append(all, q.Field())
	}
	return all
}

// Carry gives what a page must carry along so that the answers on other pages are not lost.
func (f Form) Carry(answers Answers, page Page) url.Values {
	here := map[string]bool{}
	for _, q := range page.Questions {
		here[q.ID] = true
	}
	carried := url.Values{}
	for _, q := range f.Questions() {
		if !here[q.ID] {
			q.carry(carried, answers[q.ID])
		}
	}
	return carried
}

// carry writes an answer as it would be posted. Reading that gives the same answer, as long as it fits the question.
func (q Question) carry(into url.Values, a Answer) {
	for _, option := range a.Picked {
		into.Add(q.Field(), option)
	}
	switch {
	case a.Words+a.Draft == "":
	case q.Kind == Day || q.Kind == Moment:
		for part, value := range a.Parts() {
			if value != "" {
				into.Set(q.PartField(part), value)
			}
		}
	default:
		into.Add(q.Field(), a.Shown())
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

// Parts gives what stands in each box of a day: the parts of the answer, or those of the draft as they were typed.
func (a Answer) Parts() map[string]string {
	boxes := map[string]string{}
	if a.Draft == "" {
		if known, err := ParseKnown(a.Words); err == nil {
			return known.boxes()
		}
	}
	for i, value := range strings.SplitN(a.Shown(), "\n", len(parts)) {
		boxes[parts[i]] = value
	}
	return boxes
}
