package access

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
)

// What is done to people, as the log knows it.
const (
	PersonJoined         audit.Act = "account.joined"
	PersonEnded          audit.Act = "account.ended"
	PasswordChanged      audit.Act = "account.password-changed"
	AuthenticatorChanged audit.Act = "account.authenticator-changed"
	CodesMade            audit.Act = "account.recovery-codes-made"
	CodeUsed             audit.Act = "account.recovery-code-used"
	CodeFailed           audit.Act = "account.code-failed"
	ScreenLocked         audit.Act = "account.locked"
	ScreenUnlocked       audit.Act = "account.unlocked"
	SessionEnded         audit.Act = "account.session-ended"
)

// Person is somebody with an account.
type Person struct {
	ID            string
	Name          seal.Text // as colleagues call them
	Address       seal.Text // by which they sign in: an e-mail address, or a name of their own
	Authenticator bool      // an authenticator app is set up
	Made          time.Time
	Ended         time.Time // when they left; zero while they are here
}

type personJSON struct{ Name, Address string }

const personColumns = `id, version, body, authenticator, made_at, ended_at`

func (s *Store) scanPerson(r db.Row) (Person, error) {
	var p Person
	var version int64
	var body, authenticator []byte
	var made, ended string
	if err := r.Scan(&p.ID, &version, &body, &authenticator, &made, &ended); err != nil {
		return Person{}, err
	}
	var open personJSON
	if err := s.unsealed(personBody, p.ID, version, body, &open); err != nil {
		return Person{}, err
	}
	p.Name, p.Address, p.Authenticator = seal.Hide(open.Name), seal.Hide(open.Address), len(authenticator) > 0
	return p, moments([]string{made, ended}, &p.Made, &p.Ended)
}

// Person gives one person, also one who left.
func (s *Store) Person(tx *db.Tx, id string) (Person, error) {
	return db.One(tx, s.scanPerson, `select `+personColumns+` from person where id = $1`, id)
}

// People gives everybody who is here, by name.
func (s *Store) People(tx *db.Tx) ([]Person, error) {
	all, err := db.All(tx, s.scanPerson, `select `+personColumns+` from person where ended_at = ''`)
	byName(all)
	return all, err
}

// TeamPeople gives those who hold a role in a team, by name.
func (s *Store) TeamPeople(tx *db.Tx, team string) ([]Person, error) {
	all, err := db.All(tx, s.scanPerson, `select `+personColumns+` from person where ended_at = '' and id in (
		select person from membership where team = $1 and ended_at = '' and (waits = 0 or agreed_at <> ''))`, team)
	byName(all)
	return all, err
}

func byName(all []Person) {
	slices.SortFunc(all, func(a, b Person) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name.Reveal()), strings.ToLower(b.Name.Reveal())), strings.Compare(a.ID, b.ID))
	})
}

// Called is how a person is called, also one who left; "" when nobody knows any more.
func (s *Store) Called(tx *db.Tx, id string) (seal.Text, error) {
	p, err := s.Person(tx, id)
	if errors.Is(err, fault.NotFound) {
		return seal.Text{}, nil
	}
	return p.Name, err
}

// byAddress finds who signs in by this; "" when nobody does.
func (s *Store) byAddress(tx *db.Tx, address string) (string, error) {
	id, err := db.One(tx, db.Of[string], `select id from person where address = $1 and ended_at = ''`, s.addressIndex(address))
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return id, err
}

// Newcomer is somebody who gets an account.
type Newcomer struct {
	Name, Address string
	Password      Hashed
}

// AddressTaken is the error of an address by which somebody else signs in already.
var AddressTaken = fault.Of(fault.Conflict, "somebody else signs in by this address")

// join makes a person without any role. by is who let them in; "" is the program itself.
func (s *Store) join(tx *db.Tx, n Newcomer, by string) (id string, err error) {
	taken, err := s.byAddress(tx, n.Address)
	if err != nil {
		return "", err
	}
	if taken != "" {
		return "", AddressTaken
	}
	id = db.NewID(tx.Now)
	body, err := s.sealed(personBody, id, 1, personJSON{n.Name, n.Address})
	if err != nil {
		return "", err
	}
	password, err := s.sealed(personPassword, id, 1, n.Password.kept)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(`insert into person (id, version, body, address, password_version, password, password_at, authenticator, next_authenticator, made_at, made_by)
		values ($1, 1, $2, $3, 1, $4, $5, $6, $6, $5, $7)`, id, body, s.addressIndex(n.Address), password, db.Stamp(tx.Now), []byte{}, by)
	if err != nil {
		return "", fmt.Errorf("add a person: %w", err)
	}
	return id, audit.Append(tx, audit.Entry{Act: PersonJoined, Of: id})
}

// End takes somebody's account away: their roles and sessions end, their name stays beside what they wrote.
func (s *Store) End(tx *db.Tx, id string) error {
	if id == tx.Who {
		return fault.Of(fault.Conflict, "nobody ends their own account")
	}
	if err := s.keepsAdministrator(tx, id); err != nil {
		return err
	}
	n, err := tx.Exec(`update person set ended_at = $2, ended_by = $3 where id = $1 and ended_at = ''`, id, db.Stamp(tx.Now), tx.Who)
	if err != nil || n == 0 {
		return cmp.Or(err, fault.Of(fault.NotFound, "a person who left already"))
	}
	if _, err := tx.Exec(`update membership set ended_at = $2, ended_by = $3 where person = $1 and ended_at = ''`, id, db.Stamp(tx.Now), tx.Who); err != nil {
		return err
	}
	for _, also := range []string{
		`update pass set ended_at = $2 where person = $1 and ended_at = ''`,
		`update recovery set stopped_at = $2 where person = $1 and stopped_at = '' and used_at = ''`,
	} {
		if _, err := tx.Exec(also, id, db.Stamp(tx.Now)); err != nil {
			return err
		}
	}
	if err := s.forgetDevices(tx, id); err != nil {
		return err
	}
	if err := s.endAll(tx, id, "", "left"); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: PersonEnded, Of: id})
}

// setPassword replaces a password and ends every session but one.
func (s *Store) setPassword(tx *db.Tx, person string, password Hashed, keepSession string) error {
	version, err := db.One(tx, db.Of[int64], `select password_version from person where id = $1 and ended_at = ''`, person)
	if err != nil {
		return err
	}
	kept, err := s.sealed(personPassword, person, version+1, password.kept)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`update person set password_version = $2, password = $3, password_at = $4 where id = $1`,
		person, version+1, kept, db.Stamp(tx.Now)); err != nil {
		return err
	}
	if err := s.forgetDevices(tx, person); err != nil {
		return err
	}
	if err := s.endAll(tx, person, keepSession, "password changed"); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: PasswordChanged, Of: person})
}

func (s *Store) forgetDevices(tx *db.Tx, person string) error {
	_, err := tx.Exec(`delete from device where person = $1`, person)
	return err
}
