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

// How long a session lasts.
const (
	LockAfter = 15 * time.Minute // unused: the password is asked again. A browser with scripts locks itself sooner
	EndAfter  = 4 * time.Hour    // unused: signed out
	Longest   = 12 * time.Hour   // in any case: one long shift
)

// mostTries is how often a locked screen, or a code, may be tried in one session before it ends.
const mostTries = 6

// Session is one browser in which somebody is signed in.
type Session struct {
	ID     string
	Device seal.Text // in words: Firefox on Windows
	Made   time.Time
	Seen   time.Time
	Locked bool
}

type sessionJSON struct{ Device string }

// session is a session as it is kept.
type session struct {
	id, person string
	stage      Stage
	strong     bool
	pass       string
	body       []byte
	made, seen time.Time
	ends       time.Time
	locked     time.Time
	tries      int64
}

const sessionColumns = `session.id, session.person, session.stage, session.strong, session.pass, session.body,
	session.made_at, session.seen_at, session.ends_at, session.locked_at, session.tries`

func scanSession(r db.Row) (e session, err error) {
	var strong int64
	var made, seen, ends, locked string
	if err := r.Scan(&e.id, &e.person, &e.stage, &strong, &e.pass, &e.body, &made, &seen, &ends, &locked, &e.tries); err != nil {
		return session{}, err
	}
	e.strong = strong == 1
	return e, moments([]string{made, seen, ends, locked}, &e.made, &e.seen, &e.ends, &e.locked)
}

// over reports that the session has ended by itself.
func (e session) over(now time.Time) bool { return !now.Before(e.ends) || now.Sub(e.seen) >= EndAfter }

// asleep reports that the session was unused for so long that the password is asked again.
func (e session) asleep(now time.Time) bool {
	return !e.locked.IsZero() || now.Sub(e.seen) >= LockAfter
}

// byToken finds the session of a token, in whichever stage, while it lasts.
func (s *Store) byToken(tx *db.Tx, token string) (session, error) {
	e, err := db.One(tx, scanSession, `select `+sessionColumns+` from session join person on person.id = session.person
		where session.token = $1 and session.ended_at = '' and person.ended_at = ''`, hashed(token))
	if err == nil && e.over(tx.Now) {
		err = fault.Of(fault.NotFound, "a session that has ended")
	}
	return e, err
}

// Authenticate gives the person behind the token of a session: nobody when the token is none, when the session has ended,
// or when a code is still to be shown. A session that must be unlocked first gives a person who is Locked.
func (s *Store) Authenticate(tx *db.Tx, token string) (Who, error) {
	e, err := s.byToken(tx, token)
	if errors.Is(err, fault.NotFound) || err == nil && e.stage != Open {
		return Who{}, nil
	}
	if err != nil {
		return Who{}, err
	}
	p, err := s.Person(tx, e.person)
	if err != nil {
		return Who{}, err
	}
	who := Who{ID: p.ID, Name: p.Name, Session: e.id, SecondFactor: e.strong, Locked: e.asleep(tx.Now), Seen: e.seen}
	if who.Held, err = s.held(tx, p.ID); err != nil {
		return Who{}, err
	}
	if e.pass != "" {
		return s.underPass(tx, who, e.pass)
	}
	return who, nil
}

// underPass is what is left of a person under a pass: until it ends, and in the team whose manager vouched for them.
func (s *Store) underPass(tx *db.Tx, who Who, id string) (Who, error) {
	p, err := s.pass(tx, id)
	if err != nil {
		return Who{}, err
	}
	who.Held = map[string][]Role{p.Team: who.Held[p.Team]}
	if p.Counts(tx.Now) {
		who.Pass = p.Ends
	}
	return who, nil
}

// Touch notes that a session is in use. A locked one is not: somebody who is away does not come back by that.
func (s *Store) Touch(tx *db.Tx, who Who) error {
	if who.Session == "" || who.Locked {
		return nil
	}
	_, err := tx.Exec(`update session set seen_at = $2 where id = $1 and ended_at = '' and seen_at < $2`, who.Session, db.Stamp(tx.Now))
	return err
}

// begin makes a session for somebody whose password was right. A code is asked of everybody who has an authenticator;
// whoever needs one and has none must set it up first.
func (s *Store) begin(tx *db.Tx, person, device string) (Arrival, error) {
	p, err := s.Person(tx, person)
	if err != nil {
		return Arrival{}, err
	}
	held, err := s.held(tx, person)
	if err != nil {
		return Arrival{}, err
	}
	a := Arrival{Right: true, Stage: Open, Token: NewToken(), Session: db.NewID(tx.Now), Person: person}
	switch {
	case p.Authenticator:
		a.Stage = WantsCode
	case Who{Held: held}.NeedsSecondFactor():
		a.Stage = WantsApp
	}
	body, err := s.sealed(sessionBody, a.Session, onlyVersion, sessionJSON{device})
	if err != nil {
		return Arrival{}, err
	}
	ends := tx.Now.Add(Longest)
	if a.Stage != Open {
		ends = tx.Now.Add(LockAfter) // for the rest of the way in
	}
	if _, err := tx.Exec(`insert into session (id, token, person, stage, strong, body, made_at, seen_at, ends_at) values ($1, $2, $3, $4, 0, $5, $6, $6, $7)`,
		a.Session, hashed(a.Token), person, string(a.Stage), body, db.Stamp(tx.Now), db.Stamp(ends)); err != nil {
		return Arrival{}, fmt.Errorf("begin a session: %w", err)
	}
	tx.Who = person
	switch a.Stage {
	case WantsCode:
		return a, nil
	case WantsApp:
		return a, s.OfferAuthenticator(tx, person)
	}
	return a, audit.Append(tx, audit.Entry{Act: audit.SignedIn, Of: a.Session})
}

// openUp makes a session whose second factor was shown an open one. Its token is a new one: one that somebody planted
// before, or read on the way, opens nothing.
func (s *Store) openUp(tx *db.Tx, e session, strong bool, pass string, ends time.Time) (token string, err error) {
	token = NewToken()
	if longest := tx.Now.Add(Longest); ends.IsZero() || ends.After(longest) {
		ends = longest
	}
	if _, err := tx.Exec(`update session set token = $2, stage = $3, strong = $4, pass = $5, tries = 0, seen_at = $6, ends_at = $7 where id = $1`,
		e.id, hashed(token), string(Open), bit(strong), pass, db.Stamp(tx.Now), db.Stamp(ends)); err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	tx.Who = e.person
	return token, audit.Append(tx, audit.Entry{Act: audit.SignedIn, Of: e.id})
}

// Sessions gives the sessions of a person that are open, the newest first.
func (s *Store) Sessions(tx *db.Tx, person string) ([]Session, error) {
	rows, err := db.All(tx, scanSession, `select `+sessionColumns+` from session where person = $1 and ended_at = '' and stage = $2 order by id desc`, person, string(Open))
	if err != nil {
		return nil, err
	}
	var all []Session
	for _, e := range rows {
		if e.over(tx.Now) {
			continue
		}
		var body sessionJSON
		if err := s.unsealed(sessionBody, e.id, onlyVersion, e.body, &body); err != nil {
			return nil, err
		}
		all = append(all, Session{ID: e.id, Device: seal.Hide(body.Device), Made: e.made, Seen: e.seen, Locked: e.asleep(tx.Now)})
	}
	return all, nil
}

// EndSession ends one session of a person.
func (s *Store) EndSession(tx *db.Tx, person, id string) error {
	n, err := tx.Exec(`update session set ended_at = $3, ended_why = 'ended' where id = $2 and person = $1 and ended_at = ''`, person, id, db.Stamp(tx.Now))
	if err != nil || n == 0 {
		return cmp.Or(err, fault.Of(fault.NotFound, "no such session of this person"))
	}
	return audit.Append(tx, audit.Entry{Act: SessionEnded, Of: id})
}

// EndOthers ends every session of the person but the one they are in.
func (s *Store) EndOthers(tx *db.Tx, who Who) error {
	if err := s.endAll(tx, who.ID, who.Session, "ended"); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: SessionEnded, Of: "all-others"})
}

func (s *Store) endAll(tx *db.Tx, person, but, why string) error {
	_, err := tx.Exec(`update session set ended_at = $3, ended_why = $4 where person = $1 and id <> $2 and ended_at = ''`, person, but, db.Stamp(tx.Now), why)
	return err
}

// SignOut ends the session of a token, in whichever stage it is.
func (s *Store) SignOut(tx *db.Tx, token string) error {
	e, err := s.byToken(tx, token)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`update session set ended_at = $2, ended_why = 'signed out' where id = $1`, e.id, db.Stamp(tx.Now)); err != nil {
		return err
	}
	if e.stage != Open {
		return nil
	}
	tx.Who = e.person
	return audit.Append(tx, audit.Entry{Act: audit.SignedOut, Of: e.id})
}

// Lock locks the screen of a session.
func (s *Store) Lock(tx *db.Tx, who Who) error {
	n, err := tx.Exec(`update session set locked_at = $2 where id = $1 and locked_at = '' and ended_at = ''`, who.Session, db.Stamp(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: ScreenLocked, Of: who.Session})
}

// Unlock opens a locked session again with the password that Check looked at. After some wrong ones the session ends:
// its owner signs in anew, and whoever sits before their screen does not.
func (s *Store) Unlock(tx *db.Tx, who Who, c Checked) (open bool, err error) {
	if c.sessions != who.Session || c.person != who.ID {
		return false, fault.Of(fault.Forbidden, "the password of another session")
	}
	right, err := s.again(tx, c)
	if err != nil || !right {
		return false, err
	}
	if _, err := tx.Exec(`update session set locked_at = '', tries = 0, seen_at = $2 where id = $1 and ended_at = ''`, who.Session, db.Stamp(tx.Now)); err != nil {
		return false, err
	}
	return true, audit.Append(tx, audit.Entry{Act: ScreenUnlocked, Of: who.Session})
}

// again writes down what CheckAgain found: nothing when the password was right, a try when it was wrong.
func (s *Store) again(tx *db.Tx, c Checked) (right bool, err error) {
	version, _, err := s.password(tx, c.person)
	if err != nil {
		return false, err
	}
	if c.Right && version == c.version {
		return true, nil
	}
	if err := s.try(tx, c.sessions); err != nil {
		return false, err
	}
	return false, audit.Append(tx, audit.Entry{Act: audit.SignInFailed, Of: c.person})
}

// try counts a wrong try in a session, and ends it when there were too many.
func (s *Store) try(tx *db.Tx, session string) error {
	_, err := tx.Exec(`update session set tries = tries + 1,
		ended_at = case when tries + 1 >= $2 then $3 else ended_at end,
		ended_why = case when tries + 1 >= $2 then 'tried too often' else ended_why end
		where id = $1 and ended_at = ''`, session, mostTries, db.Stamp(tx.Now))
	return err
}
