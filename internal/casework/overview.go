package casework

import (
	"github.com/a-h/templ"

	"waymark/internal/form"
	"waymark/internal/web"
)

// overviewView is the first page of a case: what is known, where the child is staying, and who is around the child.
type overviewView struct {
	Case     Case
	Same     []sameView
	Day      dayView
	Begun    []form.Answered // what was written in the first minute
	Parts    []part
	Persons  []reach
	Add      string // where a person is added
	Checks   []sheetLine
	MayWrite bool
}

// part is one sheet in short.
type part struct {
	Title, Path string
	Lines       []form.Answered
}

// inShort are the sheets of which the overview shows what is known. The child's own page comes with the child.
var inShort = []string{formChild, formStaying, formVoice}

func (c *Casework) overview(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	all, err := c.sheets(r, k, key)
	if err != nil {
		return nil, err
	}
	v := overviewView{Case: k, Add: k.Path("sheets", "new", formPerson), MayWrite: mayWrite(r, k)}
	if v.Same, err = c.same(r, k); err != nil {
		return nil, err
	}
	if v.Day, err = c.day(r, k, key); err != nil {
		return nil, err
	}
	for _, f := range of(all, formOpen) {
		v.Begun = f.known(r)
	}
	for _, id := range inShort {
		f, ok := r.Pack.Forms.Get(id)
		if !ok {
			continue
		}
		p := part{Title: f.Title, Path: k.Path("sheets", id)}
		for _, one := range of(all, id) {
			p.Lines = one.known(r)
		}
		v.Parts = append(v.Parts, p)
	}
	for _, f := range of(all, formPerson) {
		v.Persons = append(v.Persons, reachOf(r, k, f))
	}
	for _, f := range of(all, formConcern) {
		v.Checks = append(v.Checks, sheetLine{r.Say("case.import.sheet"), k.sheetPath(f.Sheet), f.sourceLine(r)})
	}
	return c.page(r, k, "overview", overviewPage(v))
}

func here(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}
