package casework

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/seal"
	"waymark/internal/web"
)

const lookedPerPage = 400

func (c *Casework) lookedRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}/looked", access.ReadCases, c.looked),
		web.Get("/cases/looks", access.WriteCases, c.looks),
		web.Post("/cases/looks", access.WriteCases, c.reviewLook),
		web.Post("/cases/looks/answer", access.ApproveCases, c.answerLook),
	}
}

// looked says, in plain words and to everybody who may open the record, who has looked at it and what they did.
func (c *Casework) looked(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64)
	seen, err := audit.OfCase(r.Tx, k.ID, audit.Look{Before: max(before, 0), Limit: lookedPerPage + 1})
	if err != nil {
		return nil, err
	}
	v := lookedView{Case: k}
	if len(seen) > lookedPerPage {
		seen = seen[:lookedPerPage]
		v.Older = k.Path("looked") + "?before=" + strconv.FormatInt(seen[lookedPerPage-1].Number, 10)
	}
	if c.mayRestrict(r, k) {
		v.Restrict = k.Path("restricted")
	}
	names := c.names(r)
	for _, day := range daysOf(seen) {
		d := lookedDayView{Day: day.Day.Words()}
		for _, p := range day.People {
			one := lookedPersonView{Who: names.of(p.Who), When: spanWords(r, p.First, p.Last), Team: c.teamsOf(r, p.Who)}
			for _, did := range p.Did {
				said := didWords(r, key, did)
				if did.Act != AddressOpened && v.Restrict == "" {
					said.Why = seal.Text{} // why somebody is kept out or was asked is for the owner and the managers
				}
				one.Did = append(one.Did, said)
			}
			d.People = append(d.People, one)
		}
		v.Days = append(v.Days, d)
	}
	return c.page(r, k, "looked", lookedPage(v))
}

// teamsOf names the teams of a person, for those who do not know them.
func (c *Casework) teamsOf(r *web.Request, person string) string {
	if person == "" {
		return ""
	}
	teams, err := c.Members.TeamsOf(r.Tx, person)
	if err != nil {
		return ""
	}
	var all []string
	for _, id := range teams {
		if team, err := c.People.Team(r.Tx, id); err == nil && team.Name != "" {
			all = append(all, team.Name)
		}
	}
	return strings.Join(all, ", ")
}

func spanWords(r *web.Request, first, last time.Time) string {
	if hour(first) == hour(last) {
		return hour(first)
	}
	return r.Say("case.looked.span", "from", hour(first), "to", hour(last))
}

// didWords says what was done, and why where a reason was asked for.
func didWords(r *web.Request, key seal.Key, d did) lookedDid {
	var words string
	switch {
	case d.Of != "":
		words = r.Say("case.looked."+strings.TrimPrefix(string(d.Act), "case."), "page", pageWords(r, d.Of))
	default:
		words = r.Say("audit.act." + string(d.Act))
		if strings.HasPrefix(words, "⟦") {
			words = r.Say("case.looked.other")
		}
	}
	if d.Times > 1 {
		words = r.Say("case.looked.times", "what", words, "times", strconv.Itoa(d.Times))
	}
	out := lookedDid{Says: words}
	if len(d.Entry.Detail) > 0 {
		out.Why = reasonOf(key, d.Entry)
	}
	return out
}

// pageWords is what a page of a record is called.
func pageWords(r *web.Request, page string) string {
	if id, ok := strings.CutPrefix(page, "sheets/"); ok {
		if f, ok := r.Pack.Forms.Get(id); ok {
			return r.Say("case.looked.sheet", "title", f.Title)
		}
		page = "sheets"
	}
	words := r.Say("case.looked.page." + page)
	if strings.HasPrefix(words, "⟦") {
		return r.Say("case.looked.page")
	}
	return words
}

// reasonBody is the place of a reason that stands beside an entry of the log.
const reasonBody = "trace.reason"

type reasonJSON struct {
	Why string `json:"why"`
}

// because seals a reason for the entry of the log that names it by an id.
func because(key seal.Key, id, why string) ([]byte, error) {
	return sealed(key, reasonBody, id, 1, reasonJSON{why})
}

// reasonOf opens the reason that stands beside an entry; what does not open says nothing.
func reasonOf(key seal.Key, s audit.Seen) seal.Text {
	var why reasonJSON
	if err := unsealed(key, reasonBody, s.Of, 1, s.Detail, &why); err != nil {
		return seal.Text{}
	}
	return seal.Hide(why.Why)
}

type lookedView struct {
	Case     Case
	Days     []lookedDayView
	Older    string
	Restrict string
}

type lookedDayView struct {
	Day    string
	People []lookedPersonView
}

type lookedPersonView struct {
	Who, Team, When string
	Did             []lookedDid
}

type lookedDid struct {
	Says string
	Why  seal.Text
}

func wrapLook(err error) error {
	if err == nil || goneMeanwhile(err) {
		return err
	}
	return fmt.Errorf("looks: %w", err)
}
