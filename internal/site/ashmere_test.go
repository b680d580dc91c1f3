package site_test

import (
	"slices"
	"testing"

	"waymark/internal/block"
	"waymark/internal/concern"
	"waymark/internal/form"
	"waymark/internal/site"
)

// TestEveryAnswerInAshmereGivesTheConfirmedNumberThatIsOpen walks the invented area: whatever the hour, the number of its
// own council leads (behind the emergency line, where that comes first), and nobody is told to go and look for it.
func TestEveryAnswerInAshmereGivesTheConfirmedNumberThatIsOpen(t *testing.T) {
	p, err := site.LoadPack("demo", "")
	if err != nil {
		t.Fatal(err)
	}
	_, words := shipped(t)
	for _, setting := range p.Settings.All() {
		if setting.ID == "childrens-social-care" {
			continue // it is the council
		}
		for _, c := range []concern.Check{{Feeling: true}, {Skipped: true}, {Signs: []string{setting.Signs[0].ID}}} {
			c.Setting, c.Area, c.Nation = setting.ID, "ashmere", "england"
			for _, c.Now = range []string{"", "danger", "leaving", "missing", "with-me", "elsewhere", "not-sure"} {
				for _, c.Lead = range []bool{false, true} {
					for hour, at := range moments {
						a, err := concern.Advise(p, directory{}, words, c, form.Answers{}, at)
						if err != nil {
							t.Fatal(err)
						}
						for _, wrong := range faultsOf(p, a, c) {
							t.Errorf("%s, %v, %s: %s", setting.ID, c, hour, wrong)
						}
						open := slices.IndexFunc(a.Call, func(b block.Contact) bool { return b.Local && b.Reachable() && b.Sure() })
						police := slices.IndexFunc(a.Call, func(b block.Contact) bool { return b.Role == "police" })
						if open < 0 || open > police {
							t.Errorf("%s, %v, %s: the council's own number does not come before the police's", setting.ID, c, hour)
						}
						if slices.ContainsFunc(a.Nobody, func(s concern.Step) bool { return s.ID == "nobody-find" }) {
							t.Errorf("%s, %v, %s: told to look for a number that is known", setting.ID, c, hour)
						}
					}
				}
			}
		}
	}
}
