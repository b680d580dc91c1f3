package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"waymark/internal/audit"
	"waymark/internal/clock"
)

// lookedDay is who had to do with a record on one day.
type lookedDay struct {
	Day    clock.Date
	People []lookedPerson
}

// lookedPerson is what one person did on one day, from when until when.
type lookedPerson struct {
	Who         string
	First, Last time.Time
	Did         []did
}

// did is one thing that was done, and how often.
type did struct {
	Act   audit.Act
	Of    string
	Times int
	Entry audit.Seen // the newest of them, with what is sealed of it
}

// daysOf puts entries of the log, the newest first, together by day and person: who reads through a record opens many
// pages, and a list of them all would hide who was there.
func daysOf(seen []audit.Seen) []lookedDay {
	var days []lookedDay
	for _, s := range seen {
		day := clock.Today(s.At)
		if len(days) == 0 || days[len(days)-1].Day != day {
			days = append(days, lookedDay{Day: day})
		}
		d := &days[len(days)-1]
		i := slices.IndexFunc(d.People, func(p lookedPerson) bool { return p.Who == s.Who })
		if i < 0 {
			i = len(d.People)
			d.People = append(d.People, lookedPerson{Who: s.Who, First: s.At, Last: s.At})
		}
		p := &d.People[i]
		if s.At.Before(p.First) {
			p.First = s.At
		}
		p.add(s)
	}
	return days
}

func (p *lookedPerson) add(s audit.Seen) {
	of := pageKind(s)
	for i := range p.Did {
		if p.Did[i].Act == s.Act && p.Did[i].Of == of && len(s.Detail) == 0 {
			p.Did[i].Times++
			return
		}
	}
	p.Did = append(p.Did, did{Act: s.Act, Of: of, Times: 1, Entry: s})
}

// pageKind is which kind of page was looked at: "notes" for every note.
func pageKind(s audit.Seen) string {
	if s.Act != audit.CaseViewed && s.Act != audit.CaseChanged && s.Act != audit.CasePrinted {
		return ""
	}
	first, rest, _ := strings.Cut(s.Of, "/")
	if first == "sheets" && rest != "" {
		rest, _, _ = strings.Cut(rest, "/") // what follows is the question
		if m := numbered.FindStringSubmatch(rest); m != nil {
			rest = m[1]
		}
		return "sheets/" + rest
	}
	return first
}

// look is what somebody outside of a record's daily work saw of it in one week.
type look struct {
	Person      string
	Week        clock.Date // its Monday
	Times       int
	First, Last time.Time
}

const (
	lookWeeks  = 4  // how many weeks the owner of a record is asked about
	dailyWeeks = 4  // who has written in a record in as many weeks before is one of its daily workers
	weekDays   = 7  // in a week
	lookMost   = 20 // how many people of one record are asked about at once
)

// mondayOf is the first day of a day's week.
func mondayOf(d clock.Date) clock.Date {
	return d.AddDays(-(int(d.Weekday()) + 6) % weekDays)
}

// looksOf groups by person and week what was seen of a record by people who are not among its daily workers: neither its
// owner, nor who opened it, nor somebody who wrote in it during that week or the weeks before.
func looksOf(k Case, seen []audit.Seen, today clock.Date) []look {
	since := mondayOf(today).AddDays(-(lookWeeks - 1) * weekDays)
	wrote := map[string][]clock.Date{}
	for _, s := range seen {
		if writes(s.Act) {
			wrote[s.Who] = append(wrote[s.Who], clock.Today(s.At))
		}
	}
	byWeek := map[string]*look{}
	var all []*look
	for _, s := range seen {
		day := clock.Today(s.At)
		week := mondayOf(day)
		if day.Before(since) || s.Who == "" || s.Who == k.Owner || s.Who == k.OpenedBy || daily(wrote[s.Who], week) {
			continue
		}
		id := s.Who + " " + week.String()
		if byWeek[id] == nil {
			byWeek[id] = &look{Person: s.Who, Week: week, First: s.At, Last: s.At}
			all = append(all, byWeek[id])
		}
		l := byWeek[id]
		l.Times++
		if s.At.Before(l.First) {
			l.First = s.At
		}
		if s.At.After(l.Last) {
			l.Last = s.At
		}
	}
	out := make([]look, len(all))
	for i, l := range all {
		out[i] = *l
	}
	slices.SortStableFunc(out, func(a, b look) int {
		return cmp.Or(cmp.Compare(b.Week.String(), a.Week.String()), b.Last.Compare(a.Last))
	})
	return out
}

// writes reports an act by which somebody takes part in the work on a record.
func writes(act audit.Act) bool {
	switch act {
	case audit.CaseChanged, NoteAdded, NoteCorrected, FileAdded, "case.first-day.finished", "case.missing.rung", "case.check.imported", "case.maybe-same.settled":
		return true
	}
	return false
}

// daily reports that somebody wrote during the week, or in the weeks before it. Writing once makes nobody a daily worker
// for ever.
func daily(days []clock.Date, week clock.Date) bool {
	from, to := week.AddDays(-dailyWeeks*weekDays), week.AddDays(weekDays)
	return slices.ContainsFunc(days, func(d clock.Date) bool { return !d.Before(from) && d.Before(to) })
}
