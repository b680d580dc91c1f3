package form

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"waymark/internal/clock"
)

// Known is a day as far as somebody knows it: whole, or only its month or its year; sure or about; with the time of day
// or without. Month and Day are 0 where they are not known.
type Known struct {
	Year  int
	Month time.Month
	Day   int
	About bool
	Timed bool
	Hour  int
	Min   int
}

var written = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?)?(~?)$`)

// ParseKnown reads a day as String writes it.
func ParseKnown(s string) (Known, error) {
	m := written.FindStringSubmatch(s)
	if m == nil {
		return Known{}, fmt.Errorf("a day that does not read")
	}
	at := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	k := Known{Year: at(1), Month: time.Month(at(2)), Day: at(3), About: m[6] != "", Timed: m[4] != "", Hour: at(4), Min: at(5)}
	if k.Month > time.December || m[2] == "00" || m[3] == "00" || k.Day > 0 && !exists(k) || k.Hour > 23 || k.Min > 59 {
		return Known{}, fmt.Errorf("a day that does not exist")
	}
	return k, nil
}

// exists reports whether the calendar has the day.
func exists(k Known) bool {
	t := time.Date(k.Year, k.Month, k.Day, 0, 0, 0, 0, time.UTC)
	return t.Year() == k.Year && t.Month() == k.Month && t.Day() == k.Day
}

// String writes 2010, 2010-05, 2010-05-03 or 2010-05-03T02:10, with ~ behind it when it is about then. It sorts by bytes.
func (k Known) String() string {
	s := fmt.Sprintf("%04d", k.Year)
	if k.Month > 0 {
		s += fmt.Sprintf("-%02d", int(k.Month))
	}
	if k.Day > 0 {
		s += fmt.Sprintf("-%02d", k.Day)
	}
	if k.Timed {
		s += fmt.Sprintf("T%02d:%02d", k.Hour, k.Min)
	}
	if k.About {
		s += "~"
	}
	return s
}

// First is the earliest day that it can be, when it is not about.
func (k Known) First() clock.Date {
	return clock.Date{Year: k.Year, Month: max(k.Month, time.January), Day: max(k.Day, 1)}
}

// Last is the latest day that it can be, when it is not about.
func (k Known) Last() clock.Date {
	switch {
	case k.Day > 0:
		return clock.Date{Year: k.Year, Month: k.Month, Day: k.Day}
	case k.Month > 0:
		return clock.DateOf(time.Date(k.Year, k.Month+1, 0, 0, 0, 0, 0, time.UTC))
	}
	return clock.Date{Year: k.Year, Month: time.December, Day: 31}
}

// boxes gives what stands in each box of the day.
func (k Known) boxes() map[string]string {
	b := map[string]string{YearPart: fmt.Sprintf("%04d", k.Year)}
	if k.Month > 0 {
		b[MonthPart] = strconv.Itoa(int(k.Month))
	}
	if k.Day > 0 {
		b[DayPart] = strconv.Itoa(k.Day)
	}
	if k.About {
		b[AboutPart] = "yes"
	}
	if k.Timed {
		b[TimePart] = fmt.Sprintf("%02d:%02d", k.Hour, k.Min)
	}
	return b
}

// The reasons why parts make no day.
const (
	noYear      = "form.date.year"
	noMonth     = "form.date.month"
	noDay       = "form.date.day"
	noSuchDay   = "form.date.none"
	noTime      = "form.date.time"
	timeNoDay   = "form.date.time-day"
	dayAhead    = "form.date.ahead"
	dayBehind   = "form.date.behind"
	dayTooLong  = "form.date.long"
	longestPart = 40
	firstYear   = 1900
	lastYear    = 2100
)

// readDay takes the parts of a day. Parts that make none are kept as they were typed.
func (q Question) readDay(values url.Values) (Answer, []Problem) {
	boxes, typed := map[string]string{}, make([]string, len(parts))
	reason, field, any := "", "", false
	for i, part := range parts {
		if part == TimePart && q.Kind != Moment {
			continue
		}
		came := only(values, q.PartField(part), tidyLine)
		typed[i] = strings.ReplaceAll(came.value, "\n", " ")
		boxes[part] = digits(typed[i])
		any = any || came.value != "" && part != AboutPart
		if why := wrongPart(part, came); why != "" && reason == "" {
			reason, field = why, part
		}
	}
	if !any && reason == "" {
		return Answer{}, nil
	}
	var known Known
	if reason == "" {
		known, reason, field = knownFrom(boxes)
	}
	if reason == "" {
		reason, field = q.outside(known)
	}
	if reason != "" {
		return Answer{Draft: strings.Join(typed, "\n")}, []Problem{q.problem(q.PartField(field), reason)}
	}
	return Answer{Words: known.String()}, nil
}

// wrongPart says why what came in one box cannot be part of a day.
func wrongPart(part string, came posted) string {
	switch {
	case !came.clean:
		return notReadable
	case came.twice:
		return twice
	case len(came.value) > longestPart:
		return dayTooLong
	case part == AboutPart && came.value != "" && came.value != "yes":
		return notListed
	}
	return ""
}

// knownFrom makes a day of its parts, or says which of them is wrong and why.
func knownFrom(boxes map[string]string) (k Known, reason, field string) {
	var err error
	if k.Year, err = strconv.Atoi(boxes[YearPart]); err != nil || k.Year < firstYear || k.Year > lastYear {
		return k, noYear, YearPart
	}
	month, ok := monthOf(boxes[MonthPart])
	if !ok || month == 0 && boxes[DayPart] != "" {
		return k, noMonth, MonthPart
	}
	k.Month = month
	if boxes[DayPart] != "" {
		if k.Day, err = strconv.Atoi(boxes[DayPart]); err != nil || k.Day < 1 || k.Day > 31 {
			return k, noDay, DayPart
		}
		if !exists(k) {
			return k, noSuchDay, DayPart
		}
	}
	if boxes[TimePart] != "" {
		if k.Day == 0 {
			return k, timeNoDay, DayPart
		}
		if k.Hour, k.Min, k.Timed = timeOf(boxes[TimePart]); !k.Timed {
			return k, noTime, TimePart
		}
	}
	k.About = boxes[AboutPart] == "yes"
	return k, "", ""
}

// monthOf reads 5, 05 or the month's name, shortened or not; nothing is no month.
func monthOf(s string) (time.Month, bool) {
	if s == "" {
		return 0, true
	}
	if n, err := strconv.Atoi(s); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	if s = strings.ToLower(strings.TrimSuffix(s, ".")); len(s) < 3 {
		return 0, false
	}
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), s) || s == "sept" && m == time.September {
			return m, true
		}
	}
	return 0, false
}

var clockTime = regexp.MustCompile(`^(\d{1,2})(?:[:.h ]?(\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)?$`)

// timeOf reads 2:10, 02.10, 0210, 2am or 2:10 pm.
func timeOf(s string) (hour, minute int, ok bool) {
	m := clockTime.FindStringSubmatch(strings.ToLower(s))
	if m == nil || m[2] == "" && m[3] == "" {
		return 0, 0, false
	}
	hour, _ = strconv.Atoi(m[1])
	minute, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		if hour < 1 || hour > 12 {
			return 0, 0, false
		}
		if hour %= 12; m[3][0] == 'p' {
			hour += 12
		}
	}
	return hour, minute, hour < 24 && minute < 60
}

// outside says whether a day lies where the question does not let it. What may lie on either side is let pass.
func (q Question) outside(k Known) (reason, field string) {
	switch {
	case q.today.IsZero():
	case q.Days == NotFuture && q.today.Before(k.First()):
		return dayAhead, YearPart
	case q.Days == NotPast && k.Last().Before(q.today):
		return dayBehind, YearPart
	}
	return "", ""
}
