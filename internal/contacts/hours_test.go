package contacts_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/clock"
	"waymark/internal/contacts"
	"waymark/internal/pack"
)

// Weeks to try: an ordinary one, both in which the clocks change, and one with bank holidays.
var mondays = []clock.Date{{Year: 2026, Month: 11, Day: 16}, {Year: 2026, Month: 3, Day: 23}, {Year: 2026, Month: 10, Day: 19}, {Year: 2026, Month: 12, Day: 21}}

var anySpan = rapid.Custom(func(t *rapid.T) pack.Span {
	var s pack.Span
	for day := range s.Days {
		s.Days[day] = rapid.Bool().Draw(t, "day")
	}
	quarters := rapid.SliceOfNDistinct(rapid.IntRange(0, 96), 2, 2, rapid.ID).Draw(t, "quarters")
	s.From, s.To = 15*min(quarters[0], quarters[1]), 15*max(quarters[0], quarters[1])
	return s
})

var anyContact = rapid.Custom(func(t *rapid.T) pack.Contact {
	c := pack.Contact{Item: pack.Item{ID: "any"}, Name: "Any", Nations: []string{"england"}, Phones: []pack.Phone{{Number: "01632 960 009"}}}
	c.Hours = pack.Hours{Known: true, Spans: rapid.SliceOfN(anySpan, 0, 4).Draw(t, "spans")}
	c.BankHolidays = rapid.SampledFrom([]string{"open", "closed", "all-day", ""}).Draw(t, "bank holidays")
	return c
})

// answers says, the slow way, whether somebody answers: by what a clock on the wall in London shows.
func answers(p *pack.Pack, c pack.Contact, at time.Time) bool {
	wall := at.In(clock.London)
	if c.BankHolidays != "open" && p.BankHolidays("england")[clock.DateOf(wall)] {
		return c.BankHolidays == "all-day"
	}
	for _, s := range c.Hours.Spans {
		minute := wall.Hour()*60 + wall.Minute()
		if s.Days[wall.Weekday()] && minute >= s.From && minute < s.To {
			return true
		}
	}
	return false
}

func TestAtEveryMomentOfAWeekTheRegisterKnowsWhoAnswersAndUntilWhen(t *testing.T) {
	p := register(t)
	rapid.Check(t, func(t *rapid.T) {
		c := anyContact.Draw(t, "contact")
		monday := rapid.SampledFrom(mondays).Draw(t, "week")
		at := monday.At(0, 0).Add(time.Duration(rapid.IntRange(0, 7*24*60-1).Draw(t, "minute")) * time.Minute)
		got := contacts.Describe(p, c, at)
		open := answers(p, c, at)
		if got.Open != open {
			t.Fatalf("at %s open is %v, should be %v", at, got.Open, open)
		}
		change, other := got.Until, got.Opens
		if !open {
			change, other = other, change
		}
		if !other.IsZero() {
			t.Fatalf("open is %v, yet both a closing and an opening are told", open)
		}
		// Spans begin and end on quarters of an hour, and so do bank holidays and the changing of the clocks.
		next := at.Truncate(15 * time.Minute)
		for range 14 * 24 * 4 {
			next = next.Add(15 * time.Minute)
			if answers(p, c, next) != open {
				if !change.Equal(next) {
					t.Fatalf("at %s (open %v) the change is told for %s, but comes at %s", at, open, change, next)
				}
				return
			}
		}
		if !change.IsZero() && change.Before(next) {
			t.Fatalf("at %s a change is told for %s, but there is none in two weeks", at, change)
		}
	})
}

func TestUnknownHoursAreNeitherOpenNorClosed(t *testing.T) {
	p := register(t)
	c, _ := p.Contacts.Get("helpline")
	got := contacts.Describe(p, c, clock.Date{Year: 2026, Month: 11, Day: 24}.At(3, 0))
	if got.HoursKnown || got.Open || !got.Reachable() || got.Hours != "" {
		t.Errorf("%+v", got)
	}
}

func TestHoursAreSaidInWords(t *testing.T) {
	p := register(t)
	for id, want := range map[string]string{
		"police-999":         "Day and night, every day",
		"ashmere-front-door": "Monday to Thursday, 9am to 5pm; Friday, 9am to 4:30pm; closed on bank holidays",
		"wales-line":         "Monday to Friday, 10am to 12:30pm and 1pm to 4pm; closed on bank holidays",
		"ashmere-night":      "Monday to Thursday, 5pm to 9am the next day; from 4:30pm on Friday to 9am on Monday; bank holidays too",
		"helpline":           "",
	} {
		c, _ := p.Contacts.Get(id)
		if got := contacts.Describe(p, c, time.Time{}).Hours; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

func TestHoursAreSaidInWordsHoweverTheyWereWrittenDown(t *testing.T) {
	days := func(which ...time.Weekday) (set [7]bool) {
		for _, day := range which {
			set[day] = true
		}
		return set
	}
	week := [7]bool{true, true, true, true, true, true, true}
	for want, spans := range map[string][]pack.Span{
		"":                                       nil,
		"Saturday and Sunday, all day and night": {{Days: days(time.Saturday, time.Sunday), To: 24 * 60}},
		"Monday to Sunday, all day and night":    {{Days: week, To: 12 * 60}, {Days: week, From: 12 * 60, To: 24 * 60}},
		"Monday to Sunday, 8pm to 6:30am the next day":    {{Days: week, To: 390}, {Days: week, From: 20 * 60, To: 24 * 60}},
		"Monday, Wednesday and Friday, midday to 12:15pm": {{Days: days(1, 3, 5), From: 720, To: 735}},
		"Tuesday, 9am to midnight":                        {{Days: days(2), From: 540, To: 24 * 60}},
	} {
		c := pack.Contact{Hours: pack.Hours{Known: true, Spans: spans}}
		if got := contacts.Describe(register(t), c, noon).Hours; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAContactKeepsTheBankHolidaysOfItsNation(t *testing.T) {
	p := register(t)
	ashmere, _ := p.Contacts.Get("ashmere-front-door")
	wales, _ := p.Contacts.Get("wales-line")
	at := clock.Date{Year: 2026, Month: 12, Day: 28}.At(11, 0) // a bank holiday in England only
	if contacts.Describe(p, ashmere, at).Open {
		t.Error("the English council is open on an English bank holiday")
	}
	if !contacts.Describe(p, wales, at).Open {
		t.Error("the Welsh line is closed on a bank holiday of England")
	}
	eve := clock.Date{Year: 2026, Month: 12, Day: 24}.At(18, 0)
	if want, got := (clock.Date{Year: 2026, Month: 12, Day: 29}).At(9, 0), contacts.Describe(p, ashmere, eve).Opens; !got.Equal(want) {
		t.Errorf("opens %s, want %s: after Christmas, the weekend and the bank holiday", got, want)
	}
}

func TestAWeekendNightIsOneLongOpening(t *testing.T) {
	p := register(t)
	night, _ := p.Contacts.Get("ashmere-night")
	got := contacts.Describe(p, night, clock.Date{Year: 2026, Month: 11, Day: 27}.At(20, 0))
	if want := (clock.Date{Year: 2026, Month: 11, Day: 30}).At(9, 0); !got.Open || !got.Until.Equal(want) {
		t.Errorf("open %v until %s, want until %s", got.Open, got.Until, want)
	}
}
