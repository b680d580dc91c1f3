package casework

import (
	"fmt"
	"net/http"
	"slices"

	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// sheetBytes is how much one post of a sheet may hold: the largest form with every text full.
const sheetBytes = 512 << 10

// mostStray is how many fields of an older form one post may bring.
const mostStray = 100

// sheetView is a sheet as a page: the whole form, or one page of it.
type sheetView struct {
	filled
	Case     Case
	Names    names
	Page     string // the one page that is shown; "" for all
	Pages    []form.Page
	Asks     []form.Page // all that are asked after the answers so far
	Problems []form.Problem
	Missing  []form.Missing
	Kept     []form.Answered // answers to an older form that no longer fit
	Title    string
	ReadOnly bool
	MayWrite bool  // a panel member reads only
	Person   reach // of a person's sheet: the rules stand above their numbers
}

// showSheet shows a sheet whole, or one page of it.
func (c *Casework) showSheet(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	s, err := c.sheetAt(r, k, key, r.PathValue("sheet"))
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: audit.CaseViewed, Case: k.ID, Of: "sheets/" + s.Address()})
	return c.sheetPage(r, k, key, s, r.URL.Query().Get("page"), nil)
}

// beginSheet leads to an empty sheet under an address of its own, which becomes a row when something is written there.
func (c *Casework) beginSheet(r *web.Request) (web.Reply, error) {
	k, _, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	f, ok := r.Pack.Forms.Get(r.PathValue("form"))
	if !ok || !recordForm(f.ID) || f.Reason {
		return nil, fault.Of(fault.NotFound, "a form that no record has")
	}
	return web.Redirect(k.sheetPath(k.newSheet(f, r.Now))), nil
}

func (c *Casework) sheetPage(r *web.Request, k Case, key seal.Key, s Sheet, page string, problems []form.Problem) (web.Reply, error) {
	versions, err := standingIn(r.Tx, key, k.ID, s.ID)
	if err != nil {
		return nil, err
	}
	f, err := fill(r, s, versions)
	if err != nil {
		return nil, err
	}
	v := sheetView{filled: f, Case: k, Page: page, Problems: problems, Title: sheetTitle(r, f)}
	if v.Names, err = c.called(r, authorsOf(versions)...); err != nil {
		return nil, err
	}
	if s.Form == formPerson {
		v.Person = reachOf(r, k, f)
	}
	v.MayWrite = mayWrite(r, k)
	v.ReadOnly = s.Source.Kind != "" || !s.RetiredAt.IsZero() || !v.MayWrite
	if err := c.choose(r, key, &v, page); err != nil {
		return nil, err
	}
	head := web.Head{}
	if len(problems) > 0 {
		head.Status = 422
	}
	tab := "sheets"
	if s.Form == formVoice {
		tab = "voice"
	}
	return c.pageWith(r, head, k, tab, sheetPage(v))
}

// choose takes the pages that are shown, with what is missing on them and what does not fit them any more.
func (c *Casework) choose(r *web.Request, key seal.Key, v *sheetView, page string) error {
	shown, err := v.Asked.Shown(v.Facts)
	if err != nil {
		return err
	}
	at, err := c.placeOf(r, v.Case, key)
	if err != nil {
		return err
	}
	if _, there := shown.Page(page); !there && r.Method == http.MethodPost {
		page, v.Page = "", "" // it is not asked any more; what was typed there must not be lost with a page that is not found
	}
	v.Asks = shown.Pages
	for _, p := range shown.Pages {
		p.Body = c.resolved(r, at, p.Body)
		if page == "" || p.ID == page {
			v.Pages = append(v.Pages, p)
		}
	}
	if len(v.Pages) == 0 {
		return fault.Of(fault.NotFound, "a page that the form does not have")
	}
	if v.Missing, err = v.Asked.Missing(v.Answers(), v.Facts); err != nil {
		return err
	}
	if v.Kept, err = v.older(r); err != nil {
		return err
	}
	if v.Problems == nil { // a draft is shown with what is wrong with it, whoever comes by
		for _, p := range v.Pages {
			for _, q := range p.Questions {
				if now := v.Stands[q.ID]; len(now.Draft) > 0 {
					v.Problems = append(v.Problems, reread(q, now.Shown())...)
				}
			}
		}
	}
	return nil
}

// reread finds again what is wrong with a draft.
func reread(q form.Question, a form.Answer) []form.Problem {
	f := form.Form{Pages: []form.Page{{Questions: []form.Question{q}}}}
	return f.Reopen(form.Answers{q.ID: a}).Problems
}

// older gives the answers to an earlier version of the form of which something no longer fits, in words.
func (v *sheetView) older(r *web.Request) ([]form.Answered, error) {
	if len(v.Opened.Kept) == 0 {
		return nil, nil
	}
	return v.Asked.Summary(v.Opened.Kept, v.Facts, web.FormSay(r))
}

// sheetTitle is the neutral name of a sheet: that of its form, with what tells it from others of its kind.
func sheetTitle(r *web.Request, f filled) string {
	switch {
	case f.Sheet.Form == formConcern:
		return r.Say("case.import.sheet")
	case f.Form.NamedBy == "":
		return f.Form.Title
	}
	if q, ok := f.Asked.Question(f.Form.NamedBy); ok {
		if words := q.InWords(f.Answers()[q.ID], web.FormSay(r)); len(words) > 0 {
			return words[0]
		}
	}
	return f.Form.Title
}

// keepSheet keeps what a page sent: what fits is an answer, what does not is a draft, and nothing typed is lost.
func (c *Casework) keepSheet(r *web.Request) (web.Reply, error) {
	k, key, s, err := c.sheetToWrite(r)
	if err != nil {
		return nil, err
	}
	page := r.PostForm.Get("page")
	kept, err := c.keep(r, k, key, &s, r.PostForm.Get("settle"))
	if err != nil {
		return nil, err
	}
	if len(kept.problems) > 0 {
		return c.sheetPage(r, k, key, s, page, kept.problems)
	}
	if kept.conflict || r.PostForm.Get("settle") != "" {
		return web.Redirect(k.sheetPath(s) + pageQuery(page)), nil
	}
	to, err := c.after(r, k, key, s, page)
	return web.Redirect(to), err
}

// after is where somebody goes who has filled in a page: to the next one that is asked after what was just answered, and
// from the last one to the case.
func (c *Casework) after(r *web.Request, k Case, key seal.Key, s Sheet, page string) (string, error) {
	if page != "" && !s.New {
		versions, err := standingIn(r.Tx, key, k.ID, s.ID)
		if err != nil {
			return "", err
		}
		f, err := fill(r, s, versions)
		if err != nil {
			return "", err
		}
		if _, there := f.Asked.Page(page); there {
			if next, more, err := f.Asked.Next(page, f.Facts); err != nil || more {
				return k.sheetPath(s) + pageQuery(next.ID), err
			}
		}
	}
	return k.afterSheet(s), nil
}

func (k Case) afterSheet(s Sheet) string {
	switch {
	case s.Form == formFirstNight:
		return k.Path("tonight")
	case s.Form == formMissing:
		return k.Path("missing")
	}
	return k.Path("sheets")
}

func pageQuery(page string) string {
	if !plainID(page) {
		return ""
	}
	return "?page=" + page
}

// sheetToWrite finds the sheet of a post. One that was imported or taken out of use is not written to.
func (c *Casework) sheetToWrite(r *web.Request) (Case, seal.Key, Sheet, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return Case{}, seal.Key{}, Sheet{}, err
	}
	s, err := c.sheetAt(r, k, key, r.PathValue("sheet"))
	if err == nil && (s.Source.Kind != "" || !s.RetiredAt.IsZero()) {
		err = fault.Of(fault.Conflict, "a sheet that nobody writes to any more")
	}
	return k, key, s, err
}

// outcome is what became of a post.
type outcome struct {
	problems []form.Problem
	conflict bool
	changed  []string // questions
	stands   map[string]standing
}

// keep reads the questions that were on the page (each sent along what its writer saw) and writes what changed.
func (c *Casework) keep(r *web.Request, k Case, key seal.Key, s *Sheet, settle string) (outcome, error) {
	f, ok := r.Pack.Forms.Get(s.Form)
	if !ok {
		return outcome{}, fault.Of(fault.NotFound, "the pack has no form %s", s.Form)
	}
	asked := offered(r.Pack, f.Ready.On(clock.Today(r.Now)), nil)
	out := outcome{stands: map[string]standing{}}
	pinned := Version{Author: r.Who.ID, Pack: r.Pack.Version(), Form: f.Version}
	add := func(q string, a form.Answer, isDraft bool, based []int64) error {
		if s.New && a.Empty() {
			return nil
		}
		if err := s.keep(r.Tx, key); err != nil {
			return err
		}
		now, added, err := addAnswer(r.Tx, key, *s, q, a, isDraft, based, pinned)
		if err != nil {
			return err
		}
		if added {
			out.changed = append(out.changed, q)
		}
		out.stands[q], out.conflict = now, out.conflict || now.Conflict()
		return nil
	}
	for _, q := range asked.Questions() {
		based, there := r.PostForm["based."+q.ID]
		if !there {
			continue // it was not on the page
		}
		a, problems := q.Read(r.PostForm)
		out.problems = append(out.problems, problems...)
		if err := add(q.ID, a, len(problems) > 0, readNumbers(based[0])); err != nil {
			return outcome{}, err
		}
	}
	stray, problems := asked.Unknown(r.PostForm)
	if len(stray) > mostStray {
		return outcome{}, fault.Of(fault.Invalid, "more fields that the form does not have than any form ever had")
	}
	for q, a := range stray {
		if plainID(q) {
			if err := add(q, a, true, nil); err != nil {
				return outcome{}, err
			}
		}
	}
	out.problems = append(out.problems, problems...)
	if settle != "" && !s.New {
		if err := c.settle(r, key, *s, settle, add); err != nil {
			return outcome{}, err
		}
	}
	return out, c.changed(r, k, key, *s, f, out)
}

// settle makes one of several versions the answer: a new version by whoever chose.
func (c *Casework) settle(r *web.Request, key seal.Key, s Sheet, settle string, add func(string, form.Answer, bool, []int64) error) error {
	var q string
	var number int64
	if _, err := fmt.Sscanf(settle, "%d:%s", &number, &q); err != nil || !plainID(q) {
		return fault.Of(fault.Invalid, "a choice that does not read")
	}
	versions, err := versionsOf(r.Tx, key, s.ID, q)
	if err != nil {
		return err
	}
	now := standingOf(versions)
	for _, v := range now.Saved {
		if v.Number == number && now.Conflict() {
			return add(q, v.Answer, false, readNumbers(r.PostForm.Get("seen."+q)))
		}
	}
	return nil // somebody has chosen already
}

// changed leaves the trace of a change, and lets those parts of the case follow that are made from answers.
func (c *Casework) changed(r *web.Request, k Case, key seal.Key, s Sheet, f pack.Form, out outcome) error {
	if len(out.changed) == 0 {
		return nil
	}
	slices.Sort(out.changed)
	for _, q := range out.changed {
		r.Trace(audit.Entry{Act: audit.CaseChanged, Case: k.ID, Of: "sheets/" + s.Address() + "/" + q})
	}
	if slices.ContainsFunc(out.changed, func(q string) bool { return followed(s.Form, q) }) {
		return c.follow(r, &k, key)
	}
	return nil
}

// retireSheet takes a sheet out of use, such as a person who turned out to be somebody else, or brings it back.
func (c *Casework) retireSheet(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	s, err := c.sheetAt(r, k, key, r.PathValue("sheet"))
	if err != nil {
		return nil, err
	}
	if s.New || s.ID == k.ID+"."+s.Form {
		return nil, fault.Of(fault.Invalid, "a sheet that every case has is not taken out of use")
	}
	at, act := stampOf(r), audit.Act("case.sheet.retired")
	if r.PostForm.Get("back") != "" {
		at, act = "", "case.sheet.back"
	}
	by := r.Who.ID
	if at == "" {
		by = ""
	}
	if err := setRetired(r.Tx, s, at, by); err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: act, Case: k.ID, Of: "sheets/" + s.Address()})
	return web.Redirect(k.Path("sheets")), nil
}
