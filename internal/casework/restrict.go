package casework

import (
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

// What is done to who may open a record, for the log.
const (
	Restricted        audit.Act = "case.restricted"
	RestrictionLifted audit.Act = "case.restriction.lifted"
)

const restrictionBody = "restriction.body"

type restrictionJSON struct {
	Why    string `json:"why,omitempty"`
	Lifted string `json:"lifted,omitempty"`
}

// restriction keeps one person out of a record, from when and by whom.
type restriction struct {
	ID, Person, By, LiftedBy string
	Since, LiftedAt          time.Time
	Why                      seal.Text
}

func (c *Casework) restrictRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}/restricted", access.WriteCases, c.restricted),
		web.Post("/cases/{ref}/restricted", access.WriteCases, c.restrict),
		web.Post("/cases/{ref}/restricted/lift", access.WriteCases, c.lift),
	}
}

// mayRestrict reports the owner of a record and the managers of its team.
func (c *Casework) mayRestrict(r *web.Request, k Case) bool {
	return mayWrite(r, k) && (k.Owner == r.Who.ID || manages(r, k))
}

// restrictor opens the case for somebody who may say who is kept out of it.
func (c *Casework) restrictor(r *web.Request) (Case, seal.Key, error) {
	k, key, err := c.open(r)
	if err == nil && !c.mayRestrict(r, k) {
		err = fault.Of(fault.Forbidden, "neither owner nor manager")
	}
	return k, key, err
}

// restricted says who is kept out, since when and why, and lets more be kept out.
func (c *Casework) restricted(r *web.Request) (web.Reply, error) {
	k, key, err := c.restrictor(r)
	if err != nil {
		return nil, err
	}
	return c.restrictedPage(r, k, key, "", "", http.StatusOK)
}

func (c *Casework) restrictedPage(r *web.Request, k Case, key seal.Key, wrong, why string, status int) (web.Reply, error) {
	v := restrictedView{Case: k, Wrong: wrong, Why: why}
	names := c.names(r)
	all, err := restrictionsOf(r.Tx, key, k.ID)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, one := range all {
		line := restrictedLine{Who: names.of(one.Person), ID: one.ID, Why: one.Why, Says: r.Say("case.restrict.since", "name", names.of(one.By), "when", momentWords(r, one.Since))}
		if one.LiftedAt.IsZero() {
			out[one.Person] = true
			v.Now = append(v.Now, line)
			continue
		}
		line.Says += " " + r.Say("case.restrict.lifted", "name", names.of(one.LiftedBy), "when", momentWords(r, one.LiftedAt))
		v.Past = append(v.Past, line)
	}
	readers, err := c.Members.Readers(r.Tx, k.Team)
	if err != nil {
		return nil, fmt.Errorf("ask who is in a team: %w", err)
	}
	for _, person := range readers {
		if !out[person] && person != r.Who.ID {
			v.People = append(v.People, web.Choice{Value: person, Says: names.of(person)})
		}
	}
	slices.SortFunc(v.People, func(a, b web.Choice) int { return compareNames(a.Says, b.Says) })
	if len(v.People) > 0 { // nobody is chosen beforehand
		v.People = slices.Insert(v.People, 0, web.Choice{Says: r.Say("case.restrict.choose")})
	}
	return c.pageWith(r, web.Head{Status: status}, k, "looked", restrictedPage(v))
}

// restrict keeps somebody out. A record is never left without anybody who may open it and write in it; and when its owner
// is kept out, whoever keeps them out becomes its owner.
func (c *Casework) restrict(r *web.Request) (web.Reply, error) {
	k, key, err := c.restrictor(r)
	if err != nil {
		return nil, err
	}
	person, why := r.PostForm.Get("person"), tidyReason(r.PostForm.Get("why"))
	wrong := ""
	readers, err := c.Members.Readers(r.Tx, k.Team)
	if err != nil {
		return nil, fmt.Errorf("ask who is in a team: %w", err)
	}
	switch {
	case !slices.Contains(readers, person):
		wrong = "case.restrict.who.missing"
	case person == r.Who.ID:
		wrong = "case.restrict.self"
	case why == "":
		wrong = "case.restrict.why.missing"
	default:
		left, err := c.left(r, k, person)
		if err != nil {
			return nil, err
		}
		if len(left) == 0 {
			wrong = "case.restrict.last"
		}
	}
	if wrong != "" {
		return c.restrictedPage(r, k, key, wrong, why, http.StatusUnprocessableEntity)
	}
	added, err := exclude(r.Tx, k.ID, person)
	if err != nil || !added { // it was sent again
		return web.Redirect(k.Path("restricted")), err
	}
	if k.Owner == person {
		if err := setOwner(r.Tx, k.ID, r.Who.ID); err != nil {
			return nil, err
		}
	}
	id := db.NewID(r.Now)
	if err := addRestriction(r.Tx, key, k.ID, id, person, why); err != nil {
		return nil, err
	}
	detail, err := because(key, id, why)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: Restricted, Case: k.ID, Of: id, Detail: detail})
	return web.Redirect(k.Path("restricted")), nil
}

// left are those who can still open the record and write in it when one more is kept out.
func (c *Casework) left(r *web.Request, k Case, without string) ([]string, error) {
	openers, err := c.Members.Openers(r.Tx, k.Team)
	if err != nil {
		return nil, fmt.Errorf("ask who is in a team: %w", err)
	}
	out, err := excludedFrom(r.Tx, k.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(openers, func(p string) bool { return p == without || slices.Contains(out, p) }), nil
}

// lift lets somebody in again. What was said when they were kept out stays.
func (c *Casework) lift(r *web.Request) (web.Reply, error) {
	k, key, err := c.restrictor(r)
	if err != nil {
		return nil, err
	}
	all, err := restrictionsOf(r.Tx, key, k.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(one restriction) bool { return one.ID == r.PostForm.Get("id") })
	if i < 0 {
		return nil, fault.Of(fault.NotFound, "a restriction that the case does not have")
	}
	if all[i].LiftedAt.IsZero() {
		if err := liftRestriction(r.Tx, k.ID, all[i]); err != nil {
			return nil, err
		}
		r.Trace(audit.Entry{Act: RestrictionLifted, Case: k.ID, Of: all[i].ID})
	}
	return web.Redirect(k.Path("restricted")), nil
}

// Stranded names the records, by reference, that nobody may open and write in any more, such as after somebody left a
// team. An administrator gives the team another member then, or a role back.
func (c *Casework) Stranded(tx *db.Tx) ([]string, error) {
	teams, err := db.All(tx, db.Of[string], `select distinct team from casefile`)
	if err != nil {
		return nil, err
	}
	var refs []string
	for _, team := range teams {
		openers, err := c.Members.Openers(tx, team)
		if err != nil {
			return nil, fmt.Errorf("ask who is in a team: %w", err)
		}
		query, args := `select ref from casefile where team = $1`, []any{team}
		if len(openers) > 0 { // only a restriction can have kept out all of them
			query += ` and restricted = 1`
		}
		more, err := db.All(tx, db.Of[string], query, args...)
		if err != nil {
			return nil, err
		}
		for _, ref := range more {
			out, err := db.All(tx, db.Of[string], `select person from case_excluded where casefile = (select id from casefile where ref = $1)`, ref)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(openers, func(p string) bool { return !slices.Contains(out, p) }) {
				refs = append(refs, ref)
			}
		}
	}
	slices.Sort(refs)
	return refs, nil
}

type restrictedView struct {
	Case      Case
	Now, Past []restrictedLine
	People    []web.Choice
	Wrong     string // a key of the words
	Why       string
}

type restrictedLine struct {
	Who, Says, ID string
	Why           seal.Text
}
