package casework

import (
	"errors"
	"net/http"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// What is done with the address of a placement, for the log: each an act of its own.
const (
	AddressOpened  audit.Act = "case.address.opened"
	AddressChanged audit.Act = "case.address.changed"
)

const formPlacement = "record-placement"

// leastReason is how many signs a reason has at least: "x" is none.
const leastReason = 4

func (c *Casework) placementRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}/address", access.ReadCases, c.placement),
		web.Post("/cases/{ref}/address", access.ReadCases, c.openPlacement),
		web.Post("/cases/{ref}/address/keep", access.WriteCases, c.keepPlacement, web.MaxBody(sheetBytes), web.Verbatim),
	}
}

// placement is the closed door before the address where a child sleeps. It shows nothing of it, not even whether there
// is one. It is opened for one view, with a reason, and is shut again after it.
func (c *Casework) placement(r *web.Request) (web.Reply, error) {
	k, _, err := c.open(r)
	if err != nil {
		return nil, err
	}
	return c.page(r, k, "address", placementShut(k, "", r.URL.Query().Has("kept")))
}

// openPlacement shows the address once. The page is the answer to a post, so no address leads to it.
func (c *Casework) openPlacement(r *web.Request) (web.Reply, error) {
	k, key, err := c.readPosted(r)
	if err != nil {
		return nil, err
	}
	why := tidyReason(r.PostForm.Get("why"))
	if len([]rune(why)) < leastReason {
		return c.pageWith(r, web.Head{Status: http.StatusUnprocessableEntity}, k, "address", placementShut(k, "case.address.why.missing", false))
	}
	v, err := c.placementView(r, k, key)
	if err != nil {
		return nil, err
	}
	id := db.NewID(r.Now)
	detail, err := because(key, id, why)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: AddressOpened, Case: k.ID, Of: id, Detail: detail})
	return c.pageWith(r, web.Head{Bare: true}, k, "address", placementPage(v))
}

// readPosted opens a case for a post that changes nothing: those who only read may send it too.
func (c *Casework) readPosted(r *web.Request) (Case, seal.Key, error) {
	k, key, err := c.byRef(r, r.PathValue("ref"), access.ReadCases)
	if err != nil {
		c.tried(r, r.PathValue("ref"))
	}
	return k, key, err
}

func (c *Casework) placementSheet(r *web.Request, k Case, key seal.Key) (Sheet, error) {
	s, err := sheetByID(r.Tx, k.ID, k.ID+"."+formPlacement)
	if errors.Is(err, fault.NotFound) {
		return Sheet{ID: k.ID + "." + formPlacement, Case: k.ID, Form: formPlacement, New: true}, nil
	}
	if err != nil {
		return Sheet{}, err
	}
	return s, s.unseal(key)
}

func (c *Casework) placementView(r *web.Request, k Case, key seal.Key) (placementView, error) {
	s, err := c.placementSheet(r, k, key)
	if err != nil {
		return placementView{}, err
	}
	versions, err := standingIn(r.Tx, key, k.ID, s.ID)
	if err != nil {
		return placementView{}, err
	}
	f, err := fill(r, s, versions)
	if err != nil {
		return placementView{}, err
	}
	v := placementView{filled: f, Case: k, MayWrite: mayWrite(r, k), Keep: k.Path("address", "keep"), Shut: k.Path("address")}
	for i, p := range v.Asked.Pages {
		v.Asked.Pages[i].Body = c.resolved(r, place{}, p.Body)
	}
	for _, q := range f.Asked.Questions() {
		now := f.Stands[q.ID]
		line := placementLine{Says: q.Says}
		for _, version := range now.Saved { // two who wrote at the same time are both shown: a child is looked for at both
			line.Answers = append(line.Answers, q.InWords(version.Answer, web.FormSay(r))...)
		}
		for _, version := range now.Draft {
			line.Answers = append(line.Answers, q.InWords(version.Answer, web.FormSay(r))...)
		}
		if len(line.Answers) > 0 {
			v.Lines = append(v.Lines, line)
		}
	}
	return v, nil
}

// keepPlacement keeps what was written, and shuts the address again.
func (c *Casework) keepPlacement(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	s, err := c.placementSheet(r, k, key)
	if err != nil {
		return nil, err
	}
	kept, err := c.keep(r, k, key, &s, "")
	if err != nil {
		return nil, err
	}
	if len(kept.changed) > 0 {
		r.Trace(audit.Entry{Act: AddressChanged, Case: k.ID})
	}
	if len(kept.problems) > 0 { // what does not fit is kept as a draft; the page stays open, for whoever typed it
		v, err := c.placementView(r, k, key)
		if err != nil {
			return nil, err
		}
		v.Problems = kept.problems
		return c.pageWith(r, web.Head{Status: http.StatusUnprocessableEntity, Bare: true}, k, "address", placementPage(v))
	}
	return web.Redirect(k.Path("address") + "?kept"), nil
}

type placementView struct {
	filled
	Case       Case
	MayWrite   bool
	Keep, Shut string
	Lines      []placementLine
	Problems   []form.Problem
}

type placementLine struct {
	Says    string
	Answers []string
}
