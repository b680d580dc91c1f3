package contacts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/pack"
)

const wholeWeek = 7 * wholeDay

// stretch is one opening of the week, in minutes after the midnight before Monday. It may run over midnights.
type stretch struct{ from, to int }

// hoursInWords says when somebody answers, in the language of the register itself: Monday to Friday, 9am to 5pm.
// However the spans were written down, an opening that runs over midnight is said as one.
func hoursInWords(c pack.Contact) string {
	if !c.Hours.Known {
		return ""
	}
	words := "Day and night, every day"
	if !c.Hours.Always {
		words = strings.Join(lines(stretches(c.Hours.Spans)), "; ")
	}
	switch {
	case words == "" || always(c):
		return words
	case c.BankHolidays == "all-day":
		return words + "; all day on bank holidays"
	case c.BankHolidays == "open":
		return words + "; bank holidays too"
	case c.BankHolidays == "closed":
		return words + "; closed on bank holidays"
	}
	return words
}

// stretches joins the spans that touch or overlap, over Sunday's midnight too.
func stretches(spans []pack.Span) []stretch {
	var all []stretch
	for day := range 7 {
		for _, s := range spans {
			if s.Days[(day+1)%7] { // the week of the register begins on Monday
				all = append(all, stretch{day*wholeDay + s.From, day*wholeDay + s.To})
			}
		}
	}
	slices.SortFunc(all, func(a, b stretch) int { return a.from - b.from })
	var joined []stretch
	for _, s := range all {
		if last := len(joined) - 1; last >= 0 && s.from <= joined[last].to {
			joined[last].to = max(joined[last].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	if last := len(joined) - 1; last > 0 && joined[0].from == 0 && joined[last].to == wholeWeek {
		joined[last].to += joined[0].to
		joined = joined[1:]
	}
	return joined
}

// lines says the stretches, those of the same hours together under their days.
func lines(all []stretch) []string {
	type line struct {
		hours string
		days  []int
	}
	var said []line
	add := func(hours string, day int) {
		for i := range said {
			if said[i].hours == hours {
				said[i].days = append(said[i].days, day)
				return
			}
		}
		said = append(said, line{hours, []int{day}})
	}
	for _, s := range all {
		if s.from%wholeDay == 0 && s.to%wholeDay == 0 {
			for day := s.from / wholeDay; day < s.to/wholeDay; day++ {
				add("all day and night", day)
			}
			continue
		}
		add(hoursOf(s), s.from/wholeDay)
	}
	var words []string
	before := ""
	for _, l := range said {
		days := daysInWords(l.days)
		switch {
		case days == before:
			words[len(words)-1] += " and " + l.hours
		case strings.HasPrefix(l.hours, "from "): // names its own days
			words = append(words, l.hours)
		default:
			words = append(words, days+", "+l.hours)
		}
		before = days
	}
	return words
}

func hoursOf(s stretch) string {
	from, to := clockWords(s.from%wholeDay), clockWords(s.to%wholeDay)
	switch days := (s.to-1)/wholeDay - s.from/wholeDay; {
	case days == 0:
		return from + " to " + to
	case days == 1:
		return from + " to " + to + " the next day"
	}
	return fmt.Sprintf("from %s on %s to %s on %s", from, dayName(s.from/wholeDay), to, dayName(s.to/wholeDay))
}

func dayName(day int) string { return time.Weekday((day + 1) % 7).String() }

// daysInWords says days of the week: Monday to Friday; Tuesday and Thursday.
func daysInWords(days []int) string {
	if len(days) > 2 && days[len(days)-1]-days[0] == len(days)-1 {
		return dayName(days[0]) + " to " + dayName(days[len(days)-1])
	}
	var names []string
	for _, day := range days {
		names = append(names, dayName(day))
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}

// clockWords is a time of day as people say it: 9am, 5:30pm, midday, midnight.
func clockWords(minute int) string {
	hour, minutes, half := minute/60%24, minute%60, "am"
	switch {
	case minutes == 0 && hour == 0:
		return "midnight"
	case minutes == 0 && hour == 12:
		return "midday"
	case hour >= 12:
		half = "pm"
	}
	if hour %= 12; hour == 0 {
		hour = 12
	}
	if minutes == 0 {
		return fmt.Sprintf("%d%s", hour, half)
	}
	return fmt.Sprintf("%d:%02d%s", hour, minutes, half)
}
