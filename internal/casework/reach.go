package casework

import (
	"waymark/internal/form"
	"waymark/internal/web"
)

// reach is a person around the child as every page shows them: their numbers never without what holds for them.
type reach struct {
	Name     string
	What     string // what they are to the child, in the pack's words
	Relation string
	Path     string // of their sheet
	Lines    []form.Answered
	Rules    []string // "Never ring", in the pack's words
	Silence  bool     // nobody tells or asks them anything
	Safe     []form.Answered
}

// The questions of a person's sheet by which somebody is reached, and those that say how it is safe.
var (
	reachedBy = []string{"phone", "phone-night", "reach-others"}
	safeBy    = []string{"safe-times", "safe-words", "not-shared", "silence-agreed"}
	// silent are those whom nobody tells or asks anything, unless somebody wrote down that it was agreed: an adult who
	// presents as a carer, a private foster carer whom nobody has assessed, and an adult of concern.
	silent = []string{"presenting-carer", "private-fostering", "adult-of-concern"}
)

// reachOf is the one way from a person's sheet to what pages show of it. Whatever shows a number or an address of a
// person goes through it, so that a rule is never left behind.
func reachOf(r *web.Request, k Case, f filled) reach {
	say := web.FormSay(r)
	answers := f.Answers()
	words := func(id string) []string {
		q, _ := f.Asked.Question(id)
		return q.InWords(answers[id], say)
	}
	first := func(id string) string {
		if all := words(id); len(all) > 0 {
			return all[0]
		}
		return ""
	}
	p := reach{Name: first(personName), What: first(personWhat), Relation: first("relation"), Path: k.sheetPath(f.Sheet), Rules: words(personRules)}
	if p.Name == "" {
		p.Name = f.Form.Title
	}
	for _, kind := range silent {
		p.Silence = p.Silence || answers[personWhat].Is(kind) && !answers[personSilence].Is("agreed")
	}
	lines := func(ids []string) (out []form.Answered) {
		for _, id := range ids {
			q, _ := f.Asked.Question(id)
			if said := words(id); len(said) > 0 {
				out = append(out, form.Answered{Question: id, Says: q.Says, Answer: said})
			}
		}
		return out
	}
	p.Lines, p.Safe = lines(reachedBy), lines(safeBy)
	return p
}

// guardedRule reports anything that must be read before somebody is reached.
func (p reach) guardedRule() bool { return p.Silence || len(p.Rules) > 0 }
