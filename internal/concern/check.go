package concern

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"waymark/internal/clock"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// walkthrough is where somebody stands in the check. All of it came with the request; the server keeps nothing.
type walkthrough struct {
	form     form.Form
	answers  form.Answers
	problems []form.Problem
	skipped  bool
	from     string // the page that was sent, "" for none, "answer" for the last screen
	check    Check
}

// begin shows the first screen, or with a setting in the address (from a card) the same with that setting known.
func (c *Concern) begin(r *web.Request) (web.Reply, error) {
	values := url.Values{}
	if id := r.PathValue("setting"); id != "" {
		if _, ok := r.Pack.Settings.Get(id); !ok {
			return nil, fault.Of(fault.NotFound, "setting of a card")
		}
		values.Set("q.setting", id)
		values.Set("card", "1")
	}
	w, err := read(r.Pack, r, values)
	if err != nil {
		return nil, err
	}
	return c.show(r, w, w.form.Pages[0], values)
}

// walk takes what a screen sent and shows the next, the one before, or the answer.
func (c *Concern) walk(r *web.Request) (web.Reply, error) {
	values := r.PostForm
	w, err := read(r.Pack, r, values)
	if err != nil {
		return nil, err
	}
	switch press := values.Get("go"); {
	case press == "skip":
		w.skipped = true
		return c.answer(r, w, values)
	case press == "back":
		page, ok, err := w.form.Before(w.from, w.check.facts(r.Pack, r.Now, false))
		if err != nil || !ok {
			return web.Redirect("/"), err
		}
		return c.show(r, w, page, values)
	case strings.HasPrefix(press, "page:"):
		if page, ok := w.form.Page(strings.TrimPrefix(press, "page:")); ok {
			return c.show(r, w, page, values)
		}
		return nil, fault.Of(fault.Invalid, "a page that the check does not have")
	}
	if here, ok := w.form.Page(w.from); ok && w.wrong(here) {
		return c.show(r, w, here, values)
	}
	next, ok, err := w.form.Next(w.from, w.check.facts(r.Pack, r.Now, false))
	if err != nil {
		return nil, err
	}
	if !ok || w.from == "answer" {
		return c.answer(r, w, values)
	}
	w.problems = nil // of other pages; they are shown where they stand
	return c.show(r, w, next, values)
}

// wrong reports whether the page that was sent has something to mend.
func (w walkthrough) wrong(here form.Page) bool {
	return slices.ContainsFunc(w.problems, func(p form.Problem) bool {
		return slices.ContainsFunc(here.Questions, func(q form.Question) bool { return q.ID == p.Question })
	})
}

// read takes the whole check from posted values. The signs on offer follow from the setting, what is asked about them from the ticks.
func read(p *pack.Pack, words Words, values url.Values) (walkthrough, error) {
	definition, ok := p.Forms.Get(formID)
	if !ok || len(definition.Ready.Pages) == 0 {
		return walkthrough{}, fault.Of(fault.NotFound, "the pack has no form %s", formID)
	}
	setting := settingFor(p, values.Get("q.setting"))
	f := filled(definition.Ready, func(q *form.Question) {
		switch q.OptionsFrom {
		case "settings":
			q.Options = settingOptions(p)
		case "areas":
			q.Options = areaOptions(p, words)
		case "signs":
			q.Options = signOptions(setting, words)
		case "ticked":
			q.About = tickedOptions(setting, values["q.signs"])
		}
	})
	answers, problems := f.Read(values)
	w := walkthrough{form: f, answers: answers, problems: problems, skipped: values.Get("skipped") != "", from: values.Get("page")}
	w.check = checkOf(p, answers, w.skipped)
	if len(w.check.Signs) > 0 && w.check.Setting == "" {
		w.check.Setting = setting.ID
	}
	return w, nil
}

// settingFor is the setting picked, or the one for everybody who finds no other.
func settingFor(p *pack.Pack, id string) pack.Setting {
	if s, ok := p.Settings.Get(id); ok {
		return s
	}
	for _, s := range p.Settings.All() {
		if s.General {
			return s
		}
	}
	return pack.Setting{}
}

func filled(f form.Form, fill func(*form.Question)) form.Form {
	f.Pages = slices.Clone(f.Pages)
	for i := range f.Pages {
		f.Pages[i].Questions = slices.Clone(f.Pages[i].Questions)
		for j := range f.Pages[i].Questions {
			fill(&f.Pages[i].Questions[j])
		}
	}
	return f
}

func settingOptions(p *pack.Pack) []form.Option {
	var out []form.Option
	for _, s := range p.Settings.All() {
		out = append(out, form.Option{ID: s.ID, Says: s.Name})
	}
	return out
}

// areaOptions begins with "not sure", so that nothing is chosen beforehand, then this copy's own areas, then every other.
func areaOptions(p *pack.Pack, words Words) []form.Option {
	out := []form.Option{{ID: "not-sure", Says: words.Say("concern.anywhere")}}
	for _, a := range p.Areas.All() {
		out = append(out, form.Option{ID: a.ID, Says: a.Name})
	}
	return out
}

func signOptions(s pack.Setting, words Words) []form.Option {
	var out []form.Option
	for _, part := range []string{"child", "adults", "travel", "body"} {
		for _, sign := range s.Signs {
			if sign.Part == part {
				out = append(out, form.Option{ID: sign.ID, Says: sign.Says.Words(), Under: words.Say("concern.part." + part)})
			}
		}
	}
	return out
}

func tickedOptions(s pack.Setting, picked []string) []form.Option {
	var out []form.Option
	for _, sign := range s.Signs {
		if slices.Contains(picked, sign.ID) {
			out = append(out, form.Option{ID: sign.ID, Says: sign.Says.Words()})
		}
	}
	return out
}

// show gives one screen of the check.
func (c *Concern) show(r *web.Request, w walkthrough, page form.Page, values url.Values) (web.Reply, error) {
	carried := w.form.Carry(w.answers, page)
	card := values.Get("card")
	if card != "" {
		carried.Set("card", card)
		if page.ID == "place" { // a card says the setting already
			page.Questions = slices.DeleteFunc(slices.Clone(page.Questions), func(q form.Question) bool { return q.ID == "setting" })
			carried.Set("q.setting", w.answers["setting"].One())
		}
	}
	carried.Set("page", page.ID)
	resolve := r.Pack.Targets(c.Directory.Resolver(r.Pack, r.Now, w.check.Area, w.check.Nation))
	screen := screenView{
		Page: page, Body: page.Body.Resolve(resolve), Answers: w.answers, Carried: carried,
		Problems: w.problems, Names: w.names(page, r.Say("concern.not-names")),
		First: page.ID == w.form.Pages[0].ID, Ring: ringContact(c, r, w, page),
		SignsFirst: page.ID == "noticed",
	}
	return web.Page(web.Head{Private: true, Exit: true, Bare: true, Section: "concern", Status: statusOf(w.problems)}, screenPage(screen)), nil
}

func statusOf(problems []form.Problem) int {
	if len(problems) > 0 {
		return 422
	}
	return 0
}

// save gives the check as a file that a record can import later.
func (c *Concern) save(r *web.Request) (web.Reply, error) {
	w, err := read(r.Pack, r, r.PostForm)
	if err != nil {
		return nil, err
	}
	raw, err := form.File{Pack: r.Pack.Version(), Form: w.form.ID, Version: w.form.Version, At: r.Now, Answers: w.answers}.Save()
	if err != nil {
		return nil, err
	}
	return web.FilePrivate(fileName(r.Now), "application/json", raw), nil
}

// fileName says nothing of what is inside.
func fileName(at time.Time) string { return "waymark-" + clock.Today(at).String() + ".json" }

// finished is where "finish and clear" leads: nothing is left on screen.
func (c *Concern) finished(r *web.Request) (web.Reply, error) {
	return web.Page(web.Head{Private: true, Exit: true, Section: "concern"}, finishedPage()), nil
}
