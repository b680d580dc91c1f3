package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The reasons of a problem: keys of the words that web says.
const (
	tooLong     = "form.too-long"
	notListed   = "form.not-listed"
	notReadable = "form.not-readable"
	twice       = "form.twice"
	noNumber    = "form.number"
	tooSmall    = "form.too-small"
	tooLarge    = "form.too-large"
	noDigit     = "form.no-digit"
	unknown     = "form.unknown"
)

// Fill takes the answer to one question from posted values, for a field that is saved by itself. A value below the
// question's name that the question does not have is a problem too.
func Fill(q Question, values url.Values) (Answer, []Problem) {
	a, problems := q.Read(values)
	own := q.fields()
	for name := range values {
		if q.OptionsFrom != "" {
			break // other answers say what it has
		}
		if strings.HasPrefix(name, q.Field()) && (name == q.Field() || name[len(q.Field())] == '.') && !slices.Contains(own, name) {
			problems = append(problems, Problem{Question: q.ID, Field: name, Reason: unknown})
		}
	}
	return a, problems
}

// Read takes the answers to one question from posted values. What does not fit is kept as a draft beside a problem.
func (q Question) Read(values url.Values) (Answer, []Problem) {
	var a Answer
	var problems []Problem
	switch {
	case q.Picks():
		a, problems = q.readPicked(values)
	case q.Kind == Observation:
		a.Observed, problems = q.readObserved(values)
	case q.Kind == Day || q.Kind == Moment:
		a, problems = q.readDay(values)
	default:
		a, problems = q.readText(values)
	}
	if gap := values.Get(q.GapField()); has(q.Gaps, gap) {
		a.Gap = gap
	} else if gap != "" {
		problems = append(problems, q.problem(q.GapField(), notListed))
	}
	return a, problems
}

func (q Question) problem(field, reason string) Problem {
	return Problem{Question: q.ID, Field: field, Reason: reason, Max: q.Limit()}
}

func (q Question) readPicked(values url.Values) (Answer, []Problem) {
	var a Answer
	var problems []Problem
	var others []string
	for _, option := range values[q.Field()] {
		switch {
		case option == "" || slices.Contains(a.Picked, option):
		case q.may(option):
			a.Picked = append(a.Picked, option)
		default:
			option, _ = valid(option)
			others = append(others, option)
			problems = append(problems, q.problem(q.Field(), notListed))
		}
	}
	if q.Kind != Ticks && len(a.Picked) > 1 {
		others = append(a.Picked, others...)
		a.Picked = nil
		problems = append(problems, q.problem(q.Field(), twice))
	}
	// A list that other answers fill may have changed since; what it no longer holds was nobody's words.
	if q.OptionsFrom == "" {
		a.Draft = strings.Join(others, "\n")
	}
	return a, problems
}

func (q Question) readObserved(values url.Values) (map[string]Observed, []Problem) {
	var observed map[string]Observed
	var problems []Problem
	for _, thing := range q.About {
		note := only(values, q.NoteField(thing.ID), tidy)
		o := Observed{values.Get(q.HowField(thing.ID)), note.value}
		if o.How != "" && !has(q.Options, o.How) {
			problems = append(problems, q.problem(q.HowField(thing.ID), notListed))
			o.How = ""
		}
		switch {
		case !note.clean:
			problems = append(problems, q.problem(q.NoteField(thing.ID), notReadable))
		case note.twice:
			problems = append(problems, q.problem(q.NoteField(thing.ID), twice))
		case utf8.RuneCountInString(o.Note) > q.Limit():
			problems = append(problems, q.problem(q.NoteField(thing.ID), tooLong))
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

func (q Question) readText(values url.Values) (Answer, []Problem) {
	tidied := tidyLine
	switch q.Kind {
	case Words, Long:
		tidied = tidy
	case Lines:
		tidied = tidyLines
	}
	came := only(values, q.Field(), tidied)
	words, reason := came.value, ""
	switch {
	case words == "":
		return Answer{}, nil
	case !came.clean:
		reason = notReadable
	case came.twice:
		reason = twice
	case utf8.RuneCountInString(words) > q.Limit():
		reason = tooLong
	case q.Kind == Number:
		words, reason = q.number(words)
	case q.Kind == Phone && !strings.ContainsFunc(words, unicode.IsDigit):
		reason = noDigit
	}
	if reason == "" {
		return Answer{Words: words}, nil
	}
	p := q.problem(q.Field(), reason)
	switch reason {
	case tooSmall:
		p.Max = q.Least
	case tooLarge:
		p.Max = q.Most
	}
	return Answer{Draft: came.value}, []Problem{p}
}

// number reads a whole number, in the digits of any script.
func (q Question) number(words string) (number, reason string) {
	n, err := strconv.Atoi(digits(strings.ReplaceAll(words, " ", "")))
	switch {
	case err != nil:
		return "", noNumber
	case n < q.Least:
		return "", tooSmall
	case q.Most > 0 && n > q.Most:
		return "", tooLarge
	}
	return strconv.Itoa(n), ""
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

// Read takes the answers to the questions of one page. A question that was left or made empty is there, empty.
func (p Page) Read(values url.Values) (Answers, []Problem) {
	answers := Answers{}
	var problems []Problem
	for _, q := range p.Questions {
		a, more := q.Read(values)
		answers[q.ID] = a
		problems = append(problems, more...)
	}
	return answers, problems
}

// Unknown gives what was posted as an answer to a question that the form does not have, as drafts by the name that was
// posted, with a problem for each: the form may have changed since the page was opened, and words are words.
func (f Form) Unknown(values url.Values) (Answers, []Problem) {
	known := map[string]bool{}
	for _, q := range f.Questions() {
		for _, name := range q.fields() {
			known[name] = true
		}
		if q.OptionsFrom != "" {
			known[q.Field()] = true
		}
	}
	stray := Answers{}
	var problems []Problem
	for name := range values {
		id, ours := strings.CutPrefix(name, "q.")
		if !ours || known[name] || f.filled(name) {
			continue
		}
		id, _ = valid(id)
		if value := only(values, name, tidy).value; value != "" {
			stray[id] = Answer{Draft: value}
			problems = append(problems, Problem{Question: id, Field: name, Reason: unknown})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Field, b.Field) })
	return stray, problems
}

// filled reports a field of a question whose options other answers fill, so that any may have been there.
func (f Form) filled(name string) bool {
	return slices.ContainsFunc(f.Questions(), func(q Question) bool {
		return q.OptionsFrom != "" && strings.HasPrefix(name, q.Field()+".")
	})
}
