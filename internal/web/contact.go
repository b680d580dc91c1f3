package web

import (
	"context"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
)

// openWords says in words whether somebody answers now, and until when.
func openWords(r *Request, c block.Contact) string {
	switch {
	case c.Always:
		return r.Say("web.open.always")
	case !c.HoursKnown:
		return r.Say("web.open.unknown")
	case c.Open && c.Until.IsZero():
		return r.Say("web.open.now")
	case c.Open:
		return r.Say("web.open.until", "time", when(r, c.Until))
	case c.Opens.IsZero():
		return r.Say("web.open.closed")
	}
	return r.Say("web.open.opens", "time", when(r, c.Opens))
}

// when is a moment near now, as people say it: 17:00 today, 09:00 on Monday.
func when(r *Request, t time.Time) string {
	t = t.In(clock.London)
	day, today := clock.DateOf(t), clock.Today(r.Now)
	at := t.Format("15:04")
	switch {
	case day == today:
		return r.Say("web.when.today", "at", at)
	case day == today.AddDays(1):
		return r.Say("web.when.tomorrow", "at", at)
	case day.Before(today.AddDays(7)):
		return r.Say("web.when.weekday", "at", at, "day", r.Say("web.day."+weekdays[day.Weekday()]))
	}
	return r.Say("web.when.date", "at", at, "day", day.Words())
}

var weekdays = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func openState(ctx context.Context, c block.Contact) string { return openWords(Of(ctx), c) }

// openClass lets the style show what the words say already.
func openClass(c block.Contact) string {
	if c.Always || c.HoursKnown && c.Open {
		return "wm-contact__open wm-contact__open--yes"
	}
	return "wm-contact__open"
}

// sampleNumber is what the components page rings: the number of this copy's register, so that none stands in code.
func (r *Request) sampleNumber() block.Number {
	if len(r.Emergency.Numbers) == 0 {
		return block.Number{}
	}
	return r.Emergency.Numbers[0]
}

// sampleContacts shows a contact in each of its states, with the number of the register.
func (r *Request) sampleContacts() []block.Contact {
	number := r.sampleNumber()
	number.Label, number.Note = "Duty desk", "free, from any phone"
	until := clock.Today(r.Now).At(17, 0)
	says := func(words string) block.Text { return block.Text{{Words: words}} }
	return []block.Contact{
		{ID: "sure", Name: "Somebody who always answers", Numbers: []block.Number{number}, Always: true, HoursKnown: true, Universal: true, What: says("Sends help at once.")},
		{ID: "day", Name: "Somebody who is there by day", Numbers: []block.Number{number}, HoursKnown: true, Open: true, Until: until, Hours: "Monday to Friday, 9am to 5pm", Local: true, When: says("When you need them, and do not have to be sure.")},
		{ID: "closed", Name: "Somebody who has gone home", Numbers: []block.Number{number}, HoursKnown: true, Opens: until.Add(16 * time.Hour), Confirmed: true, ConfirmedOn: "3 March 2026", ConfirmedBy: "the duty desk"},
		{ID: "none", Name: "Somebody whose number this copy does not know", Find: says("Look for it on the council's own page."), Local: true},
	}
}
