package clock_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/clock"
)

func day(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADayThatDoesNotExistIsRefusedInWords(t *testing.T) {
	for written, want := range map[string]string{
		"2026-11-24": "", "2024-02-29": "",
		"2026-02-29": "there is no day 2026-02-29", "2026-13-01": "there is no day 2026-13-01",
		"24/11/2026": `"24/11/2026" is not a date like 2026-11-24 (year, month, day)`, "": `"" is not a date like 2026-11-24 (year, month, day)`,
		"2026-1-1": `"2026-1-1" is not a date like 2026-11-24 (year, month, day)`,
	} {
		_, err := clock.ParseDate(written)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", written, got, want)
		}
	}
}

func TestADayIsWrittenAsItWasReadAndSaidAsPeopleSayIt(t *testing.T) {
	d := day(t, "2026-11-04")
	if d.String() != "2026-11-04" || d.Words() != "4 November 2026" {
		t.Error(d.String(), d.Words())
	}
	if none := (clock.Date{}); none.String() != "" || none.Words() != "" || !none.IsZero() {
		t.Error("no date says something")
	}
}

func TestTheDayInLondonIsNotTheDayInGreenwichInSummer(t *testing.T) {
	lateEvening := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC)
	if got := clock.Today(lateEvening).String(); got != "2026-07-02" {
		t.Error(got)
	}
	winter := time.Date(2026, 1, 1, 23, 30, 0, 0, time.UTC)
	if got := clock.Today(winter).String(); got != "2026-01-01" {
		t.Error(got)
	}
}

func TestAnHourOfTheDayIsThatHourOnTheClocksOfLondon(t *testing.T) {
	if got := day(t, "2026-07-01").At(9, 30).UTC().Format("15:04"); got != "08:30" {
		t.Error(got)
	}
	if got := day(t, "2026-01-05").At(9, 30).UTC().Format("15:04"); got != "09:30" {
		t.Error(got)
	}
}

func TestTheNextWorkingDayLeapsWeekendsAndBankHolidays(t *testing.T) {
	holidays := clock.Holidays{day(t, "2026-12-25"): true, day(t, "2026-12-28"): true}
	for from, want := range map[string]string{
		"2026-11-24": "2026-11-25", // Tuesday
		"2026-11-27": "2026-11-30", // Friday
		"2026-12-24": "2026-12-29", // Christmas on a Friday, Boxing Day made up on Monday
	} {
		if got := holidays.NextWorking(day(t, from)).String(); got != want {
			t.Errorf("after %s comes %s, want %s", from, got, want)
		}
	}
	if holidays.Working(day(t, "2026-12-25")) || holidays.Working(day(t, "2026-12-26")) || !holidays.Working(day(t, "2026-12-29")) {
		t.Error("a working day is not told from another")
	}
}

func TestDaysAddUpAcrossChangesOfTheClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := clock.DateOf(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0).UTC())
		days := rapid.IntRange(-800, 800).Draw(t, "days")
		to := from.AddDays(days)
		if to.AddDays(-days) != from {
			t.Fatalf("%s and %d days there and back is %s", from, days, to.AddDays(-days))
		}
		if to.Before(from) != (days < 0) {
			t.Fatalf("%s is before %s: %v", to, from, to.Before(from))
		}
		if read, err := clock.ParseDate(to.String()); err != nil || read != to {
			t.Fatalf("%s is read as %s, %v", to, read, err)
		}
	})
}
