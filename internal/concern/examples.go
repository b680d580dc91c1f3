package concern

import (
	"fmt"
	"slices"
	"time"

	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/pack"
)

// Examples runs the worked examples of a pack: answers in, advice out. A pack that breaks one cannot be made live.
func Examples(d Directory, words Words) pack.Check {
	return func(p *pack.Pack) []pack.Fault {
		var faults []pack.Fault
		for _, e := range p.Examples.All() {
			for _, says := range tryExample(p, d, words, e) {
				faults = append(faults, pack.Fault{Place: e.At, Says: fmt.Sprintf("example %q: %s", e.ID, says)})
			}
		}
		return faults
	}
}

func tryExample(p *pack.Pack, d Directory, words Words, e pack.Example) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	at, err := time.ParseInLocation("2006-01-02T15:04", e.Moment, clock.London)
	if err != nil {
		say("the moment %q is not like 2026-11-24T15:40", e.Moment)
		return wrong
	}
	c := exampleCheck(p, e, say)
	a, err := Advise(p, d, words, c, form.Answers{}, at)
	if err != nil {
		say("%v", err)
		return wrong
	}
	if now := ids(a.Now); e.Now != nil && !slices.Equal(now, e.Now) {
		say("the steps to do now are %v; the example says %v", now, e.Now)
	}
	shown := ids(slices.Concat([]Step{a.Opening}, a.Now, a.Today, a.Week, a.Never, a.Say, a.Nobody, a.Files, a.Write))
	for _, id := range e.Has {
		if !slices.Contains(shown, id) {
			say("%q should be in the answer and is not", id)
		}
	}
	for _, id := range e.Lacks {
		if slices.Contains(shown, id) {
			say("%q should not be in the answer and is", id)
		}
	}
	if len(e.Calls) > 0 && (len(a.Call) == 0 || !slices.Contains(e.Calls, a.Call[0].ID) && !slices.Contains(e.Calls, a.Call[0].Role)) {
		say("the first to ring is %v; the example says one of %v", called(a), e.Calls)
	}
	return wrong
}

func called(a Answer) string {
	if len(a.Call) == 0 {
		return "nobody"
	}
	return a.Call[0].ID
}

func exampleCheck(p *pack.Pack, e pack.Example, say func(string, ...any)) Check {
	in := e.Answers
	c := Check{Now: in.Now, Rung: in.Rung, Setting: in.Setting, Area: in.Area, Nation: in.Nation, Lead: in.Lead,
		Signs: in.Signs, Feeling: in.Feeling, Other: in.Other, Skipped: in.Skipped}
	if _, ok := p.Settings.Get(c.Setting); !ok && c.Setting != "" {
		say("there is no setting %q", c.Setting)
	}
	for _, id := range c.Signs {
		if _, _, ok := p.Sign(id); !ok {
			say("there is no sign %q", id)
		}
	}
	if area, ok := p.Areas.Get(c.Area); ok {
		c.Nation = area.Nation
	} else if c.Area != "" {
		say("there is no area %q", c.Area)
	}
	return c
}

func ids(steps []Step) []string {
	var out []string
	for _, s := range steps {
		out = append(out, s.ID)
	}
	return out
}
