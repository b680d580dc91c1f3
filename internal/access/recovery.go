package access

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
)

// What is done to let a colleague back in, as the log knows it.
const (
	RecoveryAsked   audit.Act = "recovery.asked"
	RecoveryAgreed  audit.Act = "recovery.agreed"
	RecoveryLink    audit.Act = "recovery.link-made"
	RecoveryStopped audit.Act = "recovery.stopped"
	Recovered       audit.Act = "recovery.done"
)

const (
	// RecoveryDelay lies between two administrators agreeing and the link: in it, the person whose account it is can see
	// the notice and stop it.
	RecoveryDelay = 24 * time.Hour
	recoveryLasts = 24 * time.Hour // the link
)

// Recovery is the way of letting a colleague back in who lost everything.
type Recovery struct {
	ID, Person string
	Asked      time.Time
	AskedBy    string
	Agreed     time.Time // zero: a second administrator must agree
	AgreedBy   string
	Ready      time.Time // not before then is there a link
}

const recoveryColumns = `id, person, asked_at, asked_by, agreed_at, agreed_by, ready_at`

func scanRecovery(r db.Row) (v Recovery, err error) {
	var asked, agreed, ready string
	if err := r.Scan(&v.ID, &v.Person, &asked, &v.AskedBy, &agreed, &v.AgreedBy, &ready); err != nil {
		return Recovery{}, err
	}
	return v, moments([]string{asked, agreed, ready}, &v.Asked, &v.Agreed, &v.Ready)
}

const recoveryOpen = `used_at = '' and stopped_at = ''`

// Recoveries gives those that are under way, the oldest first; person "" gives everybody's. They stand on the operator's
// page, and before the person whose account it is.
func (s *Store) Recoveries(tx *db.Tx, person string) ([]Recovery, error) {
	return db.All(tx, scanRecovery, `select `+recoveryColumns+` from recovery where `+recoveryOpen+` and (person = $1 or $1 = '') order by id`, person)
}

func (s *Store) recovery(tx *db.Tx, id string) (Recovery, error) {
	return db.One(tx, scanRecovery, `select `+recoveryColumns+` from recovery where id = $1 and `+recoveryOpen, id)
}

// AskRecovery begins to let somebody back in. Nobody does that for themselves.
func (s *Store) AskRecovery(tx *db.Tx, person string) error {
	if person == tx.Who {
		return fault.Of(fault.Forbidden, "nobody recovers their own account")
	}
	p, err := s.Person(tx, person)
	if err != nil {
		return err
	}
	under, err := s.Recoveries(tx, person)
	if err != nil {
		return err
	}
	if !p.Ended.IsZero() || len(under) > 0 {
		return fault.Of(fault.Conflict, "a person who left, or is being let back in already")
	}
	id := db.NewID(tx.Now)
	if _, err := tx.Exec(`insert into recovery (id, person, asked_at, asked_by) values ($1, $2, $3, $4)`, id, person, db.Stamp(tx.Now), tx.Who); err != nil {
		return fmt.Errorf("ask for a recovery: %w", err)
	}
	return audit.Append(tx, audit.Entry{Act: RecoveryAsked, Of: person})
}

// AgreeRecovery is the word of the second administrator. From then on the delay runs.
func (s *Store) AgreeRecovery(tx *db.Tx, id string) error {
	v, err := s.recovery(tx, id)
	if err != nil {
		return err
	}
	if tx.Who == "" || v.AskedBy == tx.Who || v.Person == tx.Who {
		return fault.Of(fault.Forbidden, "a second administrator must agree, who is not the one to be let in")
	}
	if !v.Agreed.IsZero() {
		return fault.Of(fault.Conflict, "a recovery that was agreed already")
	}
	if _, err := tx.Exec(`update recovery set agreed_at = $2, agreed_by = $3, ready_at = $4 where id = $1`,
		id, db.Stamp(tx.Now), tx.Who, db.Stamp(tx.Now.Add(RecoveryDelay))); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: RecoveryAgreed, Of: v.Person})
}

// StopRecovery ends it: an administrator, or the person whose account it is.
func (s *Store) StopRecovery(tx *db.Tx, id string) error {
	v, err := s.recovery(tx, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`update recovery set stopped_at = $2, stopped_by = $3 where id = $1`, id, db.Stamp(tx.Now), tx.Who); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: RecoveryStopped, Of: v.Person})
}

// RecoveryToken makes the link, once the delay is over. A link made before counts no more.
func (s *Store) RecoveryToken(tx *db.Tx, id string) (token string, err error) {
	v, err := s.recovery(tx, id)
	if err != nil {
		return "", err
	}
	if v.Person == tx.Who {
		return "", fault.Of(fault.Forbidden, "nobody recovers their own account")
	}
	if v.Agreed.IsZero() || tx.Now.Before(v.Ready) {
		return "", fault.Of(fault.Conflict, "a recovery that is not ready yet")
	}
	token = NewToken()
	if _, err := tx.Exec(`update recovery set token = $2, token_ends_at = $3 where id = $1`, id, hashed(token), db.Stamp(tx.Now.Add(recoveryLasts))); err != nil {
		return "", err
	}
	return token, audit.Append(tx, audit.Entry{Act: RecoveryLink, Of: v.Person})
}

// Recovering gives whose account a link recovers: NotFound when it is none, Gone when it was used, stopped or is over.
func (s *Store) Recovering(tx *db.Tx, token string) (Recovery, Person, error) {
	v, err := db.One(tx, scanRecovery, `select `+recoveryColumns+` from recovery where token = $1 and `+recoveryOpen+` and token_ends_at > $2`,
		hashed(token), db.Stamp(tx.Now))
	if errors.Is(err, fault.NotFound) {
		_, err := db.One(tx, db.Of[string], `select id from recovery where token = $1`, hashed(token))
		return Recovery{}, Person{}, cmp.Or(err, fault.Of(fault.Gone, "a link that was used, stopped, or is over"))
	}
	if err != nil {
		return Recovery{}, Person{}, err
	}
	p, err := s.Person(tx, v.Person)
	return v, p, err
}

// Recover sets a new password through a link. The old authenticator, the old codes and every session are gone; a new
// authenticator is offered, and the session begins with it.
func (s *Store) Recover(tx *db.Tx, token string, password Hashed, device string) (Arrival, error) {
	v, p, err := s.Recovering(tx, token)
	if err != nil {
		return Arrival{}, err
	}
	if !p.Ended.IsZero() {
		return Arrival{}, fault.Of(fault.Gone, "a person who left")
	}
	if _, err := tx.Exec(`update recovery set used_at = $2 where id = $1`, v.ID, db.Stamp(tx.Now)); err != nil {
		return Arrival{}, err
	}
	if err := s.setPassword(tx, p.ID, password, ""); err != nil {
		return Arrival{}, err
	}
	if _, err := tx.Exec(`update person set authenticator = $2, authenticator_step = 0 where id = $1`, p.ID, []byte{}); err != nil {
		return Arrival{}, err
	}
	if _, err := tx.Exec(`delete from recovery_code where person = $1`, p.ID); err != nil {
		return Arrival{}, err
	}
	if err := audit.Append(tx, audit.Entry{Act: Recovered, Of: p.ID}); err != nil {
		return Arrival{}, err
	}
	return s.begin(tx, p.ID, device)
}
