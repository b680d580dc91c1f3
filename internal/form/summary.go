package form

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/clock"
	"waymark/internal/rule"
)

// Say gives the program's own words for a key, such as form.yes; {names} in them are filled from the pairs.
type Say func(key string, pairs ...string) string

// Answered is one line of a summary.
type Answered struct {
	Page, Question string
	Thing          string // of an observation: which thing
	Says           string
	Answer         []string // in words, a line each; none when nothing was answered
	Gap            string   // the reason for a gap, in words
	Draft          bool     // Answer is what was written and does not fit yet
	Stray          bool     // the form does not ask this any more
}

// Summary gives every question that is asked, and every other that was answered, with its answer in words.
func (f Form) Summary(answers Answers, facts rule.Facts, say Say) ([]Answered, error) {
	shown, err := f.Shown(facts)
	if err != nil {
		return nil, err
	}
	var all []Answered
	seen := map[string]bool{}
	for _, p := range f.Pages {
		for _, q := range p.Questions {
			a := answers[q.ID]
			if _, asked := shown.Question(q.ID); seen[q.ID] || !asked && a.Empty() {
				continue
			}
			seen[q.ID] = true
			all = append(all, q.answered(p.ID, a, say)...)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if !seen[id] && !answers[id].Empty() {
			line := Question{ID: id, Says: id}.answered("", answers[id], say)
			for i := range line {
				line[i].Stray = true
			}
			all = append(all, line...)
		}
	}
	return all, nil
}

func (q Question) answered(page string, a Answer, say Say) []Answered {
	one := Answered{Page: page, Question: q.ID, Says: q.Says, Gap: saysOf(q.Gaps, a.Gap)}
	var all []Answered
	if q.Kind == Observation {
		for _, thing := range q.About {
			line := one
			line.Thing, line.Says, line.Answer = thing.ID, thing.Says, q.observedWords(a.Observed[thing.ID])
			all = append(all, line)
		}
	}
	// Things that are not observed any more were observed once.
	for _, thing := range slices.Sorted(maps.Keys(a.Observed)) {
		if q.Kind != Observation || !has(q.About, thing) {
			line := one
			line.Thing, line.Says, line.Answer, line.Stray = thing, thing, q.observedWords(a.Observed[thing]), true
			all = append(all, line)
		}
	}
	if all == nil || len(a.Picked) > 0 || a.Words != "" || a.Draft != "" {
		one.Answer, one.Draft = q.InWords(a, say), a.Draft != ""
		all = append(all, one)
	}
	return all
}

func (q Question) observedWords(o Observed) []string {
	var words []string
	if o.How != "" {
		words = append(words, saysOf(q.Options, o.How))
	}
	if o.Note != "" {
		words = append(words, strings.Split(o.Note, "\n")...)
	}
	return words
}

// InWords gives an answer as people read it, a line each. The reason for a gap is not in it.
func (q Question) InWords(a Answer, say Say) []string {
	var words []string
	for _, option := range a.Picked {
		if slices.Contains(fixed[q.Kind], option) {
			words = append(words, say("form."+option))
		} else {
			words = append(words, saysOf(q.Options, option))
		}
	}
	switch {
	case a.Words == "":
	case q.Kind == Day || q.Kind == Moment:
		words = append(words, DayInWords(a.Words, say))
	case q.Kind == Number && q.Unit != "":
		words = append(words, a.Words+" "+q.Unit)
	default:
		words = append(words, strings.Split(a.Words, "\n")...)
	}
	switch {
	case a.Draft == "":
	case q.Kind == Day || q.Kind == Moment:
		words = append(words, strings.Join(strings.Fields(a.Draft), " "))
	default:
		words = append(words, strings.Split(a.Draft, "\n")...)
	}
	return words
}

// DayInWords says a day as people do: "about May 2010", "24 November 2026 at 02:10". What is no day comes back as it is.
func DayInWords(written string, say Say) string {
	k, err := ParseKnown(written)
	if err != nil {
		return written
	}
	words := strconv.Itoa(k.Year)
	switch {
	case k.Day > 0:
		words = clock.Date{Year: k.Year, Month: k.Month, Day: k.Day}.Words()
	case k.Month > 0:
		words = k.Month.String() + " " + words
	}
	if k.Timed {
		words = say("form.at", "day", words, "time", k.boxes()[TimePart])
	}
	if k.About {
		words = say("form.about", "day", words)
	}
	return words
}

func saysOf(options []Option, id string) string {
	for _, o := range options {
		if o.ID == id {
			return o.Says
		}
	}
	return id
}
