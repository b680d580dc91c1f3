package web

import (
	"context"
	"slices"
	"strconv"

	"waymark/internal/form"
)

// manyOptions is from how many options on a list to choose from is shorter to read than radio buttons.
const manyOptions = 25

// Problem says in words what is wrong with an answer and how to mend it.
func Problem(ctx context.Context, p form.Problem) string {
	return Say(ctx, "web."+p.Reason, "max", strconv.Itoa(p.Max))
}

// fieldOf is a question as the components show it. The question's own words are only heard when the page's heading says the same.
func fieldOf(ctx context.Context, q form.Question, a form.Answer, problems []form.Problem, headed bool) Field {
	f := Field{Name: q.Field(), Label: q.Says, Hint: q.Hint, Value: a.Words + a.Draft, Max: 0, Hidden: headed, Error: problemAt(ctx, problems, q.Field())}
	options := q.Options
	if q.Kind == form.Yes {
		f.Inline = true
		options = []form.Option{{ID: "yes", Says: Say(ctx, "web.yes")}, {ID: "no", Says: Say(ctx, "web.no")}}
	}
	for _, o := range options {
		f.Choices = append(f.Choices, Choice{Value: o.ID, Says: o.Says, Hint: o.Hint, Under: o.Under, Picked: a.Is(o.ID)})
	}
	return f
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
	return Field{Name: q.NoteField(thing.ID), Label: label, Small: true, Lines: 2, Value: o.Note, Error: problemAt(ctx, problems, q.NoteField(thing.ID))}
}

func problemAt(ctx context.Context, problems []form.Problem, field string) string {
	i := slices.IndexFunc(problems, func(p form.Problem) bool { return p.Field == field })
	if i < 0 {
		return ""
	}
	return Problem(ctx, problems[i])
}
