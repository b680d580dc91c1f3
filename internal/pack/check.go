package pack

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"waymark/internal/block"
)

var goodID = regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*|[A-Z]{2}[0-9]{2,3})$`)

// checker gathers what is wrong in a joined pack.
type checker struct {
	*Pack
	faults Faults
}

func (c *checker) fault(at Place, format string, args ...any) {
	c.faults = append(c.faults, Fault{at, fmt.Sprintf(format, args...)})
}

func (c *checker) warn(at Place, format string, args ...any) {
	c.Warnings = append(c.Warnings, Fault{at, fmt.Sprintf(format, args...)})
}

// check looks at everything that no single file can show.
func (p *Pack) check() Faults {
	c := &checker{Pack: p}
	if !p.OfficeHours.Known || !p.Night.Known {
		c.fault(Place{File: "pack.yaml"}, "a national pack says its office_hours and its night, each a list such as [{days: mon-fri, from: \"09:00\", to: \"17:00\"}]")
	}
	c.heads()
	c.register()
	c.indicators()
	c.settings()
	c.forms()
	c.advice()
	c.library()
	c.guidance()
	c.bodies()
	c.words()
	c.published()
	if p.Manifest.Extends != "" && p.Manifest.MadeAgainst != p.Layers[0].Version {
		c.warn(Place{File: "pack.yaml"}, "was made against version %q of %s, which is now %s; read `waymark pack diff`, then set made_against", p.Manifest.MadeAgainst, p.Layers[0].ID, p.Layers[0].Version)
	}
	return c.faults
}

// ours are the kinds that are our own work, so that they need no source.
var ours = map[string]bool{"sources": true, "words": true, "examples": true, "changes": true, "groups": true, "types": true}

// shelves gives every item's head by kind, in the order of the kinds.
func (p *Pack) shelves(visit func(kind string, item *Item, whole any)) {
	shelfEach(p.Sources, "sources", visit)
	shelfEach(p.Contacts, "contacts", visit)
	shelfEach(p.Areas, "areas", visit)
	shelfEach(p.Holidays, "holidays", visit)
	shelfEach(p.Groups, "groups", visit)
	shelfEach(p.Types, "types", visit)
	shelfEach(p.Indicators, "indicators", visit)
	shelfEach(p.Settings, "settings", visit)
	shelfEach(p.Forms, "forms", visit)
	shelfEach(p.Advice, "advice", visit)
	shelfEach(p.Records, "records", visit)
	shelfEach(p.Texts, "texts", visit)
	shelfEach(p.Words, "words", visit)
	shelfEach(p.Examples, "examples", visit)
	shelfEach(p.Changes, "changes", visit)
	shelfEach(p.Chapters, "chapters", visit)
}

func shelfEach[T any](s Shelf[T], kind string, visit func(string, *Item, any)) {
	for i := range s.all {
		visit(kind, headOf(reflect.ValueOf(&s.all[i]).Elem()), &s.all[i])
	}
}

// heads checks what every item carries.
func (c *checker) heads() {
	c.shelves(func(kind string, item *Item, _ any) {
		one := one1("a file's " + kind)
		if kind == "chapters" {
			one = "a chapter"
		}
		switch {
		case item.ID == "":
			c.fault(item.At, "%s lacks an id; give it one that never changes", one)
		case !goodID.MatchString(item.ID):
			c.fault(item.At, "the id %q has signs that an id may not; use small letters, digits and hyphens", item.ID)
		}
		c.about(item.At, item.About, fmt.Sprintf("%s %q", one, item.ID), !ours[kind])
	})
}

func (c *checker) about(at Place, a About, what string, needsSource bool) {
	if a.Owner == "" {
		c.fault(at, "%s has no owner; say in the file's about who answers for it", what)
	}
	if a.Reviewed.IsZero() || a.ReviewBy.IsZero() {
		c.fault(at, "%s has no dates of review; give reviewed and review_by in the file's about", what)
	} else if !a.Reviewed.Before(a.ReviewBy) {
		c.fault(at, "%s is to be reviewed by %s, which is not after it was reviewed on %s", what, a.ReviewBy, a.Reviewed)
	}
	if !needsSource {
		return
	}
	if len(a.Source) == 0 {
		c.fault(at, "%s has no source; name at least one id of a source", what)
	}
	if a.Certainty == "" {
		c.fault(at, "%s does not say how certain it is; give certainty: confirmed, derived, background or unconfirmed", what)
	} else if !a.Certainty.Sure() && a.Doubt == "" {
		c.fault(at, "%s is %s but says no doubt; add a sentence of what is not sure", what, a.Certainty)
	}
	for _, id := range a.Source {
		c.known(at, c.Sources.byID, "source", id, what)
	}
}

func (c *checker) known(at Place, ids map[string]int, kind, id, what string) {
	if _, ok := ids[id]; !ok {
		near := ""
		for other := range ids {
			if n := slips(id, other); n <= 2 && (near == "" || other < near) {
				near = other
			}
		}
		if near != "" {
			c.fault(at, "%s names the %s %q, which is not in the pack; did you mean %q?", what, kind, id, near)
			return
		}
		c.fault(at, "%s names the %s %q, which is not in the pack; add it, or mend the id", what, kind, id)
	}
}

// register: the two numbers without which nothing starts, and the shape of all others.
func (c *checker) register() {
	for _, role := range []string{"emergency", "police"} {
		all := c.Role(role, "")
		if len(all) != 1 || len(all[0].Phones) == 0 {
			c.fault(Place{File: "contacts.yaml"}, "the register needs exactly one contact with the role %s and a number; without it nothing starts", role)
		}
	}
	dial := regexp.MustCompile(`^[+0-9][0-9 ()-]{2,20}$`)
	for _, contact := range c.Contacts.all {
		if contact.Name == "" {
			c.fault(contact.At, "contact %q has no name", contact.ID)
		}
		for _, phone := range contact.Phones {
			if !dial.MatchString(phone.Number) {
				c.fault(contact.At, "contact %q has the number %q; write it as it is dialled, with spaces, in quotes", contact.ID, phone.Number)
			}
		}
		if contact.Area != "" {
			c.known(contact.At, c.Areas.byID, "area", contact.Area, "contact "+contact.ID)
		}
		if len(contact.Phones) == 0 && contact.Email == "" && contact.URL == "" && contact.Find.Source == "" {
			c.fault(contact.At, "contact %q has no way to reach it; give a number, an address, or say in `find` how to find one", contact.ID)
		}
	}
	for _, h := range c.Holidays.all {
		if h.Date.IsZero() || len(h.Nations) == 0 {
			c.fault(h.At, "holiday %q needs a date and its nations", h.ID)
		}
	}
}

func (c *checker) indicators() {
	for _, i := range c.Indicators.all {
		what := "indicator " + i.ID
		if i.Says.Source == "" || i.Lineage == "" {
			c.fault(i.At, "%s needs its words (says) and its lineage", what)
		}
		c.known(i.At, c.Groups.byID, "group", i.Group, what)
		for _, t := range i.Types {
			c.known(i.At, c.Types.byID, "type", t, what)
		}
	}
}

func (c *checker) settings() {
	for i := range c.Settings.all {
		s := &c.Settings.all[i]
		what := "setting " + s.ID
		for _, field := range []struct {
			key  string
			body Body
		}{{"who", s.Who}, {"inside", s.Inside}, {"others", s.Others}, {"write", s.Write}, {"no_answer", s.NoAnswer},
			{"below_threshold", s.BelowThreshold}, {"told_to_wait", s.ToldToWait}, {"disagreement", s.Disagreement}, {"files", s.Files}} {
			if field.body.Source == "" {
				c.fault(s.At, "%s lacks %s; somebody in that place would not know what to do", what, field.key)
			}
		}
		if s.Name == "" || s.Short == "" || s.Lead == "" || len(s.Never) == 0 {
			c.fault(s.At, "%s needs name, short, lead and never", what)
		}
		if n := len(s.Signs); n < 8 || n > 15 {
			c.fault(s.At, "%s has %d signs; it takes 8 to 15, few enough to read on a phone", what, n)
		}
		own := map[string]bool{}
		for _, sign := range s.Signs {
			c.sign(s, sign, own)
		}
		if len(s.Card.Signs) != 5 || s.Card.First.Source == "" || s.Card.Never.Source == "" {
			c.fault(s.At, "the card of %s needs five signs, first and never", what)
		}
		for _, id := range s.Card.Signs {
			if !own[id] {
				c.fault(s.At, "the card of %s shows the sign %q, which that setting does not have", what, id)
			}
		}
	}
}

func (c *checker) sign(s *Setting, sign Sign, own map[string]bool) {
	what := fmt.Sprintf("sign %q", sign.ID)
	switch {
	case !strings.HasPrefix(sign.ID, s.ID+"-") || !goodID.MatchString(sign.ID):
		c.fault(sign.At, "%s should have an id that begins with %q", what, s.ID+"-")
	case own[sign.ID]:
		c.fault(sign.At, "%s stands twice in the setting %s", what, s.ID)
	case sign.Says.Source == "" || sign.Part == "":
		c.fault(sign.At, "%s needs its words (says) and its part (child, adults, travel, body)", what)
	}
	own[sign.ID] = true
	c.known(sign.At, c.Indicators.byID, "indicator", sign.Indicator, what)
	c.about(sign.At, sign.About, what, true)
}

func (c *checker) forms() {
	for _, f := range c.Forms.all {
		if f.Version < 1 || len(f.Pages) == 0 {
			c.fault(f.At, "form %q needs a version of at least 1 and a page", f.ID)
		}
		pages := map[string]bool{}
		for _, page := range f.Pages {
			if page.ID == "" || page.Title == "" || pages[page.ID] {
				c.fault(f.At, "form %q: each page needs a title and an id of its own (%q)", f.ID, page.ID)
			}
			pages[page.ID] = true
			c.questions(f, page)
		}
	}
}

func (c *checker) questions(f Form, page FormPage) {
	seen := map[string]bool{}
	for _, q := range page.Questions {
		what := fmt.Sprintf("form %q, page %q, question %q", f.ID, page.ID, q.ID)
		if q.ID == "" || q.Says == "" || q.Kind == "" || seen[q.ID] {
			c.fault(f.At, "%s: each question needs words, a kind and an id of its own", what)
		}
		seen[q.ID] = true
		picks := q.Kind == "ticks" || q.Kind == "one" || q.Kind == "buttons" || q.Kind == "observation"
		if picks && len(q.Options) == 0 && q.OptionsFrom == "" {
			c.fault(f.At, "%s has nothing to pick; give options or options_from", what)
		}
		ids := map[string]bool{}
		for _, o := range append(slices.Clone(q.Options), q.Gaps...) {
			if o.ID == "" || o.Says == "" || ids[o.ID] {
				c.fault(f.At, "%s: each option needs words and an id of its own (%q)", what, o.ID)
			}
			ids[o.ID] = true
		}
	}
}

func (c *checker) advice() {
	for _, a := range c.Advice.all {
		what := fmt.Sprintf("advice %q", a.ID)
		if a.Section == "" || a.Says.Source == "" {
			c.fault(a.At, "%s needs a section and its words (says)", what)
		}
		if a.step() && (a.Who == "" || a.By == "" || a.Strength == "" || a.Why.Source == "") {
			c.fault(a.At, "%s is a step, so it says who, by (a time), strength (must or should) and why", what)
		}
		if a.Strength == "must" && !c.law(a.About) {
			c.fault(a.At, "%s says must, but none of its sources is a law; name one with `law: true`, or write should", what)
		}
		for _, id := range a.InsteadOf {
			c.known(a.At, c.Advice.byID, "advice", id, what)
			if id == a.ID {
				c.fault(a.At, "%s stands instead of itself", what)
			}
		}
		for _, id := range a.Call {
			if len(c.Role(id, "")) == 0 && !isRole(id) {
				c.known(a.At, c.Contacts.byID, "contact", id, what)
			}
		}
	}
}

func (c *checker) law(a About) bool {
	return slices.ContainsFunc(a.Source, func(id string) bool {
		s, _ := c.Sources.Get(id)
		return s.Law
	})
}

func isRole(s string) bool {
	return s == "emergency" || s == "police" || s == "front-door" || s == "out-of-hours"
}

var publishedOn = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?$`)

func (c *checker) library() {
	for _, r := range c.Records.all {
		what := fmt.Sprintf("record %q", r.ID)
		if r.Title == "" || r.Publisher == "" || r.Kind == "" || r.State == "" || r.Format == "" || r.MayCopy == "" || r.Summary.Source == "" {
			c.fault(r.At, "%s needs title, publisher, kind, state, format, summary and may_copy", what)
		}
		if r.Published != "" && !publishedOn.MatchString(r.Published) {
			c.fault(r.At, "%s was published %q; write a year, a month such as 2011-03 or a day such as 2011-03-01", what, r.Published)
		}
		if r.Where == "" && r.WhereNote.Source == "" {
			c.fault(r.At, "%s has no address; say in where_note that it is unknown and how to ask", what)
		}
		if r.State != "current" && r.StateNote.Source == "" {
			c.fault(r.At, "%s is %s; say in state_note what that means here", what, r.State)
		}
		for _, id := range r.SupersededBy {
			c.known(r.At, c.Records.byID, "record", id, what)
		}
		for _, id := range r.Settings {
			c.known(r.At, c.Settings.byID, "setting", id, what)
		}
		for _, id := range r.Types {
			c.known(r.At, c.Types.byID, "type", id, what)
		}
	}
}

func (c *checker) guidance() {
	for _, chapter := range c.Chapters.all {
		if chapter.Title == "" || chapter.Summary.Source == "" {
			c.fault(chapter.At, "chapter %q needs a title and a summary in its head", chapter.ID)
		}
		seen := map[string]bool{}
		for _, part := range chapter.Body.Body {
			c.paragraph(chapter, part, seen)
		}
		for _, see := range chapter.See {
			kind, id, _ := strings.Cut(see, ":")
			c.target(chapter.At, block.Target{Kind: kind, ID: id}, "`see` of chapter "+chapter.ID)
		}
	}
	for _, change := range c.Changes.all {
		for _, id := range change.Chapters {
			c.known(change.At, c.Chapters.byID, "chapter", id, "change "+change.ID)
		}
	}
}

func (c *checker) paragraph(chapter Chapter, part block.Block, seen map[string]bool) {
	at := Place{File: chapter.At.File, Line: part.Mark.Line, Column: 1}
	m := part.Mark
	switch {
	case m.ID == "":
		c.fault(at, "this part has no mark; end it with {#some-id}, so that people can point to it")
		return
	case seen[m.ID]:
		c.fault(at, "the mark {#%s} stands twice in this chapter", m.ID)
	}
	seen[m.ID] = true
	a := ParagraphAbout(chapter, part)
	c.about(at, a, "paragraph #"+m.ID, true)
	if m.Strength != "" && m.Strength != "must" && m.Strength != "should" {
		c.fault(at, "paragraph #%s has the strength %q; it is must or should", m.ID, m.Strength)
	}
	if m.Strength == "must" && !c.law(a) {
		c.fault(at, "paragraph #%s says must, but none of its sources is a law; name one with `law: true`, or write should", m.ID)
	}
}

// ParagraphAbout is what a paragraph carries: its own mark, and the chapter's head where the mark is silent.
func ParagraphAbout(chapter Chapter, part block.Block) About {
	own := About{Source: part.Mark.Source, Certainty: Certainty(part.Mark.Certainty), Doubt: part.Mark.Doubt}
	return inherited(own, chapter.About)
}
