package contacts

import (
	"slices"
	"time"

	"waymark/internal/clock"
	"waymark/internal/pack"
)

// farthest is how many days ahead a change of opening is looked for; beyond that nobody is helped by knowing it.
const farthest = 60

const wholeDay = 24 * 60

// opening is when a contact answers: what the wall clock in London must show, and on which days nobody comes in.
type opening struct {
	spans    []pack.Span
	holidays clock.Holidays // days unlike others; nil when bank holidays make no difference
	allDay   bool           // on those days somebody answers from midnight to midnight; otherwise nobody does
}

// openingOf reads the hours of a contact whose hours are known. A contact that does not say what it does on bank
// holidays counts as closed on them: a call in vain costs more than a second number.
func openingOf(p *pack.Pack, c pack.Contact) opening {
	o := opening{spans: c.Hours.Spans}
	if c.Hours.Always {
		o.spans = []pack.Span{{Days: [7]bool{true, true, true, true, true, true, true}, To: wholeDay}}
	}
	if c.BankHolidays != "open" && !always(c) {
		o.holidays = p.BankHolidays(nationOf(p, c))
		o.allDay = c.BankHolidays == "all-day" // a team for nights and weekends has the whole of a bank holiday
	}
	return o
}

// always reports that somebody answers day and night, bank holidays too.
func always(c pack.Contact) bool { return c.Hours.Always && c.BankHolidays != "closed" }

// nationOf says whose bank holidays a contact keeps: those of its area's nation, or of its only nation.
// One that serves several keeps the holidays of any, so that it is never taken for open when it may be shut.
func nationOf(p *pack.Pack, c pack.Contact) string {
	if area, ok := p.Areas.Get(c.Area); ok {
		return area.Nation
	}
	if len(c.Nations) == 1 {
		return c.Nations[0]
	}
	return ""
}

// at reports whether somebody answers at that moment.
func (o opening) at(moment time.Time) bool {
	local := moment.In(clock.London)
	day, minute := clock.DateOf(local), local.Hour()*60+local.Minute()
	if o.holidays[day] {
		return o.allDay
	}
	return slices.ContainsFunc(o.spans, func(s pack.Span) bool {
		return s.Days[day.Weekday()] && s.From <= minute && minute < s.To
	})
}

// change gives the first moment after that one when it opens, if it is closed, or closes, if it is open.
// There may be none within sight.
func (o opening) change(moment time.Time) (time.Time, bool) {
	now := o.at(moment)
	day := clock.Today(moment)
	for range farthest {
		for _, turn := range o.turns(day) {
			if turn.After(moment) && o.at(turn) != now {
				return turn, true
			}
		}
		day = day.AddDays(1)
	}
	return time.Time{}, false
}

// turns lists, in order, every moment of a day when the opening may change: its midnight, both ends of each span, and
// the moment when the clocks are put forward or back. On that day each hour is read in both ways that it may have,
// and what then falls on the next day is left to it.
func (o opening) turns(day clock.Date) []time.Time {
	begin, end := day.At(0, 0), day.AddDays(1).At(0, 0)
	offsets := []int{offset(begin)}
	turns := []time.Time{begin}
	if last := offset(end); last != offsets[0] {
		offsets = append(offsets, last)
		_, jump := begin.ZoneBounds()
		turns = append(turns, jump)
	}
	midnight := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
	for _, s := range o.spans {
		for _, minute := range []int{s.From, s.To} {
			for _, offset := range offsets {
				turn := midnight.Add(time.Duration(minute)*time.Minute - time.Duration(offset)*time.Second)
				if turn.Before(end) {
					turns = append(turns, turn.In(clock.London))
				}
			}
		}
	}
	slices.SortFunc(turns, time.Time.Compare)
	return turns
}

func offset(moment time.Time) int {
	_, seconds := moment.Zone()
	return seconds
}
