package casework

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// What is done with links, for the log; each side of a link has its own trace.
const (
	Linked   audit.Act = "case.linked"
	Unlinked audit.Act = "case.unlinked"
)

// linkReasons are why children belong together, in the order in which they are offered.
var linkReasons = []string{"siblings", "address", "adult", "together", "other"}

const linkBody = "link.body"

type linkJSON struct {
	Words string `json:"words,omitempty"`
}

// link is one side of a link between two records.
type link struct {
	ID, Other, Why, By string
	At                 time.Time
	Words              seal.Text
}

func (c *Casework) linkRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}/linked", access.ReadCases, c.linked),
		web.Post("/cases/{ref}/linked/{once}", access.WriteCases, c.link),
		web.Post("/cases/{ref}/linked/{once}/end", access.WriteCases, c.unlink),
	}
}

// linked shows the records that belong together with this one. Of one that this person may not open, it shows the
// reference and whom to ask, and nothing else.
func (c *Casework) linked(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	return c.linkedPage(r, k, key, linkedView{}, http.StatusOK)
}

func (c *Casework) linkedPage(r *web.Request, k Case, key seal.Key, v linkedView, status int) (web.Reply, error) {
	v.Case, v.MayWrite, v.Send = k, mayWrite(r, k), k.Path("linked", db.NewID(r.Now))
	for _, why := range linkReasons {
		v.Reasons = append(v.Reasons, web.Choice{Value: why, Says: r.Say("case.link.why." + why), Picked: v.Picked == why})
	}
	all, err := linksOf(r.Tx, key, k.ID)
	if err != nil {
		return nil, err
	}
	names := c.names(r)
	for _, l := range all {
		one, shown, err := c.linkedOne(r, l, names)
		if err != nil {
			return nil, err
		}
		if !shown {
			continue
		}
		one.End = k.Path("linked", l.ID, "end")
		v.Links = append(v.Links, one)
	}
	return c.pageWith(r, web.Head{Status: status}, k, "linked", linkedPage(v))
}

// linkedOne says of the other record what this person may know of it. Of one that keeps them out, nothing: to be told to
// ask one's own team would tell that one is kept out.
func (c *Casework) linkedOne(r *web.Request, l link, names *nameBook) (one linkedOne, shown bool, err error) {
	one = linkedOne{Why: r.Say("case.link.why." + l.Why), Words: l.Words, Says: r.Say("case.link.made", "name", names.of(l.By), "when", momentWords(r, l.At))}
	ref, team, err := refOf(r.Tx, l.Other)
	if err != nil {
		return one, false, err
	}
	one.Ref = shownRef(ref)
	other, _, err := c.byRef(r, ref, access.ReadCases)
	switch {
	case err == nil:
		one.Path, one.Call = other.Path(), other.Headline.Call
		return one, true, nil
	case errors.Is(err, fault.Gone):
		one.Ask = r.Say("case.link.gone")
		return one, true, nil
	case !goneMeanwhile(err):
		return one, false, err
	case keptOut(r, team):
		return one, false, nil
	}
	asked, err := c.People.Team(r.Tx, team)
	if err != nil {
		return one, false, fmt.Errorf("ask what a team is called: %w", err)
	}
	one.Ask = r.Say("case.link.ask", "team", asked.Name, "reach", asked.Reach)
	return one, true, nil
}

// keptOut reports that somebody who cannot open a record would, by their teams alone.
func keptOut(r *web.Request, team string) bool {
	return slices.Contains(r.Who.TeamsFor(access.ReadCases), team)
}

// link joins two records, for a reason. Whoever does so need not be able to open the other.
func (c *Casework) link(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	once := r.PathValue("once")
	if !onceMade.MatchString(once) {
		return nil, fault.Of(fault.NotFound, "an id that no page made")
	}
	v := linkedView{Typed: r.PostForm.Get("other"), Picked: r.PostForm.Get("why"), Words: tidyReason(r.PostForm.Get("words"))}
	ref, ok := readRef(v.Typed)
	var other string
	if ok {
		if other, err = c.linkable(r, ref); err != nil && !goneMeanwhile(err) {
			return nil, err
		}
	}
	switch {
	case !slices.Contains(linkReasons, v.Picked):
		v.Wrong = "case.link.why.missing"
	case other == "":
		v.Wrong = "case.link.other.missing"
	case other == k.ID:
		v.Wrong = "case.link.self"
	}
	if v.Wrong != "" {
		return c.linkedPage(r, k, key, v, http.StatusUnprocessableEntity)
	}
	theirs, err := c.Keys.Case(r.Context(), other)
	if err != nil {
		return nil, err
	}
	added, err := addLink(r.Tx, key, theirs, k.ID, other, v.Picked, v.Words, once)
	if err != nil {
		return nil, err
	}
	if added {
		r.Trace(audit.Entry{Act: Linked, Case: k.ID, Of: once})
		r.Trace(audit.Entry{Act: Linked, Case: other, Of: once})
	}
	return web.Redirect(k.Path("linked")), nil
}

// linkable finds the record that a reference names. One that keeps this person out is not there.
func (c *Casework) linkable(r *web.Request, ref string) (string, error) {
	id, team, err := idOf(r.Tx, ref)
	if err != nil || !keptOut(r, team) {
		return id, err
	}
	_, err = caseByRef(r.Tx, ref, r.Who.ID, r.Who.TeamsFor(access.ReadCases))
	if err != nil {
		return "", err
	}
	return id, nil
}

// unlink ends a link on both sides. That there was one stays in both logs.
func (c *Casework) unlink(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	all, err := linksOf(r.Tx, key, k.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(l link) bool { return l.ID == r.PathValue("once") })
	if i < 0 { // it was ended already
		return web.Redirect(k.Path("linked")), nil
	}
	if err := endLink(r.Tx, k.ID, all[i].Other); err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: Unlinked, Case: k.ID, Of: all[i].ID})
	r.Trace(audit.Entry{Act: Unlinked, Case: all[i].Other, Of: all[i].ID})
	return web.Redirect(k.Path("linked")), nil
}

type linkedView struct {
	Case          Case
	MayWrite      bool
	Send          string
	Links         []linkedOne
	Reasons       []web.Choice
	Typed, Picked string
	Words         string
	Wrong         string // a key of the words
}

type linkedOne struct {
	Ref, Path, Why, Says, Ask, End string
	Call, Words                    seal.Text
}
