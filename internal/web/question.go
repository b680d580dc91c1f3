package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"waymark/internal/form"
)

// manyOptions is from how many options on a list to choose from is shorter to read than radio buttons.
const manyOptions = 25

// Problem says in words what is wrong with an answer and how to mend it.
func Problem(ctx context.Context, p form.Problem) string {
	return Say(ctx, "web."+p.Reason, "max", strconv.Itoa(p.Max))
}

// Problems lists what is to mend, for the summary at the head of a page; each line leads to its field. With the pages that
// are shown, only what stands on them is listed, and each line names its question.
func Problems(ctx context.Context, problems []form.Problem, shown ...form.Page) []Mistake {
	var out []Mistake
	for _, p := range problems {
		says := Problem(ctx, p)
		if len(shown) > 0 {
			q, ok := form.Form{Pages: shown}.Question(p.Question)
			if !ok {
				continue
			}
			asked := q.Says
			if !strings.HasSuffix(asked, "?") {
				asked += ":"
			}
			says = asked + " " + says
		}
		out = append(out, Mistake{Says: says, Href: "#" + p.Field})
	}
	return out
}

// FormSay gives a form's summary the program's own words.
func FormSay(words interface {
	Say(key string, pairs ...string) string
}) form.Say {
	return func(key string, pairs ...string) string { return words.Say("web."+key, pairs...) }
}

// fieldOf is a question as the components show it. The question's own words are only heard when the page's heading says the same.
func fieldOf(ctx context.Context, q form.Question, a form.Answer, problems []form.Problem, headed bool) Field {
	f := Field{Name: q.Field(), Label: q.Says, Hint: q.Hint, Value: seen(a.Shown()), Hidden: headed, Error: problemAt(ctx, problems, q.Field())}
	if q.ChildWouldAnswer {
		f.Aside = Say(ctx, "web.need-not")
	}
	for _, o := range optionsOf(ctx, q) {
		f.Choices = append(f.Choices, Choice{Value: o.ID, Says: o.Says, Hint: o.Hint, Under: o.Under, Picked: a.Is(o.ID)})
	}
	switch q.Kind {
	case form.Yes, form.YesNoKnown:
		f.Inline = true
	case form.Line:
		f.Dir, f.Unspelt = "auto", true
	case form.Long:
		f.Dir, f.Unspelt, f.Lines, f.Count = "auto", true, 6, q.Limit()
	case form.Lines:
		f.Dir, f.Unspelt, f.Lines = "auto", true, 4
	case form.Number:
		f.Dir, f.Mode, f.Short, f.Unit = "ltr", "numeric", true, q.Unit
	case form.Phone:
		f.Dir, f.Mode, f.Unspelt = "ltr", "tel", true
	case form.Reference:
		f.Dir, f.Unspelt = "ltr", true
	}
	return f
}

// unsure is the option that a list may begin with, so that nothing is chosen beforehand.
const unsure = "not-sure"

// listField is fieldOf for a list to choose from. A browser shows the first of it as chosen, so the first is no answer.
func listField(ctx context.Context, q form.Question, a form.Answer, problems []form.Problem, headed bool) Field {
	f := fieldOf(ctx, q, a, problems, headed)
	if q.Options[0].ID != unsure {
		f.Choices = append([]Choice{{Says: Say(ctx, "web.choose"), Picked: a.One() == ""}}, f.Choices...)
	}
	return f
}

func optionsOf(ctx context.Context, q form.Question) []form.Option {
	var own []string
	switch q.Kind {
	case form.Yes:
		own = []string{"yes", "no"}
	case form.YesNoKnown:
		own = []string{"yes", "no", "not-known"}
	default:
		return q.Options
	}
	var all []form.Option
	for _, id := range own {
		all = append(all, form.Option{ID: id, Says: Say(ctx, "web.form."+id)})
	}
	return all
}

// seen makes signs visible that have no shape, so that whoever has to take them out finds them.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ':
			return '\u2400' + r
		case unicode.Is(unicode.Cc, r):
			return '\uFFFD'
		}
		return r
	}, s)
}

// gapField is the choice of a reason for no answer; its last choice takes a reason back.
func gapField(ctx context.Context, q form.Question, a form.Answer, problems []form.Problem) Field {
	f := Field{Name: q.GapField(), Label: Say(ctx, "web.gap.label"), Small: true, Error: problemAt(ctx, problems, q.GapField())}
	for _, o := range q.Gaps {
		f.Choices = append(f.Choices, Choice{Value: o.ID, Says: o.Says, Hint: o.Hint, Picked: a.Gap == o.ID})
	}
	f.Choices = append(f.Choices, Choice{Value: "", Says: Say(ctx, "web.gap.none")})
	return f
}

func gapSays(q form.Question, a form.Answer) string {
	for _, o := range q.Gaps {
		if o.ID == a.Gap {
			return o.Says
		}
	}
	return a.Gap
}

func unfolded(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"open": true}
	}
	return nil
}

// aboutKey is what the fold below a question is called: by the first thing in it.
func aboutKey(q form.Question) string {
	switch {
	case q.Why != "":
		return "web.why"
	case q.WhoKnows != "":
		return "web.who-knows"
	}
	return "web.read-on"
}

// howField is how one thing observed is known.
func howField(ctx context.Context, q form.Question, thing form.Option, o form.Observed, problems []form.Problem) Field {
	f := Field{Name: q.HowField(thing.ID), Label: thing.Says, Error: problemAt(ctx, problems, q.HowField(thing.ID))}
	for _, way := range q.Options {
		f.Choices = append(f.Choices, Choice{Value: way.ID, Says: way.Says, Hint: way.Hint, Picked: o.How == way.ID})
	}
	return f
}

// noteField is the line of words on one thing observed.
func noteField(ctx context.Context, q form.Question, thing form.Option, o form.Observed, problems []form.Problem) Field {
	label := q.Note
	if label == "" {
		label = Say(ctx, "web.note")
	}
	return Field{Name: q.NoteField(thing.ID), Label: label, Small: true, Lines: linesOf(q), Value: seen(o.Note), Error: problemAt(ctx, problems, q.NoteField(thing.ID))}
}

// linesOf is how many lines the words of one observation begin with: a list of many has no room for more than one.
func linesOf(q form.Question) int {
	if q.OptionsFrom == "" {
		return 1
	}
	return 2
}

func problemAt(ctx context.Context, problems []form.Problem, field string) string {
	i := slices.IndexFunc(problems, func(p form.Problem) bool { return p.Field == field })
	if i < 0 {
		return ""
	}
	return Problem(ctx, problems[i])
}

// thousands writes 4000 as 4,000.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
