package casework

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/clock"
	"waymark/internal/form"
)

func on(t interface{ Fatal(...any) }, written, title string) event {
	k, err := form.ParseKnown(written)
	if err != nil && written != "" {
		t.Fatal(written, err)
	}
	return event{When: k, Title: title, Kind: "note", Source: "seen"}
}

func told2(dated []entry) string {
	var all []string
	for _, e := range dated {
		if e.Gap {
			all = append(all, fmt.Sprintf("[%s to %s: %d]", e.From, e.To, e.Days))
		} else {
			all = append(all, e.Title)
		}
	}
	return strings.Join(all, " ")
}

func TestAChronologyIsInTheOrderInWhichThingsHappened(t *testing.T) {
	dated, undated := chronology([]event{
		on(t, "2026-05-03T14:00", "afternoon"), on(t, "", "some day"), on(t, "2026-05-03", "that day"), on(t, "2026-05", "that month"),
		on(t, "2026-05-03T02:10", "night"), on(t, "2026", "that year"), on(t, "2026-05-04~", "about the day after"),
	})
	if got := told2(dated); got != "that year that month that day night afternoon about the day after" {
		t.Error(got)
	}
	if len(undated) != 1 || undated[0].Title != "some day" {
		t.Error(undated)
	}
}

func TestTimesOfWhichNothingIsKnownAreMarked(t *testing.T) {
	for _, c := range []struct {
		days []string
		want string
	}{
		{[]string{"2026-05-03", "2026-05-20"}, "2026-05-03 [2026-05-04 to 2026-05-19: 16] 2026-05-20"},
		{[]string{"2026-05-03", "2026-05-10"}, "2026-05-03 2026-05-10"},
		{[]string{"2026-05-03", "2026-05-11"}, "2026-05-03 [2026-05-04 to 2026-05-10: 7] 2026-05-11"},
		{[]string{"2026-05", "2026-06-03"}, "2026-05 2026-06-03"},
		{[]string{"2024", "2026-01-01"}, "2024 [2025-01-01 to 2025-12-31: 365] 2026-01-01"},
		{[]string{"2026", "2026-03-01", "2026-09-01"}, "2026 2026-03-01 2026-09-01"},
		{[]string{"2026-10-20", "2026-11-02"}, "2026-10-20 [2026-10-21 to 2026-11-01: 12] 2026-11-02"}, // the clocks change between
		{nil, ""},
	} {
		var events []event
		for _, d := range c.days {
			events = append(events, on(t, d, d))
		}
		dated, _ := chronology(events)
		if got := told2(dated); got != c.want {
			t.Errorf("%v: %s, want %s", c.days, got, c.want)
		}
	}
}

func TestAChronologyLosesNothingAndItsGapsLieBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var events []event
		for i := range rapid.IntRange(0, 30).Draw(t, "how many") {
			day := clock.Date{Year: 2024, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 900).Draw(t, "day"))
			written := day.String()[:rapid.SampledFrom([]int{0, 4, 7, 10}).Draw(t, "as far as")]
			e := on(t, written, fmt.Sprint(i))
			e.Written = time.Unix(int64(i), 0)
			events = append(events, e)
		}
		dated, undated := chronology(events)
		n := len(undated)
		for i, e := range dated {
			if !e.Gap {
				n++
				continue
			}
			if i == 0 || i == len(dated)-1 || dated[i+1].Gap || e.To.Before(e.From) || dated[i+1].When.First() != e.To.AddDays(1) {
				t.Fatalf("a gap at %d: %s", i, told2(dated))
			}
			for _, other := range events {
				if other.When != (form.Known{}) && !other.When.Last().Before(e.From) && !e.To.Before(other.When.First()) {
					t.Fatalf("something happened in a gap: %s", told2(dated))
				}
			}
		}
		if n != len(events) {
			t.Fatalf("%d of %d", n, len(events))
		}
	})
}

func TestAPartOfAChronologyHoldsWhatMayBelongToIt(t *testing.T) {
	note, file := on(t, "2026-05", "may"), on(t, "2026-07-01", "july")
	file.Kind, file.Source = "file", "record"
	all := []event{note, file, on(t, "", "undated")}
	day := func(s string) clock.Date { d, _ := clock.ParseDate(s); return d }
	for _, c := range []struct {
		asked chosen
		want  int
	}{
		{chosen{}, 3}, {chosen{Kinds: []string{"note"}}, 2}, {chosen{Sources: []string{"record"}}, 1}, {chosen{Kinds: []string{"file"}, Sources: []string{"seen"}}, 0},
		{chosen{From: day("2026-05-31")}, 2}, {chosen{From: day("2026-06-01")}, 1}, {chosen{To: day("2026-05-01")}, 1}, {chosen{To: day("2026-04-30")}, 0},
	} {
		if got := c.asked.of(all); len(got) != c.want {
			t.Errorf("%+v: %d", c.asked, len(got))
		}
	}
}
