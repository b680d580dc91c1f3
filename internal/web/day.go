package web

import (
	"context"

	"github.com/a-h/templ"

	"waymark/internal/form"
)

// DayField is a day in parts, each of which may stay empty.
type DayField struct {
	Field
	Parts []DayPart
	About Field // the tick for a day that is not sure
}

// DayPart is one box of a day.
type DayPart struct {
	Name, Label, Value string
	Class              string // its width
	Mode               string
	Wrong              bool
}

// dayField is the question as a day in parts. Its problem stands above the boxes, and marks the one to look at.
func dayField(ctx context.Context, q form.Question, a form.Answer, problems []form.Problem, headed bool) DayField {
	f := fieldOf(ctx, q, a, nil, headed)
	f.ID = "day-" + q.ID
	at := ""
	for _, p := range problems {
		if p.Question == q.ID && p.Field != q.GapField() && f.Error == "" {
			f.Error, at = Problem(ctx, p), p.Field
		}
	}
	typed := a.Parts()
	day := DayField{Field: f}
	for _, part := range []struct{ part, class, mode string }{
		{form.DayPart, "govuk-input--width-2", "numeric"}, {form.MonthPart, "govuk-input--width-4", ""},
		{form.YearPart, "govuk-input--width-4", "numeric"}, {form.TimePart, "govuk-input--width-5", ""},
	} {
		if part.part == form.TimePart && q.Kind != form.Moment {
			continue
		}
		name := q.PartField(part.part)
		day.Parts = append(day.Parts, DayPart{
			Name: name, Label: Say(ctx, "web.day."+part.part), Value: seen(typed[part.part]), Class: part.class, Mode: part.mode, Wrong: name == at,
		})
	}
	about := q.PartField(form.AboutPart)
	day.About = Field{Name: about, Choices: []Choice{{Value: "yes", Says: Say(ctx, "web.day.about"), Picked: typed[form.AboutPart] == "yes"}}}
	return day
}

func (p DayPart) more() templ.Attributes {
	more := templ.Attributes{"autocomplete": "off"}
	if p.Mode != "" {
		more["inputmode"] = p.Mode
	}
	return more
}
