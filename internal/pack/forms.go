package pack

import (
	"fmt"
	"strings"

	"waymark/internal/form"
	"waymark/internal/rule"
)

// ownRules is how many forms of one file may have conditions of their own: each needs a language made for it.
const ownRules = 40

// reader types one condition where it stands.
type reader func(l *rule.Language, source string, path ...any) rule.Rule

// readForms makes every form of a file ready for the engine, but for what only the whole pack knows.
func (d *decoder) readForms(own *file, check *rule.Language, read reader) {
	made := 0
	for i := range own.Forms {
		f := &own.Forms[i]
		l := check
		if f.Facts != "check" && f.conditions() {
			if made++; made > ownRules {
				d.faultAt(f.At, "form %q is one of more than %d forms with conditions in this file; put it into a file of its own", f.ID, ownRules)
				continue
			}
			var err error
			if l, err = rule.NewLanguage(f.noFacts()); err != nil {
				d.faultAt(f.At, "form %q has a question whose id a condition cannot name: %v; give it another id", f.ID, err)
				continue
			}
		}
		f.Ready = form.Form{ID: f.ID, Version: f.Version}
		for j, page := range f.Pages {
			ready := form.Page{ID: page.ID, Title: page.Title, Body: page.Body.Body, When: read(l, page.When, "forms", i, "pages", j, "when")}
			for k, q := range page.Questions {
				one := q.ready()
				one.When = read(l, q.When, "forms", i, "pages", j, "questions", k, "when")
				ready.Questions = append(ready.Questions, one)
			}
			f.Ready.Pages = append(f.Ready.Pages, ready)
		}
	}
}

// conditions reports whether the form has any.
func (f Form) conditions() bool {
	for _, page := range f.Pages {
		if page.When != "" {
			return true
		}
		for _, q := range page.Questions {
			if q.When != "" {
				return true
			}
		}
	}
	return false
}

// noFacts names every question of the form as its conditions may, with its emptiest value.
func (f Form) noFacts() rule.Facts {
	var bare form.Form
	for _, page := range f.Pages {
		var p form.Page
		for _, q := range page.Questions {
			p.Questions = append(p.Questions, form.Question{ID: q.ID, Kind: form.Kind(q.Kind)})
		}
		bare.Pages = append(bare.Pages, p)
	}
	return bare.Facts(nil)
}

func (q FormQuestion) ready() form.Question {
	return form.Question{
		ID: q.ID, Kind: form.Kind(q.Kind), Says: q.Says, Hint: q.Hint, Note: q.Note,
		Options: options(q.Options), OptionsFrom: q.OptionsFrom, About: options(q.Things), Max: q.Max,
		Least: q.Least, Most: q.Most, Unit: q.Unit, Days: form.Days(q.Days), Gaps: options(q.Gaps),
		Why: q.Why, WhoKnows: q.WhoKnows, ChildWouldAnswer: q.ChildWouldAnswer, Optional: q.Optional,
	}
}

func options(all []FormOption) []form.Option {
	var out []form.Option
	for _, o := range all {
		out = append(out, form.Option{ID: o.ID, Says: o.Says, Hint: o.Hint})
	}
	return out
}

// readyForms gives each question what stands elsewhere in the pack: the form's list of gaps, and its place in the guidance.
func (p *Pack) readyForms() {
	for i := range p.Forms.all {
		f := &p.Forms.all[i]
		shared, _ := p.Gaps.Get(f.Gaps)
		for j, page := range f.Ready.Pages {
			for k := range page.Questions {
				written, ready := f.Pages[j].Questions[k], &page.Questions[k]
				if len(written.Gaps) == 0 && !written.NoGaps && !written.Optional {
					ready.Gaps = options(shared.Reasons)
				}
				id, mark, _ := strings.Cut(written.Guidance, "#")
				if chapter, ok := p.Chapters.Get(id); ok && id != "" {
					ready.Guidance = form.Link{Words: chapter.Title, Href: "/guidance/" + id}
					if mark != "" {
						ready.Guidance.Href += "#" + mark
					}
				}
			}
		}
	}
}

// forms checks what no single question can show.
func (c *checker) forms() {
	for _, list := range c.Gaps.all {
		c.distinct(fmt.Sprintf("the list of gaps %q", list.ID), list.Reasons)
		if len(list.Reasons) == 0 {
			c.fault(list.At, "the list of gaps %q holds no reason; give at least one", list.ID)
		}
	}
	for _, f := range c.Forms.all {
		c.form(f)
	}
}

func (c *checker) form(f Form) {
	what := fmt.Sprintf("form %q", f.ID)
	if f.Version < 1 || len(f.Pages) == 0 {
		c.fault(f.At, "%s needs a version of 1 or more, and a page", what)
	}
	if f.Gaps != "" {
		known(c, f.At, c.Gaps, f.Gaps, what)
	}
	pages, kinds := map[string]bool{}, map[string]string{}
	for _, page := range f.Pages {
		if pages[page.ID] {
			c.fault(page.At, "%s has two pages with the id %q; give one another id", what, page.ID)
		}
		pages[page.ID] = true
		here := map[string]bool{}
		for _, q := range page.Questions {
			if kind, twice := kinds[q.ID]; here[q.ID] {
				c.fault(q.At, "the page %q has two questions with the id %q; give one another id", page.ID, q.ID)
			} else if twice && kind != q.Kind {
				c.fault(q.At, "the question %q is a %s here and a %s on an earlier page; give one of the two another id", q.ID, q.Kind, kind)
			}
			here[q.ID], kinds[q.ID] = true, q.Kind
			c.question(q)
		}
	}
	if f.NamedBy != "" && kinds[f.NamedBy] == "" {
		c.fault(f.At, "%s is named by the question %q, which it does not have; mend the id", what, f.NamedBy)
	}
	if f.Many != (f.NamedBy != "") {
		c.fault(f.At, "%s needs both `many` and `named_by`, or neither: what is there many times has to be told apart", what)
	}
	if f.Facts != "check" {
		c.order(f)
	}
}

// order refuses a condition over a question that has not been asked by then: it would show nothing, or change the page
// under the reader's hands.
func (c *checker) order(f Form) {
	asked := map[string]bool{}
	late := func(at Place, what string, r rule.Rule) {
		for _, fact := range r.Uses() {
			if !asked[fact] {
				c.fault(at, "%s looks at %s, which is not asked on an earlier page; move it to a page behind that question", what, fact)
			}
		}
	}
	for i, page := range f.Pages {
		late(page.At, fmt.Sprintf("the condition of page %q", page.ID), f.Ready.Pages[i].When)
		for j, q := range page.Questions {
			late(q.At, fmt.Sprintf("the condition of question %q", q.ID), f.Ready.Pages[i].Questions[j].When)
		}
		for _, q := range page.Questions {
			asked[form.FactName(q.ID)] = true
		}
	}
}

// only names for a key of a question the kinds that have a use for it.
var only = map[string]string{
	"options": "ticks one buttons observation", "options_from": "ticks one observation", "things": "observation", "note": "observation",
	"max": "text line long lines phone reference observation", "least": "number", "most": "number", "unit": "number", "days": "date moment",
}

func (c *checker) question(q FormQuestion) {
	what := fmt.Sprintf("the question %q", q.ID)
	if !goodID.MatchString(q.ID) {
		c.fault(q.At, "the id %q may hold only small letters, digits and single hyphens, such as %q", q.ID, tidyID(q.ID))
	}
	for _, use := range []struct {
		key  string
		used bool
	}{
		{"options", len(q.Options) > 0}, {"options_from", q.OptionsFrom != ""}, {"things", len(q.Things) > 0}, {"note", q.Note != ""},
		{"max", q.Max != 0}, {"least", q.Least != 0}, {"most", q.Most != 0}, {"unit", q.Unit != ""}, {"days", q.Days != ""},
	} {
		if use.used && !strings.Contains(" "+only[use.key]+" ", " "+q.Kind+" ") {
			c.fault(q.At, "%s is a %s, which has no use for `%s`; take it out, or give it another kind", what, q.Kind, use.key)
		}
	}
	picks := q.Kind == "ticks" || q.Kind == "one" || q.Kind == "buttons" || q.Kind == "observation"
	if picks && len(q.Options) == 0 && q.OptionsFrom == "" {
		c.fault(q.At, "%s has nothing to pick; give options or options_from", what)
	}
	if q.Kind == "observation" && len(q.Things) == 0 && q.OptionsFrom == "" {
		c.fault(q.At, "%s observes nothing; give things or options_from", what)
	}
	if q.Max < 0 || q.Most < 0 || q.Most > 0 && q.Least > q.Most {
		c.fault(q.At, "%s has limits between which nothing lies; mend max, least or most", what)
	}
	if len(q.Gaps) > 0 && q.NoGaps {
		c.fault(q.At, "%s gives gaps and says no_gaps; take one of the two out", what)
	}
	c.distinct(what, q.Options, q.Gaps)
	c.distinct(what, q.Things)
	for _, thing := range q.Things {
		if thing.ID == "gap" {
			c.fault(thing.At, "%s observes a thing with the id \"gap\", which is what a reason for no answer is called; give it another id", what)
		}
	}
	if q.Guidance != "" {
		c.pointed(q.At, q.Guidance, what)
	}
}

// distinct refuses two options with one id.
func (c *checker) distinct(what string, lists ...[]FormOption) {
	ids := map[string]bool{}
	for _, list := range lists {
		for _, o := range list {
			if ids[o.ID] {
				c.fault(o.At, "%s has two options with the id %q; give one another id", what, o.ID)
			}
			ids[o.ID] = true
		}
	}
}

// pointed checks a place in the guidance: a chapter, or chapter#mark.
func (c *checker) pointed(at Place, to, what string) {
	id, mark, _ := strings.Cut(to, "#")
	known(c, at, c.Chapters, id, what)
	if chapter, ok := c.Chapters.Get(id); ok && mark != "" && !hasMark(chapter, mark) {
		c.fault(at, "%s points to the paragraph #%s of chapter %q, which is not there; mend it, or mark the paragraph with {#%s}", what, mark, id, mark)
	}
}
