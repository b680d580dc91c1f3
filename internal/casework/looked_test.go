package casework

import (
	"testing"
	"time"

	"waymark/internal/audit"
	"waymark/internal/clock"
)

// at is a moment of November 2026 in London.
func at(day, hour int) time.Time {
	return clock.Date{Year: 2026, Month: time.November, Day: day}.At(hour, 0)
}

func TestEachDaySaysWhoWasThereAndWhatTheyDid(t *testing.T) {
	days := daysOf([]audit.Seen{ // the newest first, as the log gives them
		{At: at(24, 16), Who: "ruth", Act: audit.CaseViewed, Of: "notes/n2"},
		{At: at(24, 15), Who: "dawit", Act: audit.CaseViewed, Of: "overview"},
		{At: at(24, 14), Who: "ruth", Act: audit.CaseViewed, Of: "notes/n1"},
		{At: at(24, 13), Who: "ruth", Act: NoteAdded, Of: "n1@1"},
		{At: at(23, 23), Who: "ruth", Act: audit.CaseViewed, Of: "sheets/record-child"},
	})
	if len(days) != 2 || len(days[0].People) != 2 || days[0].People[0].Who != "ruth" {
		t.Fatalf("%+v", days)
	}
	ruth := days[0].People[0]
	if !ruth.First.Equal(at(24, 13)) || !ruth.Last.Equal(at(24, 16)) || len(ruth.Did) != 2 || ruth.Did[0].Times != 2 || ruth.Did[0].Of != "notes" {
		t.Errorf("%+v", ruth)
	}
	if days[1].People[0].Did[0].Of != "sheets/record-child" {
		t.Errorf("%+v", days[1])
	}
}

func TestAnswersToOneSheetAreOneThingThatWasDone(t *testing.T) {
	person := "sheets/record-person-06h1kxn1da9ka1bmk7htr63kac/"
	days := daysOf([]audit.Seen{
		{At: at(24, 16), Who: "ruth", Act: audit.CaseChanged, Of: "sheets/record-child/born"},
		{At: at(24, 15), Who: "ruth", Act: audit.CaseChanged, Of: person + "name"},
		{At: at(24, 15), Who: "ruth", Act: audit.CaseChanged, Of: "sheets/record-child/names"},
		{At: at(24, 14), Who: "ruth", Act: audit.CaseChanged, Of: person + "rules"},
	})
	done := days[0].People[0].Did
	if len(done) != 2 || done[0].Of != "sheets/record-child" || done[0].Times != 2 || done[1].Of != "sheets/record-person" {
		t.Errorf("%+v", done)
	}
}

func TestWhatIsSealedOfALookIsNotHiddenBehindAnother(t *testing.T) {
	days := daysOf([]audit.Seen{
		{At: at(24, 16), Who: "ruth", Act: AddressOpened, Detail: []byte("one reason")},
		{At: at(24, 15), Who: "ruth", Act: AddressOpened, Detail: []byte("another")},
	})
	if len(days[0].People[0].Did) != 2 {
		t.Errorf("%+v", days)
	}
}

func TestAWeekBeginsOnMonday(t *testing.T) {
	for day, want := range map[int]int{23: 23, 24: 23, 29: 23, 30: 30, 22: 16} {
		if got := mondayOf(clock.Date{Year: 2026, Month: time.November, Day: day}); got.Day != want {
			t.Errorf("%d: %s", day, got)
		}
	}
}

func TestTheOwnerIsAskedAboutThoseWhoDoNotWorkOnTheRecord(t *testing.T) {
	k := Case{Owner: "ruth", OpenedBy: "maya"}
	today := clock.Date{Year: 2026, Month: time.November, Day: 24}
	seen := func(day int, who string, act audit.Act) audit.Seen {
		return audit.Seen{At: at(day, 10), Who: who, Act: act, Of: "overview"}
	}
	got := looksOf(k, []audit.Seen{
		seen(24, "pat", audit.CaseViewed), seen(24, "pat", audit.CasePrinted), seen(24, "ruth", audit.CaseViewed), seen(24, "maya", audit.CaseViewed),
		seen(24, "dawit", audit.CaseViewed), seen(24, "", FileScanned), seen(17, "pat", audit.CaseViewed), seen(11, "dawit", audit.CaseChanged),
		seen(3, "dawit", audit.CaseViewed), {At: time.Date(2026, 9, 1, 10, 0, 0, 0, time.UTC), Who: "old", Act: audit.CaseViewed},
		{At: time.Date(2026, 9, 1, 10, 0, 0, 0, time.UTC), Who: "pat", Act: audit.CaseChanged},
	}, today)
	want := []look{{Person: "pat", Week: clock.Date{Year: 2026, Month: 11, Day: 23}, Times: 2}, {Person: "pat", Week: clock.Date{Year: 2026, Month: 11, Day: 16}, Times: 1}, {Person: "dawit", Week: clock.Date{Year: 2026, Month: 11, Day: 2}, Times: 1}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i].Person != want[i].Person || got[i].Week != want[i].Week || got[i].Times != want[i].Times {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
