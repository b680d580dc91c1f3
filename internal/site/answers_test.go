package site_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/concern"
	"waymark/internal/contacts"
	"waymark/internal/form"
	"waymark/internal/lang"
	"waymark/internal/pack"
	"waymark/internal/site"
)

// nth thins the great tables: `make quick` tries each 17th answer and `make test` each one. No loop below has a
// multiple of 17 turns, so every setting, hour and nation gets its share.
func nth() int {
	if testing.Short() && os.Getenv("WAYMARK_WHOLE") == "" {
		return max(everyNth, 17)
	}
	return everyNth
}

type directory struct{}

func (directory) Open(p *pack.Pack, at time.Time, area, nation string, wanted ...string) []block.Contact {
	return contacts.Open(p, at, area, nation, wanted...)
}

func (directory) Resolver(p *pack.Pack, at time.Time, area, nation string) block.Resolver {
	return contacts.Resolver(p, at, area, nation)
}

func shipped(t testing.TB) (*pack.Pack, *lang.Words) {
	t.Helper()
	p, err := site.LoadPack("england-wales", "")
	if err != nil {
		t.Fatal(err)
	}
	words, err := site.Words()
	if err != nil {
		t.Fatal(err)
	}
	return p, words["en"]
}

// moments are the hours at which every answer is tried.
var moments = map[string]time.Time{
	"a working afternoon": time.Date(2026, 11, 24, 15, 40, 0, 0, clock.London),
	"the night":           time.Date(2026, 11, 25, 2, 0, 0, 0, clock.London),
	"a bank holiday":      time.Date(2026, 12, 25, 11, 0, 0, 0, clock.London),
	"a Saturday":          time.Date(2026, 11, 28, 11, 0, 0, 0, clock.London),
}

// TestEveryAnswerNamesAFirstCallAndNeverReassures walks every setting with every single sign and with nothing, for a lead
// and for others, in both nations and neither, at every hour, whatever is happening with the child.
func TestEveryAnswerNamesAFirstCallAndNeverReassures(t *testing.T) {
	p, words := shipped(t)
	tried := 0
	for _, setting := range append(p.Settings.All(), pack.Setting{}) {
		checks := []concern.Check{{}, {Feeling: true}, {Other: true}, {Skipped: true}}
		for _, sign := range setting.Signs {
			checks = append(checks, concern.Check{Signs: []string{sign.ID}})
		}
		for _, c := range checks {
			c.Setting = setting.ID
			for _, c.Now = range []string{"", "danger", "leaving", "missing", "with-me", "elsewhere", "not-sure"} {
				for _, c.Lead = range []bool{false, true} {
					for _, c.Nation = range []string{"", "england", "wales"} {
						for hour, at := range moments {
							if tried++; tried%nth() != 0 {
								continue
							}
							a, err := concern.Advise(p, directory{}, words, c, form.Answers{}, at)
							if err != nil {
								t.Fatal(err)
							}
							for _, wrong := range faultsOf(p, a, c) {
								t.Errorf("%s, %v, %s: %s", setting.ID, c, hour, wrong)
							}
							if t.Failed() && tried > 20_000 {
								t.FailNow()
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d answers, each %dth tried", tried, nth())
}

// faultsOf says what no answer may be.
func faultsOf(p *pack.Pack, a concern.Answer, c concern.Check) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if a.Opening.ID == "" {
		say("no opening sentence")
	}
	if n := len(a.Now); n < 1 || n > 3 {
		say("%d steps to do now", n)
	}
	for section, steps := range map[string][]concern.Step{"never": a.Never, "say": a.Say, "nobody": a.Nobody, "files": a.Files, "write": a.Write} {
		if len(steps) == 0 {
			say("nothing under %s", section)
		}
	}
	if !slices.ContainsFunc(a.Call, func(c block.Contact) bool { return c.Reachable() && c.Sure() }) {
		say("nobody to call who can be reached now")
	}
	if (c.Now == "danger" || c.Now == "missing") && c.Setting != "police" && !slices.ContainsFunc(a.Call, func(c block.Contact) bool { return c.Role == "emergency" }) {
		say("no emergency call")
	}
	if c.Setting != "childrens-social-care" && !slices.ContainsFunc(a.Call, council) {
		say("no council to ring")
	}
	if strings.Contains(a.Opening.Words.Words(), " today") && slices.ContainsFunc(a.Now, func(s concern.Step) bool { return s.By == "Now" }) {
		say("the first sentence says today, and a step says now")
	}
	seen := map[string]bool{}
	everything := slices.Concat([]concern.Step{a.Opening}, a.Now, a.Today, a.Week, a.Never, a.Say, a.Nobody, a.Files, a.Write)
	for _, s := range everything {
		text := s.Words.Words()
		if seen[s.Section+text] {
			say("%s is said twice", s.ID)
		}
		seen[s.Section+text] = true
		if strings.Contains(text, "{") {
			say("%s shows a place-holder: %s", s.ID, text)
		}
		if found := reassuring(p, text); found != "" {
			say("%s reassures: %q", s.ID, found)
		}
		if c.Lead && slices.Contains([]string{"now", "today", "opening"}, s.Section) && slices.ContainsFunc(s.Says.Targets(), func(to block.Target) bool { return to.Kind == "lead" }) {
			say("%s tells the lead to go to the lead", s.ID)
		}
	}
	return wrong
}

// council reports that a contact is a council's, whichever it is: even a mere feeling ends with somebody there to ask.
func council(c block.Contact) bool {
	return c.Role == "front-door" || c.Role == "out-of-hours" || c.ID == "placing-council"
}

var reassured = map[string]string{} // by text: the same sentences come again in thousands of answers

// reassuring gives the word that may stand in no answer, if one does.
func reassuring(p *pack.Pack, text string) string {
	found, known := reassured[text]
	if known {
		return found
	}
	for _, w := range p.Words.All() {
		if strings.HasPrefix(w.ID, "ban-") && found == "" {
			found = w.Found(text)
		}
	}
	reassured[text] = found
	return found
}

// TestTheExamplesComeOutAsTheyWereWritten runs the worked examples, as loading does.
func TestTheExamplesComeOutAsTheyWereWritten(t *testing.T) {
	p, words := shipped(t)
	if p.Examples.Len() < 9 {
		t.Fatalf("only %d examples", p.Examples.Len())
	}
	for _, fault := range concern.Examples(directory{}, words)(p) {
		t.Error(fault)
	}
}

// TestTakingAnyAdviceAwayTurnsAnExampleRed proves that the worked examples guard every rule of the pack.
func TestTakingAnyAdviceAwayTurnsAnExampleRed(t *testing.T) {
	p, words := shipped(t)
	check := concern.Examples(directory{}, words)
	for i, advice := range p.Advice.All() {
		if i%nth() != 0 {
			continue
		}
		if len(check(p.WithoutAdvice(advice.ID))) == 0 {
			t.Errorf("no example would notice if %q were gone", advice.ID)
		}
	}
}
