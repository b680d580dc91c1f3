package content

import (
	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// item is one thing of the live content, as the page about this copy names it.
type item struct {
	Kind, Title, Path string
	About             pack.About
	ReviewBy          string
	unrung            bool
}

// unsure reports that somebody still has to confirm it. What is our own work says nothing of how sure it is.
func (i item) unsure() bool { return i.About.Certainty != "" && !i.About.Certainty.Sure() }

// whole reports that it is read again on its own, not as a part of another.
func (i item) whole() bool { return i.Kind != "paragraphs" && i.Kind != "signs" }

// kinds of items, in the order in which the page about this copy counts them.
var kinds = []string{"settings", "signs", "indicators", "advice", "forms", "chapters", "paragraphs", "records", "contacts", "areas", "holidays", "texts", "groups", "types", "words", "examples", "changes", "sources"}

// items lists everything in the live content, with where it is shown.
func items(r *web.Request, refs block.Resolver) []item {
	l := &lister{refs: refs}
	p := r.Pack
	for _, s := range p.Settings.All() {
		l.add("settings", s.Name, "/cards/"+s.ID, s.About)
		for _, sign := range s.Signs {
			l.add("signs", s.Short+": "+l.words(sign.Says), "/cards/"+s.ID, joined(s.About, sign.About))
		}
	}
	for _, i := range p.Indicators.All() {
		l.add("indicators", l.words(i.Says), "", i.About)
	}
	for _, a := range p.Advice.All() {
		l.add("advice", l.words(a.Says), "", a.About)
	}
	for _, f := range p.Forms.All() {
		l.add("forms", f.ID, "", f.About)
	}
	l.chapters(p)
	for _, record := range p.Records.All() {
		l.add("records", record.Title, "/library/"+record.ID, record.About)
	}
	for _, c := range p.Contacts.All() {
		l.add("contacts", c.Name, "/contacts/"+c.ID, c.About)
		l.all[len(l.all)-1].unrung = len(c.Phones) > 0 && !confirmed(r, c)
	}
	l.rest(p)
	return l.all
}

type lister struct {
	refs block.Resolver
	all  []item
}

func (l *lister) words(t pack.Text) string { return t.Text.Resolve(l.refs).Words() }

func (l *lister) add(kind, title, path string, about pack.About) {
	l.all = append(l.all, item{Kind: kind, Title: title, Path: path, About: about, ReviewBy: about.ReviewBy.Words()})
}

// chapters lists the chapters and, as items of their own, the paragraphs that say something else than their chapter
// of how sure they are.
func (l *lister) chapters(p *pack.Pack) {
	for _, c := range p.Chapters.All() {
		l.add("chapters", c.Title, "/guidance/"+c.ID, c.About)
		for _, part := range c.Body.Body {
			if part.Mark.ID == "" || part.Kind == block.Heading {
				continue
			}
			about := joined(c.About, pack.About{Certainty: pack.Certainty(part.Mark.Certainty), Doubt: part.Mark.Doubt})
			l.add("paragraphs", c.Title+" #"+part.Mark.ID, "/guidance/"+c.ID+"#"+part.Mark.ID, about)
		}
	}
}

// rest lists what has no page of its own, and what is about the toolkit itself.
func (l *lister) rest(p *pack.Pack) {
	for _, a := range p.Areas.All() {
		l.add("areas", a.Name, "", a.About)
	}
	for _, h := range p.Holidays.All() {
		l.add("holidays", h.Name+", "+h.Date.Words(), "", h.About)
	}
	for _, t := range p.Texts.All() {
		path := ""
		if isAbout(t.ID) {
			path = "/about/" + t.ID
		}
		l.add("texts", t.Title, path, t.About)
	}
	for _, g := range p.Groups.All() {
		l.add("groups", g.Title, "", g.About)
	}
	for _, t := range p.Types.All() {
		l.add("types", t.Title, "", t.About)
	}
	for _, w := range p.Words.All() {
		l.add("words", w.But, "", w.About)
	}
	for _, e := range p.Examples.All() {
		l.add("examples", e.Says, "", e.About)
	}
	for _, c := range p.Changes.All() {
		l.add("changes", l.words(c.Says), "/guidance/changes#"+c.ID, c.About)
	}
	for _, s := range p.Sources.All() {
		l.add("sources", s.Title, s.URL, s.About)
	}
}

// joined lays what a part says of itself over what the whole says of all its parts.
func joined(whole, part pack.About) pack.About {
	if part.Certainty != "" {
		whole.Certainty = part.Certainty
	}
	if part.Doubt != "" {
		whole.Doubt = part.Doubt
	}
	return whole
}
