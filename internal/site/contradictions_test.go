package site_test

import (
	"slices"
	"testing"

	"waymark/internal/concern"
	"waymark/internal/form"
	"waymark/internal/pack"
)

// either holds steps of which an answer may show one at most: two of a kind would tell the reader two things at once.
var either = map[string][]string{
	"how the child is kept here": {"keep-child", "keep-child-carer", "keep-child-port", "keep-child-injured", "keep-child-injured-hospital",
		"keep-child-weapon", "clinic-keep", "health-visitors-keep", "officer-keep", "anyone-keep", "anyone-injured", "ports-keep",
		"ports-before-boarding", "housing-keep", "housing-keep-lead", "carers-keep", "carers-keep-leaving", "carers-door",
		"carers-keep-lead", "carers-keep-leaving-lead", "carers-door-lead", "officer-keep-lead", "health-visitors-keep-lead", "youth-justice-before-plea",
		"youth-justice-release", "sc-hold-child", "child-whereabouts", "carers-whereabouts"},
	"whom to tell at work": {"tell-lead-now", "tell-lead-hour", "tell-lead-today", "anyone-tell-now", "anyone-tell-hour", "anyone-tell-today",
		"hospital-tell-night", "hospital-feeling-night", "maternity-tell-night", "maternity-feeling-night", "carers-feeling",
		"police-supervisor", "police-specialist", "police-feeling-tell", "police-missing-search", "police-missing-search-lead",
		"sc-tell-manager", "sc-strategy-now", "sc-feeling", "danger-tell-lead", "today-tell-lead"},
	"whom to report to": {"front-door-now", "front-door-hour", "out-of-hours-now", "out-of-hours-hour", "lead-advice-today", "lead-advice-night",
		"danger-front-door", "danger-out-of-hours", "missing-front-door", "missing-out-of-hours", "carers-report", "carers-report-night",
		"carers-lead-advice", "carers-danger-report", "carers-missing-report", "youth-justice-report", "youth-justice-report-night",
		"police-tell-council", "police-tell-council-night", "police-feeling-ask", "police-feeling-ask-night"},
	"what a carer is told":        {"never-carer", "never-carer-missing", "never-carer-social-care", "police-never-carer", "police-never-carer-missing", "carers-never-adults", "carers-never-adults-missing"},
	"what the child is asked":     {"never-question", "never-question-social-care", "never-question-police", "clinic-never-question"},
	"a doubt about the age":       {"never-age", "never-age-must", "ports-never-age"},
	"the phone":                   {"never-scroll", "police-never-phone"},
	"who files":                   {"files-others", "files-must", "trading-standards-files", "environmental-health-files", "ports-files", "youth-justice-files", "housing-files", "voluntary-files"},
	"the report in writing":       {"today-form", "today-wales", "today-wales-must", "clinic-wales-must", "carers-log"},
	"who the reader is":           {"say-who", "say-who-lead", "sc-say-who-lead", "police-say-who-lead", "carers-say-who-lead"},
	"when the child is next seen": {"week-seen", "week-seen-care", "week-returned"},
	"the danger itself":           {"danger-ring", "danger-rung", "missing-ring", "missing-rung", "check-danger", "police-danger", "police-missing", "police-safe", "police-safe-injured", "police-elsewhere", "police-feeling-check"},
}

// TestNoAnswerSaysTwoThingsAtOnce tries each setting with nothing, with each sign, with the five of its card, and with all.
func TestNoAnswerSaysTwoThingsAtOnce(t *testing.T) {
	p, words := shipped(t)
	for kind, all := range either {
		for _, id := range all {
			if !slices.ContainsFunc(p.Advice.All(), func(a pack.Advice) bool { return a.ID == id }) {
				t.Errorf("%s: there is no advice %s", kind, id)
			}
		}
	}
	tried := 0
	for _, setting := range p.Settings.All() {
		checks := []concern.Check{{}, {Feeling: true}, {Skipped: true}, {Signs: setting.Card.Signs}}
		var all []string
		for _, sign := range setting.Signs {
			all = append(all, sign.ID)
			checks = append(checks, concern.Check{Signs: []string{sign.ID}})
		}
		checks = append(checks, concern.Check{Signs: all})
		for _, c := range checks {
			c.Setting = setting.ID
			for _, c.Now = range []string{"", "danger", "leaving", "missing", "with-me", "elsewhere", "not-sure"} {
				for _, c.Rung = range []string{"", "yes"} {
					for _, c.Lead = range []bool{false, true} {
						for _, c.Nation = range []string{"england", "wales"} {
							for hour, at := range moments {
								if tried++; tried%nth() != 0 {
									continue
								}
								a, err := concern.Advise(p, directory{}, words, c, form.Answers{}, at)
								if err != nil {
									t.Fatal(err)
								}
								twice(t, a, c, hour)
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d answers, each %dth tried", tried, nth())
}

func twice(t *testing.T, a concern.Answer, c concern.Check, hour string) {
	t.Helper()
	shown := slices.Concat(a.Now, a.Today, a.Week, a.Never, a.Say, a.Files)
	for kind, all := range either {
		var found []string
		for _, s := range shown {
			if slices.Contains(all, s.ID) {
				found = append(found, s.ID)
			}
		}
		if len(found) > 1 {
			t.Errorf("%s, %v, %s: of %s it says %v", c.Setting, c, hour, kind, found)
		}
	}
}
