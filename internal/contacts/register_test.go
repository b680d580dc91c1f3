package contacts_test

import (
	"strings"
	"testing"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/contacts"
)

var (
	tuesday = clock.Date{Year: 2026, Month: 11, Day: 24}
	noon    = tuesday.At(12, 0)
	night   = tuesday.At(2, 0)
)

func ids(all []block.Contact) string {
	var names []string
	for _, c := range all {
		names = append(names, c.ID)
	}
	return strings.Join(names, " ")
}

func TestWhomToCallDependsOnTheHourAndThePlace(t *testing.T) {
	p := register(t)
	roles := []string{"front-door", "out-of-hours", "police"}
	for _, try := range []struct {
		says         string
		at           time.Time
		area, nation string
		wanted       []string
		want         string
	}{
		{"by day the council leads", noon, "ashmere", "england", roles, "ashmere-front-door police-101 ashmere-night"},
		{"at night the duty team leads", night, "ashmere", "england", roles, "ashmere-night police-101 ashmere-front-door"},
		{"without a known number the police lead, and the way to find it follows", noon, "brynford", "wales", roles, "police-101 front-door"},
		{"an area not known still has the police", noon, "", "", roles, "police-101 front-door"},
		{"a line of another nation is left out", noon, "ashmere", "england", []string{"wales-line", "helpline"}, "helpline"},
		{"the nation follows from the area", noon, "ashmere", "", []string{"wales-line", "helpline"}, "helpline"},
		{"a nation not known shuts nobody out", noon, "", "", []string{"wales-line", "helpline"}, "wales-line helpline"},
		{"another area's council is left out", noon, "brynford", "wales", []string{"ashmere-front-door", "emergency"}, "police-999"},
		{"the police are the same in every nation", noon, "", "scotland", []string{"police", "emergency"}, "police-101 police-999"},
		{"nobody is named twice", noon, "ashmere", "england", []string{"police", "police-101", "police"}, "police-101"},
		{"nobody has that name", noon, "", "", []string{"no-such-line"}, ""},
	} {
		if got := ids(contacts.Open(p, try.at, try.area, try.nation, try.wanted...)); got != try.want {
			t.Errorf("%s: %s, want %s", try.says, got, try.want)
		}
	}
}

func TestAMentionGivesTheNumberOrTheWayToFindIt(t *testing.T) {
	p := register(t)
	for _, try := range []struct {
		says     string
		at       time.Time
		area, to string
		words    string
		href     string
	}{
		{"999 is its own name", noon, "", "emergency", "999", "tel:999"},
		{"a council with a number", noon, "ashmere", "front-door", "Ashmere children's services (01632 960 001)", "tel:01632960001"},
		{"a number with a plus", noon, "ashmere", "out-of-hours", "Ashmere duty team (+44 1632 960 002)", "tel:+441632960002"},
		{"a council without", noon, "brynford", "front-door", "children's social care", "/contacts/front-door"},
		{"a line by its id", noon, "", "helpline", "the advice line (01632 960 003)", "tel:01632960003"},
	} {
		got := contacts.Resolver(p, try.at, try.area, "")(block.Target{Kind: "contact", ID: try.to})
		if got.Words() != try.words || got[len(got)-1].Href != try.href {
			t.Errorf("%s: %q to %q", try.says, got.Words(), got[len(got)-1].Href)
		}
	}
}

func TestContactsMaySpeakOfEachOther(t *testing.T) {
	p := register(t)
	c, _ := p.Contacts.Get("front-door")
	if got := contacts.Describe(p, c, noon).Find.Words(); got != "Search for the council's name, or ring 101." {
		t.Error(got)
	}
}

func TestAConfirmationCountsUntilTheReviewIsDue(t *testing.T) {
	p := register(t)
	c, _ := p.Contacts.Get("ashmere-front-door")
	if got := contacts.Describe(p, c, noon); !got.Sure() || got.ConfirmedOn != "10 November 2026" {
		t.Errorf("%+v", got)
	}
	if contacts.Describe(p, c, clock.Date{Year: 2027, Month: 5, Day: 2}.At(12, 0)).Sure() {
		t.Error("a number rung long ago passes for sure")
	}
	police, _ := p.Contacts.Get("police-101")
	if !contacts.Describe(p, police, noon).Sure() {
		t.Error("101 needs no confirmation")
	}
}
