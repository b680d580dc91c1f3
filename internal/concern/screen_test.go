package concern

import (
	"slices"
	"strings"
	"testing"

	"waymark/internal/block"
	"waymark/internal/web"
)

const common = "Monday Mum I"

func TestWordsThatLookLikeNamesAreFoundAndOthersAreNot(t *testing.T) {
	for text, want := range map[string][]string{
		"She came with Tesfay on Monday.":         {"Tesfay"},
		"Selam Haile told me.":                    {"Selam Haile"},
		"The child said: Mum will be angry.":      nil,
		"Came late. Looked tired. I asked why.":   nil,
		"with Ọlámidé and O'Brien-Smith":          {"Ọlámidé", "O'Brien-Smith"},
		"":                                        nil,
		"all small letters, and a NUMBER in caps": nil,
	} {
		if got := namesIn(text, common); !slices.Equal(got, want) {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}

func FuzzLookingForNamesNeverFails(f *testing.F) {
	f.Add("Selam Haile. Haile Selam!")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range namesIn(text, common) {
			if strings.TrimSpace(name) == "" {
				t.Errorf("an empty name in %q", text)
			}
		}
	})
}

func TestACouncilWhoseNumberNobodyKnowsKeepsItsPlaceAndAClosedOneGoesBehind(t *testing.T) {
	number := []block.Number{{Shown: "1", Dial: "1"}}
	found := []block.Contact{
		{ID: "police", Role: "police", Always: true, Numbers: number},
		{ID: "door", Role: "front-door"},
		{ID: "night", Role: "out-of-hours", HoursKnown: true, Numbers: number},
	}
	var order []string
	for _, c := range closedLast(found, []string{"front-door", "out-of-hours", "police"}) {
		order = append(order, c.ID)
	}
	if got := strings.Join(order, " "); got != "door police night" {
		t.Error(got)
	}
}

func TestACodeIsDrawnWithItsQuietMargin(t *testing.T) {
	svg, err := web.QRCode("https://waymark.example.org/concern/schools")
	if err != nil {
		t.Fatal(err)
	}
	if s := string(svg); !strings.HasPrefix(s, "<svg") || strings.Count(s, "M0 ") != 1 || strings.Contains(s, "M3 ") || !strings.Contains(s, "M4 4h") {
		t.Errorf("%.300s", s)
	}
}
