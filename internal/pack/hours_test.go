package pack

import (
	"strings"
	"testing"
	"time"

	"waymark/internal/clock"
)

// hoursOf reads hours as they stand in a file.
func hoursOf(t *testing.T, written string) Hours {
	t.Helper()
	files := good(t)
	p := load(t, with(files, map[string]string{
		"contacts.yaml": strings.Replace(string(files["contacts.yaml"].Data), `hours: [{days: mon-fri, from: "09:00", to: "17:00"}]`, "hours: "+written, 1),
	}))
	c, _ := p.Contacts.Get("helpline")
	return c.Hours
}

func TestHoursHoldFromTheMinuteTheyOpenUntilTheMinuteTheyClose(t *testing.T) {
	week := hoursOf(t, `[{days: "mon-thu,sat", from: "09:00", to: "17:30"}]`)
	for at, want := range map[string]bool{
		"2026-11-23 08:59": false, "2026-11-23 09:00": true, "2026-11-23 17:29": true, "2026-11-23 17:30": false,
		"2026-11-27 12:00": false, "2026-11-28 12:00": true, "2026-11-29 12:00": false,
	} {
		moment, err := time.ParseInLocation("2006-01-02 15:04", at, clock.London)
		if err != nil {
			t.Fatal(err)
		}
		if week.Covers(moment) != want || week.Covers(moment.UTC()) != want {
			t.Errorf("at %s: %v", at, !want)
		}
	}
	if got := week.Words(); got != "Monday to Thursday, Saturday 09:00 to 17:30" {
		t.Error(got)
	}
}

func TestANightIsTwoSpansAndDaysMayRunOverTheEndOfTheWeek(t *testing.T) {
	night := hoursOf(t, `[{days: fri-mon, from: "20:00", to: "24:00"}, {days: sat-tue, from: "00:00", to: "07:00"}]`)
	for at, want := range map[string]bool{
		"2026-11-27 19:59": false, "2026-11-27 23:59": true, "2026-11-28 00:00": true, "2026-11-28 06:59": true,
		"2026-11-29 21:00": true, "2026-11-30 21:00": true, "2026-12-01 03:00": true, "2026-12-01 21:00": false,
	} {
		moment, _ := time.ParseInLocation("2006-01-02 15:04", at, clock.London)
		if night.Covers(moment) != want {
			t.Errorf("at %s: %v", at, !want)
		}
	}
}

func TestAlwaysIsAlwaysAndUnknownIsNever(t *testing.T) {
	always, unknown := hoursOf(t, "always"), hoursOf(t, "unknown")
	moment := time.Date(2026, 12, 25, 3, 0, 0, 0, clock.London)
	if !always.Covers(moment) || !always.Known || always.Words() != "always" {
		t.Error("always is not always")
	}
	if unknown.Covers(moment) || unknown.Known || unknown.Words() != "not known" {
		t.Error("unknown hours are known")
	}
}
