// Package clock owns now, civil dates in Europe/London, working days and bank holidays.
// Holidays are handed in as data: no date of any year stands in this code.
package clock

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // a container may have no time zones of its own
)

// London is the zone in which every opening hour and every deadline is read.
var London = mustLoad("Europe/London")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // tzdata is embedded, so this cannot fail
	}
	return zone
}

// Now tells the time. Tests hand in their own.
type Now func() time.Time

// Date is a civil day, without hour or zone. The zero Date is "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads 2026-11-24. It refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	var wrong *time.ParseError
	switch {
	case errors.As(err, &wrong) && strings.HasSuffix(wrong.Message, "out of range"):
		return Date{}, fmt.Errorf("there is no day %s", s)
	case err != nil:
		return Date{}, fmt.Errorf("%q is not a date like 2026-11-24 (year, month, day)", s)
	}
	return DateOf(t), nil
}

// DateOf is the day in the zone that the moment carries.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Today is the day in London at that moment.
func Today(t time.Time) Date { return DateOf(t.In(London)) }

func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Words is the day as people write it: 24 November 2026.
func (d Date) Words() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
}

// IsZero reports "no date".
func (d Date) IsZero() bool { return d == Date{} }

// Before compares two days.
func (d Date) Before(e Date) bool { return d.time().Before(e.time()) }

// AddDays moves by calendar days.
func (d Date) AddDays(days int) Date { return DateOf(d.time().AddDate(0, 0, days)) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

// At is the moment of that hour and minute of the day in London.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, London)
}

func (d Date) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Holidays says which days are bank holidays in one nation.
type Holidays map[Date]bool

// Working reports a weekday that is no bank holiday.
func (h Holidays) Working(d Date) bool {
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	return !weekend && !h[d]
}

// NextWorking is the first working day after d.
func (h Holidays) NextWorking(d Date) Date {
	for d = d.AddDays(1); !h.Working(d); d = d.AddDays(1) {
	}
	return d
}
