package concern

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"waymark/internal/block"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// screenView is one screen of the check, ready to show.
type screenView struct {
	Page       form.Page
	Body       block.Body
	Answers    form.Answers
	Problems   []form.Problem
	Carried    url.Values
	Names      []string // words in notes that look like names
	First      bool
	Ring       *block.Contact // on the screens that say: ring now
	SignsFirst bool
}

// Buttons reports that the page goes on by its own buttons.
func (s screenView) Buttons() bool {
	return slices.ContainsFunc(s.Page.Questions, func(q form.Question) bool { return q.Kind == form.Buttons })
}

// mistakes lists what is to mend on this page, for the summary at its head.
func (s screenView) mistakes(ctx context.Context) []web.Mistake {
	var out []web.Mistake
	for _, p := range s.Problems {
		if slices.ContainsFunc(s.Page.Questions, func(q form.Question) bool { return q.ID == p.Question }) {
			out = append(out, web.Mistake{Says: web.Problem(ctx, p), Href: "#" + p.Field})
		}
	}
	return out
}

// ringContact is whom the screens "ring now" name: the emergency contact of the register.
func ringContact(c *Concern, r *web.Request, w walkthrough, page form.Page) *block.Contact {
	if !slices.ContainsFunc(page.Questions, func(q form.Question) bool { return q.ID == "rung" }) {
		return nil
	}
	found := c.Directory.Open(r.Pack, r.Now, w.check.Area, w.check.Nation, "emergency")
	if len(found) == 0 {
		return nil
	}
	return &found[0]
}

// names gives words in what was typed on this page that look like names. It warns and never blocks: nobody's note is
// refused because a word has a capital.
func (w walkthrough) names(page form.Page, common string) []string {
	var out []string
	for _, q := range page.Questions {
		a := w.answers[q.ID]
		out = append(out, namesIn(a.Words+a.Draft, common)...)
		for _, thing := range q.About {
			out = append(out, namesIn(a.Observed[thing.ID].Note, common)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var capital = regexp.MustCompile(`(^|[.!?:"“]\s*|\n\s*)?(\p{Lu}(?:['’]\p{Lu})?\p{Ll}[\p{L}'’-]*)`)

// namesIn finds words with a capital that do not begin a sentence and are not common. A name that begins a sentence is
// found when another follows it.
func namesIn(text, common string) []string {
	known := strings.Fields(strings.ToLower(common))
	var out []string
	begins := ""
	for _, at := range capital.FindAllStringSubmatchIndex(text, -1) {
		word := text[at[4]:at[5]]
		first := at[2] >= 0
		switch {
		case slices.Contains(known, strings.ToLower(word)):
		case first:
			begins = word
			continue
		default:
			if begins != "" && strings.HasPrefix(text[strings.Index(text, begins):], begins+" "+word) {
				word = begins + " " + word
			}
			out = append(out, word)
		}
		begins = ""
	}
	return out
}

// typed gives the names that look typed anywhere in the answers, for the last screen.
func (w walkthrough) typed(common string) []string {
	var out []string
	for _, page := range w.form.Pages {
		out = append(out, w.names(page, common)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// part of the setting's text with its heading, for the section "if nobody answers, or they say no".
type part struct {
	Heading string // a key of the words
	Body    block.Body
}

func (a Answer) ifNo() []part {
	all := []part{
		{"concern.no-answer", a.NoAnswer}, {"concern.below", a.BelowThreshold},
		{"concern.wait", a.ToldToWait}, {"concern.disagree", a.Disagreement},
	}
	return slices.DeleteFunc(all, func(p part) bool { return len(p.Body) == 0 })
}

func sourceLine(s pack.Source) string {
	line := s.Title
	if s.Publisher != "" {
		line += ", " + s.Publisher
	}
	return line
}
