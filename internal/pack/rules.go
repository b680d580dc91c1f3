package pack

import (
	"errors"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"waymark/internal/rule"
)

// NoFacts names every fact that a condition may use, with its type and its emptiest value.
// docs/content.md says what each means; the concern check fills them.
func NoFacts() rule.Facts {
	return rule.Facts{
		"now": "", "rung": "", "setting": "", "lead": false, "files": false, "area": "", "nation": "",
		"signs": []string{}, "indicators": []string{}, "tags": []string{},
		"feeling": false, "other": false, "nothing": false, "skipped": false,
		"night": false, "weekend": false, "holiday": false, "office_hours": false, "front_door_known": false,
	}
}

var language = sync.OnceValues(func() (*rule.Language, error) { return rule.NewLanguage(NoFacts()) })

// readRules types every condition of a file where it stands, so that a fault points into it.
func (d *decoder) readRules(node ast.Node, own *file) {
	l, err := language()
	if err != nil {
		d.faults = append(d.faults, Fault{Place{File: d.name}, err.Error()})
		return
	}
	read := func(l *rule.Language, source string, path ...any) rule.Rule {
		r, err := l.Read(source)
		var wrong *rule.Error
		if errors.As(err, &wrong) {
			at := placeOf(d.name, find(node, path...).GetToken())
			at.Column += wrong.Column - 1
			d.faults = append(d.faults, Fault{at, fmt.Sprintf("the condition %s", wrong.Says)})
		}
		return r
	}
	for i := range own.Advice {
		own.Advice[i].Rule = read(l, own.Advice[i].When, "advice", i, "when")
	}
	d.readForms(own, l, read)
	for i := range own.Words {
		w := &own.Words[i]
		w.find = d.pattern(find(node, "words", i, "not"), w.Not)
		for j, e := range w.Except {
			w.except = append(w.except, d.pattern(find(node, "words", i, "except", j), e))
		}
	}
}
