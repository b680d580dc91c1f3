package access

import (
	"fmt"

	"waymark/internal/audit"
	"waymark/internal/db"
)

// What is done to organisations and teams, as the log knows it.
const (
	OrganisationMade audit.Act = "organisation.made"
	TeamMade         audit.Act = "team.made"
	TeamChanged      audit.Act = "team.changed"
)

// Sort is what an organisation is.
type Sort string

// The sorts of organisations.
const (
	Council Sort = "council"
	Police  Sort = "police"
	Health  Sort = "health"
	School  Sort = "school"
	Charity Sort = "charity"
)

// Sorts are all of them.
func Sorts() []Sort { return []Sort{Council, Police, Health, School, Charity} }

// Organisation is one of the bodies that use this copy.
type Organisation struct {
	ID   string
	Sort Sort
	Name string
}

// Team is a group of people in an organisation who keep their cases together.
type Team struct {
	ID           string
	Organisation string
	Of           string // the name of the organisation
	Name         string
	Area         string // the area of the pack, "" for none
	Reach        string // how others reach the team, in words
}

// Full is the name of a team with that of its organisation.
func (t Team) Full() string { return t.Name + ", " + t.Of }

// AddOrganisation makes one.
func (s *Store) AddOrganisation(tx *db.Tx, sort Sort, name string) (string, error) {
	id := db.NewID(tx.Now)
	if _, err := tx.Exec(`insert into organisation (id, kind, name, made_at, made_by) values ($1, $2, $3, $4, $5)`,
		id, string(sort), name, db.Stamp(tx.Now), tx.Who); err != nil {
		return "", fmt.Errorf("add an organisation: %w", err)
	}
	return id, audit.Append(tx, audit.Entry{Act: OrganisationMade, Of: id})
}

// AddTeam makes a team of an organisation that there is.
func (s *Store) AddTeam(tx *db.Tx, t Team) (string, error) {
	if _, err := db.One(tx, db.Of[string], `select id from organisation where id = $1`, t.Organisation); err != nil {
		return "", err
	}
	id := db.NewID(tx.Now)
	if _, err := tx.Exec(`insert into team (id, organisation, name, area, reach, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7)`,
		id, t.Organisation, t.Name, t.Area, t.Reach, db.Stamp(tx.Now), tx.Who); err != nil {
		return "", fmt.Errorf("add a team: %w", err)
	}
	return id, audit.Append(tx, audit.Entry{Act: TeamMade, Of: id})
}

// ChangeTeam writes a team's name, area and reach anew.
func (s *Store) ChangeTeam(tx *db.Tx, t Team) error {
	if _, err := s.Team(tx, t.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`update team set name = $2, area = $3, reach = $4 where id = $1`, t.ID, t.Name, t.Area, t.Reach); err != nil {
		return fmt.Errorf("change a team: %w", err)
	}
	return audit.Append(tx, audit.Entry{Act: TeamChanged, Of: t.ID})
}

// Organisations gives all, by name.
func (s *Store) Organisations(tx *db.Tx) ([]Organisation, error) {
	return db.All(tx, func(r db.Row) (o Organisation, err error) {
		return o, r.Scan(&o.ID, &o.Sort, &o.Name)
	}, `select id, kind, name from organisation order by name, id`)
}

const teamColumns = `team.id, team.organisation, organisation.name, team.name, team.area, team.reach
	from team join organisation on organisation.id = team.organisation`

func scanTeam(r db.Row) (t Team, err error) {
	return t, r.Scan(&t.ID, &t.Organisation, &t.Of, &t.Name, &t.Area, &t.Reach)
}

// Teams gives all, by organisation and name.
func (s *Store) Teams(tx *db.Tx) ([]Team, error) {
	return db.All(tx, scanTeam, `select `+teamColumns+` order by organisation.name, team.name, team.id`)
}

// Team gives one.
func (s *Store) Team(tx *db.Tx, id string) (Team, error) {
	return db.One(tx, scanTeam, `select `+teamColumns+` where team.id = $1`, id)
}
