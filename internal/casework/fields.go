package casework

import (
	"strings"

	"waymark/internal/pack"
)

// The forms of the pack that make up a record, and those of their questions that the program itself has to know: what a
// child is found by, what stands beside a number, what ends the first day. All other questions are the pack's alone.
const (
	formOpen       = "record-open"
	formFirstNight = "record-first-night"
	formChild      = "record-child"
	formPerson     = "record-person"
	formPlace      = "record-place"
	formMissing    = "record-missing"
	formVoice      = "record-voice"
	formStaying    = "record-staying"
	formConcern    = "concern-check"

	openCalled = "called"
	openAge    = "age"
	openWhere  = "where"

	childNames         = "names"
	childNamesOthers   = "names-others"
	childBorn          = "born"
	childAge           = "age-stated"
	childNumber        = "number-" // what the ids of numbers begin with
	childNumbersOthers = "numbers-others"

	personName    = "name"
	personWhat    = "what"
	personSilence = "silence"
	personRules   = "rules"

	stayingKind  = "kind"
	stayingArea  = "area"
	missingWhy   = "not-done" // why parts of the missing sheet are not filled in, and who does it
	tonightSteps = "steps"
)

// followed reports a question whose answer the head of the case or the marks of the child are made from.
func followed(formID, question string) bool {
	switch formID {
	case formOpen:
		return true
	case formStaying:
		return question == stayingKind
	case formChild:
		return question == childNames || question == childNamesOthers || question == childBorn || question == childAge ||
			strings.HasPrefix(question, childNumber) || question == childNumbersOthers
	}
	return false
}

// inOrder are the forms in the order in which people read a record; what else the pack has follows.
var inOrder = []string{formChild, formVoice, formStaying, formPerson, formPlace, formMissing, formFirstNight}

// recordForm reports a form of the pack that a record may hold.
func recordForm(id string) bool {
	return strings.HasPrefix(id, "record-") && id != formOpen
}

// recordForms are the forms of a record, but for those that are opened with a reason only.
func recordForms(p *pack.Pack) []pack.Form {
	var all []pack.Form
	seen := map[string]bool{}
	add := func(f pack.Form) {
		if recordForm(f.ID) && !f.Reason && !seen[f.ID] {
			seen[f.ID] = true
			all = append(all, f)
		}
	}
	for _, id := range inOrder {
		if f, ok := p.Forms.Get(id); ok {
			add(f)
		}
	}
	for _, f := range p.Forms.All() {
		add(f)
	}
	return all
}
