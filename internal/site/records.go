package site

import (
	"waymark/internal/access"
	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/web"
)

// records mounts the rooms of the private half, with the navigation of those who are signed in. A copy without it has
// none of their addresses.
func (s *Site) records() (*web.Private, []web.StaffEntry, []web.Route) {
	p := s.cfg.Private
	if p == nil {
		return nil, nil, nil
	}
	cases := &casework.Casework{DB: p.DB, Keys: p.Keys, Index: p.index, People: colleagues{p.People}, Directory: directory{}}
	private := &web.Private{DB: p.DB, People: p.People, Held: p.People, Road: s.cfg.Road, Idle: s.cfg.Idle, SignIn: "/sign-in", Unlock: "/account/lock"}
	staff := []web.StaffEntry{
		{Entry: web.Entry{Section: "cases", Path: "/cases", Says: "web.nav.cases"}, May: access.ReadCases},
		{Entry: web.Entry{Section: "people", Path: "/people", Says: "web.nav.people"}, May: access.Administer},
		{Entry: web.Entry{Section: "concern", Path: "/concern", Says: "web.nav.concern"}, May: access.Anyone},
		{Entry: web.Entry{Section: "guidance", Path: "/guidance", Says: "web.nav.guidance"}, May: access.Anyone},
		{Entry: web.Entry{Section: "contacts", Path: "/contacts", Says: "web.nav.contacts"}, May: access.Anyone},
		{Entry: web.Entry{Section: "account", Path: "/account", Says: "web.nav.account"}, May: access.SignedIn},
	}
	return private, staff, cases.Routes()
}

// colleagues tells casework how people and teams are called.
type colleagues struct{ *access.Store }

// Team is what a team is called, and how others reach it.
func (c colleagues) Team(tx *db.Tx, id string) (casework.Team, error) {
	team, err := c.Store.Team(tx, id)
	return casework.Team{Name: team.Full(), Reach: team.Reach}, err
}
