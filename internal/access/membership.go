package access

import (
	"cmp"
	"fmt"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
)

// What is done to roles, as the log knows it.
const (
	RoleGiven  audit.Act = "role.given"
	RoleAsked  audit.Act = "role.asked"
	RoleAgreed audit.Act = "role.agreed"
	RoleEnded  audit.Act = "role.ended"
)

// Membership is one role of one person in one team, or in the whole copy.
type Membership struct {
	ID     string
	Person string
	Team   string // "" is the whole copy
	Role   Role
	Waits  bool // counts for nothing until a second administrator agreed
	Made   time.Time
	By     string
}

const membershipColumns = `id, person, team, role, waits, agreed_at, made_at, made_by from membership`

func scanMembership(r db.Row) (m Membership, err error) {
	var waits int64
	var agreed, made string
	if err := r.Scan(&m.ID, &m.Person, &m.Team, &m.Role, &waits, &agreed, &made, &m.By); err != nil {
		return Membership{}, err
	}
	m.Waits = waits == 1 && agreed == ""
	return m, moments([]string{made}, &m.Made)
}

// Memberships gives the roles of a person, those that wait included.
func (s *Store) Memberships(tx *db.Tx, person string) ([]Membership, error) {
	return db.All(tx, scanMembership, `select `+membershipColumns+` where person = $1 and ended_at = '' order by id`, person)
}

// AllMemberships gives the roles of everybody, by person.
func (s *Store) AllMemberships(tx *db.Tx) (map[string][]Membership, error) {
	all, err := db.All(tx, scanMembership, `select `+membershipColumns+` where ended_at = '' order by id`)
	by := map[string][]Membership{}
	for _, m := range all {
		by[m.Person] = append(by[m.Person], m)
	}
	return by, err
}

// Waiting gives the roles that wait for a second administrator.
func (s *Store) Waiting(tx *db.Tx) ([]Membership, error) {
	return db.All(tx, scanMembership, `select `+membershipColumns+` where waits = 1 and agreed_at = '' and ended_at = '' order by id`)
}

// held gives a person's roles as they count now, by team.
func (s *Store) held(tx *db.Tx, person string) (map[string][]Role, error) {
	all, err := s.Memberships(tx, person)
	if err != nil {
		return nil, err
	}
	held := map[string][]Role{}
	for _, m := range all {
		if !m.Waits {
			held[m.Team] = append(held[m.Team], m.Role)
		}
	}
	return held, nil
}

// Give gives a person a role. A role that makes one person both run the copy and open cases counts for nothing until a
// second administrator agrees; waits reports that.
func (s *Store) Give(tx *db.Tx, person, team string, role Role) (waits bool, err error) {
	if !role.Known() || role.Everywhere() != (team == "") {
		return false, fault.Of(fault.Invalid, "a role in the wrong place")
	}
	if team != "" {
		if _, err := s.Team(tx, team); err != nil {
			return false, err
		}
	}
	p, err := s.Person(tx, person)
	if err != nil {
		return false, err
	}
	if !p.Ended.IsZero() {
		return false, fault.Of(fault.NotFound, "a person who left")
	}
	had, err := s.Memberships(tx, person)
	if err != nil {
		return false, err
	}
	roles := []Role{role}
	for _, m := range had {
		if m.Team == team && m.Role == role {
			return m.Waits, fault.Of(fault.Conflict, "a role that this person has already")
		}
		roles = append(roles, m.Role)
	}
	waits = Conflict(roles...) && (role == Administrator || role.OpensCases())
	id := db.NewID(tx.Now)
	if _, err := tx.Exec(`insert into membership (id, person, team, role, waits, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7)`,
		id, person, team, string(role), bit(waits), db.Stamp(tx.Now), tx.Who); err != nil {
		return false, fmt.Errorf("give a role: %w", err)
	}
	act := RoleGiven
	if waits {
		act = RoleAsked
	}
	return waits, audit.Append(tx, audit.Entry{Act: act, Of: person + "/" + string(role) + "/" + team})
}

// Agree lets a role count that waits. Whoever asked for it, and whoever shall have it, cannot.
func (s *Store) Agree(tx *db.Tx, id string) error {
	m, err := s.membership(tx, id)
	if err != nil {
		return err
	}
	if !m.Waits {
		return fault.Of(fault.Conflict, "a role that does not wait")
	}
	if tx.Who == "" || m.By == tx.Who || m.Person == tx.Who {
		return fault.Of(fault.Forbidden, "a second administrator must agree")
	}
	if _, err := tx.Exec(`update membership set agreed_at = $2, agreed_by = $3 where id = $1`, id, db.Stamp(tx.Now), tx.Who); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: RoleAgreed, Of: m.Person + "/" + string(m.Role) + "/" + m.Team})
}

// Take ends a role, or the wish for one.
func (s *Store) Take(tx *db.Tx, id string) error {
	m, err := s.membership(tx, id)
	if err != nil {
		return err
	}
	if m.Role == Administrator && !m.Waits {
		if err := s.keepsAdministrator(tx, m.Person); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`update membership set ended_at = $2, ended_by = $3 where id = $1`, id, db.Stamp(tx.Now), tx.Who); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: RoleEnded, Of: m.Person + "/" + string(m.Role) + "/" + m.Team})
}

func (s *Store) membership(tx *db.Tx, id string) (Membership, error) {
	return db.One(tx, scanMembership, `select `+membershipColumns+` where id = $1 and ended_at = ''`, id)
}

// LastAdministrator is the error of an act after which nobody could run this copy.
var LastAdministrator = fault.Of(fault.Conflict, "this copy would have no administrator")

// keepsAdministrator refuses when nobody but this person is an administrator.
func (s *Store) keepsAdministrator(tx *db.Tx, person string) error {
	n, err := db.One(tx, db.Of[int64], `select count(id) from membership
		where role = $1 and team = '' and ended_at = '' and (waits = 0 or agreed_at <> '') and person <> $2`, string(Administrator), person)
	if err != nil {
		return err
	}
	is, err := db.One(tx, db.Of[int64], `select count(id) from membership
		where role = $1 and team = '' and ended_at = '' and (waits = 0 or agreed_at <> '') and person = $2`, string(Administrator), person)
	if n == 0 && is > 0 {
		err = cmp.Or(err, LastAdministrator)
	}
	return err
}

// Administrators is how many run this copy.
func (s *Store) Administrators(tx *db.Tx) (int64, error) {
	return db.One(tx, db.Of[int64], `select count(id) from membership
		where role = $1 and team = '' and ended_at = '' and (waits = 0 or agreed_at <> '')`, string(Administrator))
}
