package casework

import (
	"cmp"
	"slices"
	"time"

	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/seal"
)

// event is one thing that happened to a child or was done about it, as far as somebody knows when.
type event struct {
	When     form.Known // zero when nobody knows
	Kind     string     // note, file, answer, opened, first-day, missing, rung
	Source   string     // seen, said, told, record, form, import, done
	Title    string     // words of the program or of the pack
	Who      seal.Text  // who told it, or in which record it stands
	Said     seal.Text  // the child's own words
	Language seal.Text  // in which they were spoken, and through whom
	Words    seal.Text
	Href     string
	Author   string
	Written  time.Time
	ID       string
}

// The kinds and the sources by which a chronology is narrowed, in the order in which they are offered.
var (
	eventKinds   = []string{"note", "answer", "file", "missing", "opened"}
	eventSources = []string{sourceSeen, sourceSaid, sourceTold, sourceRecord, "form", "import", "done"}
)

// gapDays is from how many days without anything known a gap is marked.
const gapDays = 7

// entry is a line of a chronology: something that happened, or a time of which nothing is known.
type entry struct {
	event
	Gap  bool
	From clock.Date // of a gap: the first day without anything
	To   clock.Date // and the last
	Days int
}

// chronology puts what happened in order and marks the times between of which nothing is known. What nobody can date
// comes apart, in the order in which it was written.
func chronology(events []event) (dated []entry, undated []event) {
	all := slices.Clone(events)
	slices.SortStableFunc(all, byTime)
	var known clock.Date // the last day of which something is known
	for _, e := range all {
		if e.When == (form.Known{}) {
			undated = append(undated, e)
			continue
		}
		first := e.When.First()
		if days := daysBetween(known, first) - 1; !known.IsZero() && days >= gapDays {
			dated = append(dated, entry{Gap: true, From: known.AddDays(1), To: first.AddDays(-1), Days: days})
		}
		dated = append(dated, entry{event: e})
		if last := e.When.Last(); known.Before(last) {
			known = last
		}
	}
	return dated, undated
}

// byTime sorts by the earliest day that something can have been, then by its hour, then by when it was written.
func byTime(a, b event) int {
	return cmp.Or(
		cmp.Compare(dayNumber(a.When.First()), dayNumber(b.When.First())),
		cmp.Compare(minutesOf(a.When), minutesOf(b.When)),
		cmp.Compare(dayNumber(b.When.Last()), dayNumber(a.When.Last())), // a whole month before a day of it
		a.Written.Compare(b.Written),
		cmp.Compare(a.ID, b.ID),
	)
}

// dayNumber grows with the day.
func dayNumber(d clock.Date) int { return (d.Year*100+int(d.Month))*100 + d.Day }

// minutesOf is how far into its day something was; what has no hour comes first.
func minutesOf(k form.Known) int {
	if !k.Timed {
		return -1
	}
	return k.Hour*60 + k.Min
}

func daysBetween(a, b clock.Date) int {
	return int(b.At(12, 0).Sub(a.At(12, 0)).Hours()+12) / 24 // noon, and half a day, since some days have an hour less
}

// chosen narrows a chronology.
type chosen struct {
	Kinds, Sources []string // none is all
	From, To       clock.Date
}

func (c chosen) any() bool {
	return len(c.Kinds) > 0 || len(c.Sources) > 0 || !c.From.IsZero() || !c.To.IsZero()
}

// of gives the events that were asked for. What may lie in the period belongs to it: a month, when a day of it does.
func (c chosen) of(events []event) []event {
	var all []event
	for _, e := range events {
		kind := e.Kind
		switch kind {
		case "rung":
			kind = "missing"
		case "first-day":
			kind = "opened"
		}
		switch {
		case len(c.Kinds) > 0 && !slices.Contains(c.Kinds, kind), len(c.Sources) > 0 && !slices.Contains(c.Sources, e.Source):
			continue
		case e.When == (form.Known{}) && (!c.From.IsZero() || !c.To.IsZero()):
			continue
		case !c.From.IsZero() && e.When.Last().Before(c.From), !c.To.IsZero() && c.To.Before(e.When.First()):
			continue
		}
		all = append(all, e)
	}
	return all
}

// knownAt is a moment as a day with its hour, on the clocks of London.
func knownAt(t time.Time) form.Known {
	l := t.In(clock.London)
	return form.Known{Year: l.Year(), Month: l.Month(), Day: l.Day(), Timed: true, Hour: l.Hour(), Min: l.Minute()}
}
