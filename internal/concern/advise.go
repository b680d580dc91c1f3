package concern

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/rule"
)

// mostNow is how many steps stand under "do now": a tired person reads three. What more there is leads "today".
const mostNow = 3

// Answer is what the check ends in. It holds no score and no verdict, only what to do.
type Answer struct {
	At      time.Time
	Check   Check
	Setting pack.Setting // zero when none was picked
	Area    pack.Area    // zero when not known

	Opening                              Step
	Now, Today, Week                     []Step
	Never, Say, Nobody, Files, Write     []Step
	Ticked                               []Ticked
	Other                                string
	Call                                 []block.Contact // whom to ring first, reachable ones leading
	Facts                                rule.Facts
	SettingNever                         []block.Text
	NoAnswer, BelowThreshold, ToldToWait block.Body
	Disagreement, WriteHow, FilesHow     block.Body
	Inside, Others                       block.Body // how it goes from here: inside the agency, then with others
	Sources                              []pack.Source
	Doubts                               []string
}

// Step is one advice that fired, with its words made ready and the facts that its rule looked at.
type Step struct {
	pack.Advice
	Words, Reason block.Text
	Brief         block.Text // a few words for the first screen; Words where the pack has none
	Details       block.Body
	Contacts      []block.Contact
	Looked        []Fact
}

// Fact is a fact of the check and what it was.
type Fact struct{ Name, Value string }

// Ticked is a sign that somebody ticked, and what they said of it.
type Ticked struct {
	pack.Sign
	Words     block.Text
	Indicator pack.Indicator
	How, Note string
}

// Advise gives the answer to a check at that moment. It is pure but for the directory it asks.
func Advise(p *pack.Pack, d Directory, words Words, c Check, answers form.Answers, at time.Time) (Answer, error) {
	setting, _ := p.Settings.Get(c.Setting)
	area, _ := p.Areas.Get(c.Area)
	a := Answer{At: at, Check: c, Setting: setting, Area: area, Other: answers["other-words"].Words}
	a.Facts = c.facts(p, at, councilKnown(d.Open(p, at, c.Area, c.Nation, "front-door", "out-of-hours")))
	a.Ticked = ticked(p, c, answers)
	resolve := p.Targets(a.speak(p, words, d.Resolver(p, at, c.Area, c.Nation)))
	fired, err := fired(p.Advice.All(), a.Facts)
	if err != nil {
		return a, err
	}
	for _, advice := range fired {
		a.place(a.step(p, d, advice, resolve))
	}
	if len(a.Now) > mostNow {
		a.Today = append(append([]Step{}, a.Now[mostNow:]...), a.Today...)
		a.Now = a.Now[:mostNow]
	}
	a.fromSetting(resolve)
	a.Call = closedLast(d.Open(p, at, c.Area, c.Nation, a.wanted()...), a.wanted())
	a.provenance(p)
	return a, nil
}

// Words are the few words that the program itself puts into the answer.
type Words interface {
	Say(key string, pairs ...string) string
}

// councilKnown reports that the council can be rung now on a number that somebody confirmed: its front door by day, its team
// for the night after that.
func councilKnown(found []block.Contact) bool {
	return slices.ContainsFunc(found, func(c block.Contact) bool { return c.Reachable() && c.Sure() })
}

// fired gives the advice whose rules hold, in their order, without those that another stands in for.
func fired(all []pack.Advice, facts rule.Facts) ([]pack.Advice, error) {
	var out []pack.Advice
	instead := map[string]bool{}
	for _, advice := range all {
		holds, err := advice.Rule.Holds(facts)
		if err != nil {
			return nil, fmt.Errorf("advice %s: %w", advice.ID, err)
		}
		if holds {
			out = append(out, advice)
			for _, id := range advice.InsteadOf {
				instead[id] = true
			}
		}
	}
	kept := out[:0]
	for _, advice := range out {
		if !instead[advice.ID] {
			kept = append(kept, advice)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool { return kept[i].Order < kept[j].Order })
	return kept, nil
}

func (a *Answer) step(p *pack.Pack, d Directory, advice pack.Advice, resolve block.Resolver) Step {
	s := Step{Advice: advice, Words: advice.Says.Text.Resolve(resolve), Reason: advice.Why.Text.Resolve(resolve), Details: advice.More.Body.Resolve(resolve)}
	if s.Brief = advice.Short.Text.Resolve(resolve); len(s.Brief) == 0 {
		s.Brief = s.Words
	}
	if len(advice.Call) > 0 {
		s.Contacts = d.Open(p, a.At, a.Check.Area, a.Check.Nation, advice.Call...)
	}
	for _, name := range advice.Rule.Uses() {
		s.Looked = append(s.Looked, Fact{name, factWords(a.Facts[name])})
	}
	return s
}

func factWords(value any) string {
	switch v := value.(type) {
	case []string:
		return strings.Join(v, ", ")
	case bool:
		if v {
			return "yes"
		}
		return "no"
	default:
		return fmt.Sprint(v)
	}
}

func (a *Answer) place(s Step) {
	switch s.Section {
	case "opening":
		if a.Opening.ID == "" {
			a.Opening = s
		}
	case "now":
		a.Now = append(a.Now, s)
	case "today":
		a.Today = append(a.Today, s)
	case "week":
		a.Week = append(a.Week, s)
	case "never":
		a.Never = append(a.Never, s)
	case "say":
		a.Say = append(a.Say, s)
	case "nobody":
		a.Nobody = append(a.Nobody, s)
	case "files":
		a.Files = append(a.Files, s)
	case "write":
		a.Write = append(a.Write, s)
	}
}

// wanted is whom to ring, in the order of the steps; the emergency and police numbers stand behind every answer.
func (a *Answer) wanted() []string {
	var roles []string
	for _, s := range a.Now {
		for _, role := range s.Call {
			roles = added(roles, role)
		}
	}
	return added(added(roles, "police"), "emergency")
}

// closedLast puts contacts in the order in which they are wanted; those known to be closed go behind. A contact whose
// number nobody wrote down keeps its place, as a line to write on: the police are not passed off as the council.
func closedLast(found []block.Contact, wanted []string) []block.Contact {
	closed := func(c block.Contact) bool { return len(c.Numbers) > 0 && !c.Reachable() }
	found = inOrder(found, wanted)
	sort.SliceStable(found, func(i, j int) bool { return !closed(found[i]) && closed(found[j]) })
	return found
}

// inOrder puts contacts in the order in which they are wanted.
func inOrder(found []block.Contact, wanted []string) []block.Contact {
	place := func(c block.Contact) int {
		return slices.IndexFunc(wanted, func(w string) bool { return w == c.ID || w == c.Role })
	}
	sort.SliceStable(found, func(i, j int) bool { return place(found[i]) < place(found[j]) })
	return found
}

func ticked(p *pack.Pack, c Check, answers form.Answers) []Ticked {
	var out []Ticked
	for _, id := range c.Signs {
		_, sign, ok := p.Sign(id)
		if !ok {
			continue
		}
		indicator, _ := p.Indicators.Get(sign.Indicator)
		o := answers["seen"].Observed[id]
		out = append(out, Ticked{sign, sign.Says.Text.Resolve(p.Targets(nil)), indicator, o.How, o.Note})
	}
	return out
}

func (a *Answer) fromSetting(resolve block.Resolver) {
	s := a.Setting
	for _, line := range s.Never {
		a.SettingNever = append(a.SettingNever, line.Text.Resolve(resolve))
	}
	a.NoAnswer = s.NoAnswer.Body.Resolve(resolve)
	a.BelowThreshold = s.BelowThreshold.Body.Resolve(resolve)
	a.ToldToWait = s.ToldToWait.Body.Resolve(resolve)
	a.Disagreement = s.Disagreement.Body.Resolve(resolve)
	a.Inside = s.Inside.Body.Resolve(resolve)
	a.Others = s.Others.Body.Resolve(resolve)
	a.WriteHow = s.Write.Body.Resolve(resolve)
	a.FilesHow = s.Files.Body.Resolve(resolve)
}

// speak gives the words for {lead}, {setting}, {area}, {now}, {time} and {signs}; contacts go to the directory.
func (a *Answer) speak(p *pack.Pack, words Words, contacts block.Resolver) block.Resolver {
	plain := func(s string) block.Text { return block.Text{{Words: s}} }
	return func(to block.Target) block.Text {
		switch to.Kind {
		case "lead":
			if a.Setting.Lead != "" {
				return plain(words.Say("concern.your", "lead", a.Setting.Lead))
			}
			return plain(words.Say("concern.your-lead"))
		case "setting":
			return plain(or(a.Setting.Short, "…"))
		case "area":
			return plain(or(a.Area.Name, "…"))
		case "now":
			return plain(or(optionSays(p, "now", a.Check.Now), "…"))
		case "time":
			return plain(moment(a.At))
		case "signs":
			return plain(a.signs())
		}
		return contacts(to)
	}
}

// signs lists what was ticked, with the words that somebody added.
func (a *Answer) signs() string {
	var all []string
	for _, t := range a.Ticked {
		line := strings.TrimSuffix(t.Words.Words(), ".")
		if t.Note != "" {
			line += " (" + strings.Join(strings.Fields(t.Note), " ") + ")"
		}
		all = append(all, line)
	}
	if a.Other != "" {
		all = append(all, a.Other)
	}
	if len(all) == 0 {
		return "…"
	}
	return strings.Join(all, "; ")
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func moment(at time.Time) string {
	at = at.In(clock.London)
	return at.Format("15:04") + ", " + at.Weekday().String() + " " + clock.DateOf(at).Words()
}

// optionSays gives the words of an option of the check's own form.
func optionSays(p *pack.Pack, question, option string) string {
	f, _ := p.Forms.Get(formID)
	for _, page := range f.Pages {
		for _, q := range page.Questions {
			for _, o := range q.Options {
				if q.ID == question && o.ID == option {
					return o.Says
				}
			}
		}
	}
	return ""
}

// provenance gathers the sources of all that is shown, and what is not sure about it.
func (a *Answer) provenance(p *pack.Pack) {
	var ids []string
	note := func(about pack.About) {
		for _, id := range about.Source {
			ids = added(ids, id)
		}
		if about.Doubt != "" && !about.Certainty.Sure() {
			a.Doubts = added(a.Doubts, about.Doubt)
		}
	}
	for _, steps := range [][]Step{a.Now, a.Today, a.Week, a.Never, a.Nobody, a.Files} {
		for _, s := range steps {
			note(s.About)
		}
	}
	if a.Setting.ID != "" {
		note(a.Setting.About)
	}
	for _, t := range a.Ticked {
		note(t.Sign.About)
		note(t.Indicator.About)
	}
	for _, id := range ids {
		if s, ok := p.Sources.Get(id); ok {
			a.Sources = append(a.Sources, s)
		}
	}
}
