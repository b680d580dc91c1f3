package concern

import (
	"slices"
	"time"

	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/rule"
)

// Check is what somebody answered, as far as the rules look at it.
type Check struct {
	Now, Rung, Setting, Area, Nation string
	Lead                             bool
	Signs                            []string // ids of what was ticked, in the order of the setting
	Feeling, Other, Skipped          bool
}

// checkOf reads the check out of the answers to the form. The area says the nation.
func checkOf(p *pack.Pack, a form.Answers, skipped bool) Check {
	c := Check{
		Now: a["now"].One(), Rung: a["rung"].One(), Setting: a["setting"].One(), Area: a["area"].One(),
		Lead: a["lead"].Is("yes"), Signs: a["signs"].Picked,
		Feeling: a["more"].Is("feeling"), Other: a["more"].Is("other") || a["other-words"].Words != "",
		Skipped: skipped,
	}
	area, known := p.Areas.Get(c.Area)
	if !known {
		c.Area = ""
	}
	c.Nation = area.Nation
	return c
}

// Nothing reports that nothing at all was ticked.
func (c Check) Nothing() bool { return len(c.Signs) == 0 && !c.Feeling && !c.Other }

// facts is what the pack's rules look at: the check, what its signs point to, and what the hour is.
func (c Check) facts(p *pack.Pack, at time.Time, frontDoorKnown bool) rule.Facts {
	setting, _ := p.Settings.Get(c.Setting)
	indicators, tags := []string{}, []string{}
	for _, id := range c.Signs {
		_, sign, ok := p.Sign(id)
		if !ok {
			continue
		}
		indicators = added(indicators, sign.Indicator)
		for _, tag := range sign.Tags {
			tags = added(tags, tag)
		}
	}
	signs := c.Signs
	if signs == nil {
		signs = []string{}
	}
	bank := p.BankHolidays(c.Nation)
	today := clock.Today(at)
	weekend := today.Weekday() == time.Saturday || today.Weekday() == time.Sunday
	facts := pack.NoFacts()
	for name, value := range (rule.Facts{
		"now": c.Now, "rung": c.Rung, "setting": c.Setting, "lead": c.Lead, "files": setting.FirstResponder,
		"area": c.Area, "nation": c.Nation, "signs": signs, "indicators": indicators, "tags": tags,
		"feeling": c.Feeling, "other": c.Other, "nothing": c.Nothing(), "skipped": c.Skipped,
		"night": p.Night.Covers(at), "weekend": weekend, "holiday": bank[today],
		"office_hours": bank.Working(today) && p.OfficeHours.Covers(at), "front_door_known": frontDoorKnown,
	}) {
		facts[name] = value
	}
	return facts
}

func added(list []string, one string) []string {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}
