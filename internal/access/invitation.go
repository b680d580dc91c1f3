package access

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
)

// What is done to invitations, as the log knows it.
const (
	Invited            audit.Act = "invitation.made"
	InvitationAccepted audit.Act = "invitation.accepted"
	InvitationEnded    audit.Act = "invitation.withdrawn"
	FirstLinkMade      audit.Act = "invitation.first-made"
)

// How long links last.
const (
	InvitationLasts = 7 * 24 * time.Hour
	FirstLinkLasts  = 30 * time.Minute
)

// The kinds of invitations.
const (
	ordinary = "ordinary"
	first    = "first" // makes the first administrator of a copy
)

// Invitation lets somebody make their own account, with one role to begin with.
type Invitation struct {
	ID            string
	Name, Address seal.Text // as the one who invites wrote them; both may be empty for the first administrator
	Team          string
	Role          Role
	Made, Ends    time.Time
	By            string
	First         bool
}

const invitationColumns = `id, kind, body, team, role, made_at, made_by, ends_at`

func (s *Store) scanInvitation(r db.Row) (i Invitation, err error) {
	var kind, made, ends string
	var body []byte
	if err := r.Scan(&i.ID, &kind, &body, &i.Team, &i.Role, &made, &i.By, &ends); err != nil {
		return Invitation{}, err
	}
	var open personJSON
	if err := s.unsealed(invitationBody, i.ID, onlyVersion, body, &open); err != nil {
		return Invitation{}, err
	}
	i.Name, i.Address, i.First = seal.Hide(open.Name), seal.Hide(open.Address), kind == first
	return i, moments([]string{made, ends}, &i.Made, &i.Ends)
}

// Invite makes an invitation. The token goes into the link, which is shown once.
func (s *Store) Invite(tx *db.Tx, name, address, team string, role Role) (token string, err error) {
	if !role.Known() || role.Everywhere() != (team == "") {
		return "", fault.Of(fault.Invalid, "a role in the wrong place")
	}
	if team != "" {
		if _, err := s.Team(tx, team); err != nil {
			return "", err
		}
	}
	taken, err := s.byAddress(tx, address)
	if err != nil {
		return "", err
	}
	if taken != "" {
		return "", AddressTaken
	}
	id, token, err := s.invite(tx, ordinary, personJSON{name, address}, team, role, InvitationLasts)
	if err != nil {
		return "", err
	}
	return token, audit.Append(tx, audit.Entry{Act: Invited, Of: id})
}

func (s *Store) invite(tx *db.Tx, kind string, whom personJSON, team string, role Role, lasts time.Duration) (id, token string, err error) {
	id, token = db.NewID(tx.Now), NewToken()
	body, err := s.sealed(invitationBody, id, onlyVersion, whom)
	if err != nil {
		return "", "", err
	}
	if _, err := tx.Exec(`insert into invitation (id, token, kind, body, team, role, made_at, made_by, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, hashed(token), kind, body, team, string(role), db.Stamp(tx.Now), tx.Who, db.Stamp(tx.Now.Add(lasts))); err != nil {
		return "", "", fmt.Errorf("make an invitation: %w", err)
	}
	return id, token, nil
}

// Invitation gives the invitation of a link: NotFound when there is none, Gone when it was used, withdrawn or is over.
func (s *Store) Invitation(tx *db.Tx, token string) (Invitation, error) {
	i, err := db.One(tx, s.scanInvitation, `select `+invitationColumns+` from invitation where token = $1 and used_at = '' and withdrawn_at = ''`, hashed(token))
	if errors.Is(err, fault.NotFound) {
		_, err := db.One(tx, db.Of[string], `select id from invitation where token = $1`, hashed(token))
		return Invitation{}, cmp.Or(err, fault.Of(fault.Gone, "an invitation that was used or withdrawn"))
	}
	if err != nil {
		return Invitation{}, err
	}
	if !tx.Now.Before(i.Ends) {
		return Invitation{}, fault.Of(fault.Gone, "an invitation that is over")
	}
	if i.First {
		n, err := s.Administrators(tx)
		if err != nil {
			return Invitation{}, err
		}
		if n > 0 {
			return Invitation{}, fault.Of(fault.Gone, "this copy has its administrator")
		}
	}
	return i, nil
}

// Accept makes the account of somebody who was invited, and begins their session.
func (s *Store) Accept(tx *db.Tx, token string, n Newcomer, device string) (Arrival, error) {
	i, err := s.Invitation(tx, token)
	if err != nil {
		return Arrival{}, err
	}
	if !i.First {
		n.Address = i.Address.Reveal() // whoever holds the link does not choose as whom
	}
	person, err := s.join(tx, n, i.By)
	if err != nil {
		return Arrival{}, err
	}
	if _, err := tx.Exec(`update invitation set used_at = $2, used_by = $3 where id = $1`, i.ID, db.Stamp(tx.Now), person); err != nil {
		return Arrival{}, err
	}
	if _, err := s.Give(tx, person, i.Team, i.Role); err != nil {
		return Arrival{}, err
	}
	if err := audit.Append(tx, audit.Entry{Act: InvitationAccepted, Of: i.ID}); err != nil {
		return Arrival{}, err
	}
	return s.begin(tx, person, device)
}

// Invitations gives those that are open, the newest first.
func (s *Store) Invitations(tx *db.Tx) ([]Invitation, error) {
	return db.All(tx, s.scanInvitation, `select `+invitationColumns+` from invitation
		where used_at = '' and withdrawn_at = '' and ends_at > $1 and kind = $2 order by id desc`, db.Stamp(tx.Now), ordinary)
}

// Withdraw ends an invitation that nobody accepted yet.
func (s *Store) Withdraw(tx *db.Tx, id string) error {
	n, err := tx.Exec(`update invitation set withdrawn_at = $2 where id = $1 and used_at = '' and withdrawn_at = ''`, id, db.Stamp(tx.Now))
	if err != nil || n == 0 {
		return cmp.Or(err, fault.Of(fault.NotFound, "no open invitation"))
	}
	return audit.Append(tx, audit.Entry{Act: InvitationEnded, Of: id})
}

// FirstLink makes the link by which the first administrator of an empty copy is made, and ends the one before. It gives
// "" when the copy has an administrator.
func (s *Store) FirstLink(tx *db.Tx) (token string, err error) {
	n, err := s.Administrators(tx)
	if err != nil || n > 0 {
		return "", err
	}
	if _, err := tx.Exec(`update invitation set withdrawn_at = $1 where kind = $2 and used_at = '' and withdrawn_at = ''`, db.Stamp(tx.Now), first); err != nil {
		return "", err
	}
	id, token, err := s.invite(tx, first, personJSON{}, "", Administrator, FirstLinkLasts)
	if err != nil {
		return "", err
	}
	return token, audit.Append(tx, audit.Entry{Act: FirstLinkMade, Of: id})
}

// Made is an account that was made at once, with what its owner must be told once.
type Made struct {
	Person    string
	Enrolment Enrolment
	Codes     []string // for recovery
}

// MakeAdministrator makes an administrator without a browser, for whoever stands at the machine: also when there are
// some already, since this is the way back in when all of them are locked out.
func (s *Store) MakeAdministrator(tx *db.Tx, n Newcomer, issuer string) (Made, error) {
	m, err := s.make(tx, n, issuer)
	if err != nil {
		return Made{}, err
	}
	_, err = s.Give(tx, m.Person, "", Administrator)
	return m, err
}

// MakePerson makes somebody with these roles in a team: the invented people of a demonstration.
func (s *Store) MakePerson(tx *db.Tx, n Newcomer, issuer, team string, roles ...Role) (Made, error) {
	m, err := s.make(tx, n, issuer)
	if err != nil {
		return Made{}, err
	}
	for _, role := range roles {
		in := team
		if role.Everywhere() {
			in = ""
		}
		if _, err := s.Give(tx, m.Person, in, role); err != nil {
			return Made{}, err
		}
	}
	return m, nil
}

func (s *Store) make(tx *db.Tx, n Newcomer, issuer string) (m Made, err error) {
	if m.Person, err = s.join(tx, n, ""); err != nil {
		return Made{}, err
	}
	secret := newSecret()
	if err := s.putAuthenticator(tx, m.Person, secret, 0); err != nil {
		return Made{}, err
	}
	if m.Codes, err = s.NewCodes(tx, m.Person); err != nil {
		return Made{}, err
	}
	m.Enrolment, err = enrolment(secret, issuer, n.Address)
	return m, err
}
