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
	c.manifest()
	c.heads()
	c.register()
	c.indicators()
	c.settings()
	c.forms()
	c.advice()
	c.library()
	c.guidance()
	c.bodies()
	c.examples()
	c.never()
	c.words()
	c.published()
	return c.faults
}

// manifest checks what a pack says of itself beside what it must say.
func (c *checker) manifest() {
	at := Place{File: "pack.yaml"}
	if !c.OfficeHours.Known || !c.Night.Known {
		c.fault(at, "a national pack says its office_hours and its night, each a list such as [{days: mon-fri, from: \"09:00\", to: \"17:00\"}]")
	}
	m, below := c.Manifest, c.Layers[0]
	switch {
	case m.Extends == "" && m.MadeAgainst != "":
		c.fault(at, "says made_against, but this pack extends no other; take the line out")
	case m.Extends != "" && m.MadeAgainst == "":
		c.warn(at, "does not say made_against; write the version of %s against which you checked it, now %s", below.ID, below.Version)
	case m.Extends != "" && m.MadeAgainst != below.Version:
		c.warn(at, "was made against version %s of %s, which is now %s; read `waymark pack diff`, then set made_against", m.MadeAgainst, below.ID, below.Version)
	}
}

// ours are the kinds that are our own work, so that they need no source.
var ours = map[string]bool{"sources": true, "words": true, "examples": true, "changes": true, "gaps": true, "groups": true, "types": true, "parts": true}

// shelves gives every item's head by kind, in the order of the kinds.
func (p *Pack) shelves(visit func(kind string, item *Item, whole any)) {
	shelfEach(p.Sources, "sources", visit)
	shelfEach(p.Contacts, "contacts", visit)
	shelfEach(p.Areas, "areas", visit)
	shelfEach(p.Holidays, "holidays", visit)
	shelfEach(p.Groups, "groups", visit)
	shelfEach(p.Types, "types", visit)
	shelfEach(p.Parts, "parts", visit)
	shelfEach(p.Indicators, "indicators", visit)
	shelfEach(p.Settings, "settings", visit)
	shelfEach(p.Gaps, "gaps", visit)
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
		if !goodID.MatchString(item.ID) {
			c.fault(item.At, "the id %q may hold only small letters, digits and single hyphens, such as %q", item.ID, tidyID(item.ID))
		}
		c.about(item.At, item.About, fmt.Sprintf("%s %q", oneOf(kind), item.ID), !ours[kind])
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
		known(c, at, c.Sources, id, what)
	}
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// tidyID is an id like the one that was meant.
func tidyID(id string) string {
	if id = strings.Trim(notInID.ReplaceAllString(strings.ToLower(id), "-"), "-"); id != "" {
		return id
	}
	return "some-name"
}

// known refuses the id of something that the pack does not have, and looks for the one that was meant.
func known[T interface{ Key() string }](c *checker, at Place, all Shelf[T], id, what string) {
	if _, ok := all.Get(id); ok {
		return
	}
	if slices.Contains(c.Hidden, all.kind+":"+id) {
		c.fault(at, "%s needs the %s %q, which this pack hides; hide or replace that one too, or stop hiding it", what, oneOf(all.kind), id)
		return
	}
	near := ""
	for other := range all.byID {
		if n := slips(id, other); n <= 2 && len(id) > 4 && (near == "" || other < near) {
			near = other
		}
	}
	if near != "" {
		c.fault(at, "%s names the %s %q, which is not in the pack; did you mean %q?", what, oneOf(all.kind), id, near)
		return
	}
	c.fault(at, "%s names the %s %q, which is not in the pack; add it, or mend the id", what, oneOf(all.kind), id)
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
		if r.Published != "" && !publishedOn.MatchString(r.Published) {
			c.fault(r.At, "%s was published %q; write a year, a month such as 2011-03 or a day such as 2011-03-01", what, r.Published)
		}
		if slices.Contains(r.SupersededBy, r.ID) {
			c.fault(r.At, "%s is superseded by itself; take its own id out of superseded_by", what)
		}
		if r.Where == "" && r.WhereNote.Source == "" {
			c.fault(r.At, "%s has no address; say in where_note that it is unknown and how to ask", what)
		}
		if r.State != "current" && r.StateNote.Source == "" {
			c.fault(r.At, "%s is %s; say in state_note what that means here", what, r.State)
		}
		for _, id := range r.SupersededBy {
			known(c, r.At, c.Records, id, what)
		}
		for _, id := range r.Settings {
			known(c, r.At, c.Settings, id, what)
		}
		for _, id := range r.Types {
			known(c, r.At, c.Types, id, what)
		}
	}
}

func (c *checker) guidance() {
	for _, chapter := range c.Chapters.all {
		if chapter.Part != "" {
			known(c, chapter.At, c.Parts, chapter.Part, fmt.Sprintf("chapter %q", chapter.ID))
		}
		seen := map[string]bool{}
		for _, part := range chapter.Body.Body {
			c.paragraph(chapter, part, seen)
		}
		for _, see := range chapter.See {
			kind, id, _ := strings.Cut(see, ":")
			c.target(chapter.At, block.Target{Kind: kind, ID: id}, fmt.Sprintf("`see` of chapter %q", chapter.ID))
		}
	}
	for _, change := range c.Changes.all {
		for _, id := range change.Chapters {
			known(c, change.At, c.Chapters, id, fmt.Sprintf("change %q", change.ID))
		}
	}
}

func (c *checker) paragraph(chapter Chapter, part block.Block, seen map[string]bool) {
	at := Place{File: chapter.At.File, Line: part.Mark.Line, Column: 1}
	m := part.Mark
	switch {
	case m.ID == "":
		c.fault(at, "this paragraph has no mark; put {#some-name} on the line below it, so that people can point to it")
		return
	case seen[m.ID]:
		c.fault(at, "the mark {#%s} stands twice in this chapter; give one of the two another name", m.ID)
	}
	seen[m.ID] = true
	switch Certainty(m.Certainty) {
	case "", Confirmed, Derived, Background, Unconfirmed:
	default:
		c.fault(at, "paragraph #%s has the certainty %q; it is one of confirmed, derived, background, unconfirmed", m.ID, m.Certainty)
		return
	}
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
