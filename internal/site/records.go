package site

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
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
	cases := p.cases()
	s.cases = cases
	entrance := &account.Account{People: p.People, Home: "/cases"}
	entrance.Running = func(r *web.Request) ([]account.Line, error) {
		all, err := p.Running(r.Tx, r.Pack)
		return lines(all), err
	}
	if s.cfg.Demo {
		entrance.Invented = func() []account.Invented { return s.invented }
	}
	private := &web.Private{DB: p.DB, People: p.People, Held: p.People, Road: s.cfg.Road, Idle: s.cfg.Idle, SignIn: s.entrance(), Unlock: account.UnlockPath}
	staff := []web.StaffEntry{
		{Entry: web.Entry{Section: "cases", Path: "/cases", Says: "web.nav.cases"}, May: access.ReadCases},
		{Entry: web.Entry{Section: "looks", Path: "/cases/looks", Says: "web.nav.looks"}, May: access.WriteCases},
		{Entry: web.Entry{Section: "concern", Path: "/concern", Says: "web.nav.concern"}, May: access.Anyone},
		{Entry: web.Entry{Section: "guidance", Path: "/guidance", Says: "web.nav.guidance"}, May: access.Anyone},
		{Entry: web.Entry{Section: "contacts", Path: "/contacts", Says: "web.nav.contacts"}, May: access.Anyone},
	}
	return private, append(staff, account.Staff()...), append(cases.Routes(), entrance.Routes()...)
}

// entrance is where somebody goes who is not signed in.
func (s *Site) entrance() string {
	if s.cfg.Demo {
		return account.DemoPath
	}
	return account.SignInPath
}

// cases is the room of the records, over what is open.
func (p *Private) cases() *casework.Casework {
	return &casework.Casework{DB: p.DB, Keys: p.Keys, Index: p.index, People: colleagues{p.People}, Directory: directory{},
		Members: colleagues{p.People}, Files: filepath.Join(p.Config.Data, FilesFolder), Scanner: p.scanner}
}

// colleagues tells casework how people and teams are called.
type colleagues struct{ *access.Store }

// Team is what a team is called, and how others reach it.
func (c colleagues) Team(tx *db.Tx, id string) (casework.Team, error) {
	team, err := c.Store.Team(tx, id)
	return casework.Team{Name: team.Full(), Reach: team.Reach, Area: team.Area}, err
}

// Openers are those who can open the cases of a team and write in them, as far as their roles go.
func (c colleagues) Openers(tx *db.Tx, team string) ([]string, error) {
	return c.who(tx, team, access.WriteCases)
}

// Readers are they and those who can only read.
func (c colleagues) Readers(tx *db.Tx, team string) ([]string, error) {
	return c.who(tx, team, access.ReadCases)
}

// who are the people of a team whose role there lets them do something to its cases, once they have given their code.
func (c colleagues) who(tx *db.Tx, team string, may access.Permission) ([]string, error) {
	people, err := c.TeamPeople(tx, team)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range people {
		held, err := c.Memberships(tx, p.ID)
		if err != nil {
			return nil, err
		}
		who := access.Who{ID: p.ID, SecondFactor: true, Held: map[string][]access.Role{}}
		for _, m := range held {
			if !m.Waits {
				who.Held[m.Team] = append(who.Held[m.Team], m.Role)
			}
		}
		if slices.Contains(who.TeamsFor(may), team) {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// TeamsOf are the teams that somebody is in.
func (c colleagues) TeamsOf(tx *db.Tx, person string) ([]string, error) {
	held, err := c.Memberships(tx, person)
	var ids []string
	for _, m := range held {
		if m.Team != "" && !m.Waits && !slices.Contains(ids, m.Team) {
			ids = append(ids, m.Team)
		}
	}
	return ids, err
}

// tendEvery is how often files are swept, and those looked at again that a virus scanner could not look at.
const tendEvery = time.Minute

// Tend does what a running copy does now and then, until ctx ends.
func (s *Site) Tend(ctx context.Context) {
	if s.cases == nil {
		return
	}
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.cases.TendFiles(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("attachments", slog.String("error", err.Error()))
		}
	}
}
