package access

import (
	"cmp"
	"fmt"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
)

// codesEach is how many recovery codes somebody gets.
const codesEach = 10

// Shown is what came of a code that somebody typed.
type Shown struct {
	Right bool
	Wait  time.Duration // above zero: too early, not looked at
	Ended bool          // tried too often in this session: begin again
	Left  int           // recovery codes left, when one was used; else -1
	Token string        // the new token of the session, when it is open now
	Pass  bool          // it was the code of a duty supervisor's pass
}

// Arriving gives who is on the way in with this token and what they must show; NotFound when nobody is.
func (s *Store) Arriving(tx *db.Tx, token string) (Person, Stage, error) {
	e, err := s.byToken(tx, token)
	if err != nil {
		return Person{}, "", err
	}
	if e.stage == Open {
		return Person{}, "", fault.Of(fault.NotFound, "somebody who is in already")
	}
	p, err := s.Person(tx, e.person)
	return p, e.stage, err
}

// ShowCode takes the second factor of somebody on the way in: the code of their app, a recovery code, or the code of a
// pass. device is the token of the browser, when it is a known one.
func (s *Store) ShowCode(tx *db.Tx, token, typed, device string) (Shown, error) {
	e, err := s.byToken(tx, token)
	if err != nil {
		return Shown{}, err
	}
	if e.stage != WantsCode {
		return Shown{}, fault.Of(fault.NotFound, "nobody who owes a code")
	}
	trusted, err := s.knownDevice(tx, device, e.person)
	if err != nil {
		return Shown{}, err
	}
	press := pressed{byCode, s.brakeKey("code", e.person)}
	if trusted {
		press = pressed{byDevice, s.brakeKey("device", device)}
	}
	shown, err := s.secondFactor(tx, e.person, typed, press)
	if err != nil || shown.Wait > 0 {
		return shown, err
	}
	if shown.Right {
		shown.Token, err = s.openUp(tx, e, true, "", time.Time{})
		return shown, err
	}
	pass, err := s.usePass(tx, e.person, typed)
	if err != nil {
		return Shown{}, err
	}
	if pass.ID != "" {
		shown.Right, shown.Pass = true, true
		shown.Token, err = s.openUp(tx, e, false, pass.ID, pass.Ends)
		return shown, err
	}
	shown.Ended = e.tries+1 >= mostTries
	return shown, s.codeFailed(tx, e.person, e.id, press)
}

// Confirm takes the second factor again of somebody who is signed in, before something great. Who has no authenticator has
// nothing to show.
func (s *Store) Confirm(tx *db.Tx, who Who, typed string) (Shown, error) {
	p, err := s.Person(tx, who.ID)
	if err != nil || !p.Authenticator {
		return Shown{Right: err == nil, Left: -1}, err
	}
	press := pressed{byDevice, s.brakeKey("session", who.Session)}
	shown, err := s.secondFactor(tx, who.ID, typed, press)
	if err != nil || shown.Right || shown.Wait > 0 {
		return shown, err
	}
	return shown, s.codeFailed(tx, who.ID, who.Session, press)
}

func (s *Store) codeFailed(tx *db.Tx, person, session string, press pressed) error {
	if err := s.press(tx, press); err != nil {
		return err
	}
	if err := s.try(tx, session); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: CodeFailed, Of: person})
}

// secondFactor looks at the code of an app, or at a recovery code; each counts once.
func (s *Store) secondFactor(tx *db.Tx, person, typed string, press pressed) (Shown, error) {
	shown := Shown{Left: -1}
	n, err := s.brakeCount(tx, press.key)
	if err != nil {
		return shown, err
	}
	if shown.Wait = press.brake.wait(n, tx.Now); shown.Wait > 0 {
		return shown, nil
	}
	if isAuthenticatorCode(typed) {
		secret, last, err := s.authenticator(tx, person)
		if err != nil {
			return shown, err
		}
		step, ok := stepOf(secret, typed, tx.Now, last)
		if !ok || secret == "" {
			return shown, nil
		}
		// A code that another request used in the meantime is worth nothing here.
		n, err := tx.Exec(`update person set authenticator_step = $2 where id = $1 and authenticator_step < $2`, person, step)
		shown.Right = n == 1
		return shown, cmp.Or(err, s.release(tx, press.key))
	}
	used, err := tx.Exec(`update recovery_code set used_at = $3 where code = $1 and person = $2 and used_at = ''`,
		s.index.Blind(indexRecovery, person, plainCode(typed)), person, db.Stamp(tx.Now))
	if err != nil || used == 0 {
		return shown, err
	}
	shown.Right = true
	if shown.Left, err = s.CodesLeft(tx, person); err != nil {
		return shown, err
	}
	if err := s.release(tx, press.key); err != nil {
		return shown, err
	}
	return shown, audit.Append(tx, audit.Entry{Act: CodeUsed, Of: person})
}

// authenticator gives the secret of a person's app and the last half minute whose code was used.
func (s *Store) authenticator(tx *db.Tx, person string) (secret string, last int64, err error) {
	type row struct {
		version, step int64
		sealed        []byte
	}
	r, err := db.One(tx, func(r db.Row) (w row, err error) { return w, r.Scan(&w.version, &w.step, &w.sealed) },
		`select authenticator_version, authenticator_step, authenticator from person where id = $1`, person)
	if err != nil || len(r.sealed) == 0 {
		return "", 0, err
	}
	return secret, r.step, s.unsealed(personSecret, person, r.version, r.sealed, &secret)
}

// OfferAuthenticator makes a new secret that counts once a code of it was shown. The one in use stays until then.
func (s *Store) OfferAuthenticator(tx *db.Tx, person string) error {
	kept, err := s.sealed(personNext, person, onlyVersion, newSecret())
	if err != nil {
		return err
	}
	_, err = tx.Exec(`update person set next_authenticator = $2 where id = $1`, person, kept)
	return err
}

// Offered gives the secret that waits to be confirmed; NotFound when none does. issuer is what the app shows of this copy.
func (s *Store) Offered(tx *db.Tx, person, issuer string) (Enrolment, error) {
	secret, err := s.offered(tx, person)
	if err != nil {
		return Enrolment{}, err
	}
	p, err := s.Person(tx, person)
	if err != nil {
		return Enrolment{}, err
	}
	return enrolment(secret, issuer, p.Address.Reveal())
}

func (s *Store) offered(tx *db.Tx, person string) (secret string, err error) {
	kept, err := db.One(tx, db.Of[[]byte], `select next_authenticator from person where id = $1`, person)
	if err != nil {
		return "", err
	}
	if len(kept) == 0 {
		return "", fault.Of(fault.NotFound, "no authenticator waits to be set up")
	}
	return secret, s.unsealed(personNext, person, onlyVersion, kept, &secret)
}

// TakeAuthenticator puts the offered secret in use when the code is of it, and gives new recovery codes, to be shown once.
// right is false when the code was wrong.
func (s *Store) TakeAuthenticator(tx *db.Tx, person, typed string) (codes []string, right bool, err error) {
	secret, err := s.offered(tx, person)
	if err != nil {
		return nil, false, err
	}
	step, ok := stepOf(secret, typed, tx.Now, 0)
	if !ok {
		return nil, false, nil
	}
	if err := s.putAuthenticator(tx, person, secret, step); err != nil {
		return nil, false, err
	}
	codes, err = s.NewCodes(tx, person)
	return codes, err == nil, err
}

func (s *Store) putAuthenticator(tx *db.Tx, person, secret string, step int64) error {
	version, err := db.One(tx, db.Of[int64], `select authenticator_version from person where id = $1`, person)
	if err != nil {
		return err
	}
	kept, err := s.sealed(personSecret, person, version+1, secret)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`update person set authenticator_version = $2, authenticator = $3, authenticator_step = $4, next_authenticator = $5 where id = $1`,
		person, version+1, kept, step, []byte{}); err != nil {
		return fmt.Errorf("set up an authenticator: %w", err)
	}
	return audit.Append(tx, audit.Entry{Act: AuthenticatorChanged, Of: person})
}

// FinishEnrolling opens the session of somebody on the way in who has just set up their app.
func (s *Store) FinishEnrolling(tx *db.Tx, token string) (string, error) {
	e, err := s.byToken(tx, token)
	if err != nil {
		return "", err
	}
	if e.stage != WantsApp {
		return "", fault.Of(fault.NotFound, "nobody who is setting up an authenticator")
	}
	return s.openUp(tx, e, true, "", time.Time{})
}

// Strengthen notes that the session of this person has now shown a code, and gives it a new token.
func (s *Store) Strengthen(tx *db.Tx, who Who) (string, error) {
	token := NewToken()
	_, err := tx.Exec(`update session set strong = 1, pass = '', token = $2 where id = $1 and ended_at = ''`, who.Session, hashed(token))
	return token, err
}

// NewCodes makes new recovery codes and forgets the old ones. They are shown once.
func (s *Store) NewCodes(tx *db.Tx, person string) ([]string, error) {
	if _, err := tx.Exec(`delete from recovery_code where person = $1`, person); err != nil {
		return nil, err
	}
	codes := make([]string, codesEach)
	for i := range codes {
		codes[i] = newCode()
		if _, err := tx.Exec(`insert into recovery_code (code, person, made_at) values ($1, $2, $3)`,
			s.index.Blind(indexRecovery, person, plainCode(codes[i])), person, db.Stamp(tx.Now)); err != nil {
			return nil, fmt.Errorf("make recovery codes: %w", err)
		}
	}
	return codes, audit.Append(tx, audit.Entry{Act: CodesMade, Of: person})
}

// CodesLeft is how many recovery codes were not used yet.
func (s *Store) CodesLeft(tx *db.Tx, person string) (int, error) {
	n, err := db.One(tx, db.Of[int64], `select count(code) from recovery_code where person = $1 and used_at = ''`, person)
	return int(n), err
}
