package site_test

import (
	"slices"
	"testing"
	"time"

	"waymark/internal/clock"
	"waymark/internal/pack"
)

// TestEverySettingHasItsWorkedExamples counts three at least, one of them with nothing certain and one at night.
func TestEverySettingHasItsWorkedExamples(t *testing.T) {
	p, _ := shipped(t)
	for _, setting := range p.Settings.All() {
		var all, uncertain, night int
		for _, e := range p.Examples.All() {
			in := e.Answers
			if in.Setting != setting.ID {
				continue
			}
			all++
			if len(in.Signs) == 0 && !in.Other && !in.Skipped {
				uncertain++
			}
			at, err := time.ParseInLocation("2006-01-02T15:04", e.Moment, clock.London)
			if err != nil {
				t.Fatal(err)
			}
			if p.Night.Covers(at) {
				night++
			}
		}
		if all < 3 || uncertain < 1 || night < 1 {
			t.Errorf("%s has %d examples, %d with nothing certain, %d at night", setting.ID, all, uncertain, night)
		}
		if n := len(setting.Signs); n < 8 || n > 15 {
			t.Errorf("%s has %d signs", setting.ID, n)
		}
	}
}

// circumstances are what the answer has to change with, and advice that says so.
var circumstances = map[string][]string{
	"danger":                     {"danger-ring", "danger-note"},
	"age unsure":                 {"never-age", "never-age-must"},
	"carer present":              {"keep-child-carer", "today-carer-note"},
	"child about to leave":       {"front-door-now", "say-where-leaving"},
	"night":                      {"today-night", "out-of-hours-now"},
	"weekend":                    {"today-weekend"},
	"bank holiday":               {"today-holiday"},
	"other children there":       {"today-others-there"},
	"missing":                    {"missing-ring", "week-returned"},
	"pregnant":                   {"today-pregnant", "maternity-two-reports"},
	"injured":                    {"keep-child-injured", "today-injury-words"},
	"found at work":              {"never-warn-business", "today-at-work"},
	"found with drugs":           {"never-blame", "today-drugs"},
	"arriving at a port":         {"keep-child-port", "today-port"},
	"child says nothing":         {"today-silent"},
	"interpreter needed":         {"today-interpreter"},
	"disagreement":               {"nobody-no", "week-disagree"},
	"Wales":                      {"today-wales", "today-wales-must"},
	"nothing but a feeling":      {"opening-feeling", "feeling-write"},
	"the reader is the lead":     {"lead-what-we-hold", "today-lead-thanks"},
	"a child who lives in care":  {"carers-report", "carers-never-address"},
	"a child suspected of crime": {"youth-justice-before-plea", "today-sc-suspect"},
}

// TestEveryCircumstanceChangesTheAnswerAndAnExampleProvesIt looks for an example that asks for the advice by its id.
func TestEveryCircumstanceChangesTheAnswerAndAnExampleProvesIt(t *testing.T) {
	p, _ := shipped(t)
	for circumstance, advice := range circumstances {
		for _, id := range advice {
			if !slices.ContainsFunc(p.Advice.All(), func(a pack.Advice) bool { return a.ID == id && a.When != "" }) {
				t.Errorf("%s: the advice %s is not there, or holds always", circumstance, id)
			}
			proved := false
			for _, e := range p.Examples.All() {
				proved = proved || slices.Contains(e.Has, id) || slices.Contains(e.Now, id)
			}
			if !proved {
				t.Errorf("%s: no example proves %s", circumstance, id)
			}
		}
	}
}
