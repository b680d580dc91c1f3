package pack

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/form"
	"waymark/internal/rule"
)

func TestAFormIsReadyWithItsGapsItsConditionsAndItsPlaceInTheGuidance(t *testing.T) {
	record, _ := load(t, good(t)).Forms.Get("record")
	f := record.Ready
	gaps := map[string]int{}
	for _, q := range f.Questions() {
		gaps[q.ID] = len(q.Gaps)
	}
	// A list of its own stands in the place of the form's; what is optional, and what says no_gaps, has none.
	want := map[string]int{"where": 2, "home-like": 2, "marks": 0, "notes": 0, "from": 2, "seen": 1, "rooms": 2, "names": 2, "phone": 2, "card": 2, "night": 2}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Error(diff)
	}
	where, _ := f.Question("where")
	if where.Guidance != (form.Link{Words: "The national referral", Href: "/guidance/nrm#what"}) || where.WhoKnows == "" || where.Why == "" {
		t.Errorf("%+v", where)
	}
	for _, c := range []struct {
		answers form.Answers
		asked   int
	}{
		{form.Answers{}, 10},
		{form.Answers{"where": {Words: "Leyton"}}, 11},
		{form.Answers{"home-like": {Picked: []string{"no"}}}, 4},
		{form.Answers{"home-like": {Picked: []string{"no"}}, "marks": {Picked: []string{"lock", "bed"}}}, 10},
	} {
		shown, err := f.Shown(f.Facts(c.answers))
		if err != nil || len(shown.Questions()) != c.asked {
			t.Errorf("%v: %d questions are asked, want %d (%v)", c.answers, len(shown.Questions()), c.asked, err)
		}
	}
}

func TestALocalPackGivesNationalFormsItsOwnReasons(t *testing.T) {
	local := fstest.MapFS{
		"pack.yaml": {Data: []byte("id: here\nversion: 1\ntitle: Here\nowner: Us\nlicence: CC-BY-4.0\nextends: good\nmade_against: 2026.1.1\n")},
		"gaps.yaml": {Data: []byte("about: {owner: Us, reviewed: 2026-01-01, review_by: 2026-07-01}\ngaps:\n  - {id: later, replace: true, reasons: [{id: asleep, says: The child sleeps}]}\n")},
	}
	p, err := Load(local, func(string) (fs.FS, error) { return good(t), nil })
	if err != nil {
		t.Fatal(err)
	}
	record, _ := p.Forms.Get("record")
	where, _ := record.Ready.Question("where")
	if diff := cmp.Diff([]form.Option{{ID: "asleep", Says: "The child sleeps"}}, where.Gaps); diff != "" {
		t.Error(diff)
	}
}

// A condition may name every question of its form; whoever renames one is told where.
func TestEveryShippedFormHasFactsForItsConditions(t *testing.T) {
	for _, f := range shipped(t).Forms.All() {
		if _, err := rule.NewLanguage(f.noFacts()); err != nil {
			t.Errorf("form %s: %v", f.ID, err)
		}
		if f.Title == "" && f.Facts != "check" {
			t.Errorf("form %s has no title", f.ID)
		}
	}
}
