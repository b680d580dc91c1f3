package casework

import (
	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// How what a note says is known.
const (
	sourceSeen   = "seen"   // the writer saw or heard it
	sourceSaid   = "said"   // the child's own words
	sourceTold   = "told"   // somebody else told it
	sourceRecord = "record" // it stands in a record
)

var noteSources = []string{sourceSeen, sourceSaid, sourceTold, sourceRecord}

const (
	noteLong  = 8_000
	noteQuote = 4_000
)

// noteForm is what a note asks. Corrections do not ask for the child's words: those stay as they were written down.
func noteForm(r *web.Request, correcting bool) form.Form {
	ask := func(id string, kind form.Kind, max int) form.Question {
		return form.Question{ID: id, Kind: kind, Max: max, Says: r.Say("case.note." + id), Hint: hinted(r, "case.note."+id+".hint")}
	}
	when, how := ask("when", form.Moment, 0), ask("how", form.One, 0)
	when.Days = form.NotFuture
	for _, source := range noteSources {
		how.Options = append(how.Options, form.Option{ID: source, Says: r.Say("case.note.source." + source)})
	}
	questions := []form.Question{ask("words", form.Long, noteLong)}
	if !correcting {
		questions = append(questions, ask("said", form.Long, noteQuote), ask("language", form.Line, 200))
	}
	questions = append(questions, when, how, ask("teller", form.Line, 200), ask("record", form.Line, 200))
	if correcting {
		questions = append(questions, ask("why", form.Line, 300))
	}
	return form.Form{ID: "note", Version: 1, Pages: []form.Page{{ID: "note", Questions: questions}}}.On(clock.Today(r.Now))
}

// hinted is a hint, or nothing where the words have none.
func hinted(r *web.Request, key string) string {
	switch key {
	case "case.note.words.hint", "case.note.teller.hint", "case.note.record.hint":
		return ""
	}
	return r.Say(key)
}

// noteProblems are what a note still needs, beside what does not fit a field.
func noteProblems(a form.Answers, said string) []form.Problem {
	var all []form.Problem
	missing := func(question, field, reason string) {
		all = append(all, form.Problem{Question: question, Field: "q." + field, Reason: reason})
	}
	how := a["how"].One()
	switch {
	case how == "":
		missing("how", "how", "case.note.missing.how")
	case how == sourceSaid && said == "" && a["said"].Words == "":
		missing("said", "said", "case.note.missing.said")
	case how == sourceTold && a["teller"].Words == "":
		missing("teller", "teller", "case.note.missing.teller")
	case how == sourceRecord && a["record"].Words == "":
		missing("record", "record", "case.note.missing.record")
	}
	if a["words"].Words == "" && a["said"].Words == "" && said == "" {
		missing("words", "words", "case.note.missing.empty")
	}
	return all
}

// noteFrom makes of answers what a note says.
func noteFrom(a form.Answers) noteWords {
	n := noteWords{
		When: a["when"].Words, Said: seal.Hide(a["said"].Words), Language: seal.Hide(a["language"].Words),
		Words: seal.Hide(a["words"].Words), Why: seal.Hide(a["why"].Words),
	}
	switch a["how"].One() { // what was typed for another source, and then not meant, is not said
	case sourceTold:
		n.Teller = seal.Hide(a["teller"].Words)
	case sourceRecord:
		n.Record = seal.Hide(a["record"].Words)
	}
	return n
}

// answersOf is a note as its form shows it, for a correction.
func (n Note) answersOf() form.Answers {
	return form.Answers{
		"when": {Words: n.When}, "how": {Picked: []string{n.Source}}, "teller": {Words: n.Teller.Reveal()},
		"record": {Words: n.Record.Reveal()}, "words": {Words: n.Words.Reveal()},
	}
}
