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

// What is done to passes, as the log knows it.
const (
	PassGiven    audit.Act = "pass.given"
	PassUsed     audit.Act = "pass.used"
	PassEnded    audit.Act = "pass.ended"
	PassReviewed audit.Act = "pass.reviewed"
)

// PassLongest is how long a duty supervisor's pass may last: one night.
const PassLongest = 12 * time.Hour

// NightPass lets a colleague in for a night who lost the second factor. It stands on the list of those to be reviewed
// until somebody other than who gave it, and other than who got it, has looked at it.
type NightPass struct {
	ID, Person string
	Team       string
	Why        seal.Text
	Made       time.Time
	By         string
	Ends       time.Time
	Used       time.Time // zero: never
	Ended      time.Time // zero: nobody ended it early
	Reviewed   time.Time // zero: still to be reviewed
	ReviewedBy string
}

// Counts reports that the pass opens something at that moment.
func (p NightPass) Counts(now time.Time) bool { return p.Ended.IsZero() && now.Before(p.Ends) }

type passJSON struct{ Why string }

const passColumns = `id, person, team, body, made_at, made_by, ends_at, used_at, ended_at, reviewed_at, reviewed_by`

func (s *Store) scanPass(r db.Row) (p NightPass, err error) {
	var body []byte
	var made, ends, used, ended, reviewed string
	if err := r.Scan(&p.ID, &p.Person, &p.Team, &body, &made, &p.By, &ends, &used, &ended, &reviewed, &p.ReviewedBy); err != nil {
		return NightPass{}, err
	}
	var open passJSON
	if err := s.unsealed(passBody, p.ID, onlyVersion, body, &open); err != nil {
		return NightPass{}, err
	}
	p.Why = seal.Hide(open.Why)
	return p, moments([]string{made, ends, used, ended, reviewed}, &p.Made, &p.Ends, &p.Used, &p.Ended, &p.Reviewed)
}

// GivePass gives somebody of a team a pass. The code is told to them, by voice, and shown once. by must be a manager of the
// team; they cannot give one to themselves.
func (s *Store) GivePass(tx *db.Tx, by Who, person, team, why string, lasts time.Duration) (code string, err error) {
	if !by.MayOn(GivePasses, Subject{Kind: Pass, Team: team}) || person == by.ID {
		return "", fault.Of(fault.Forbidden, "a pass of a team whose manager one is not, or for oneself")
	}
	if lasts <= 0 || lasts > PassLongest {
		return "", fault.Of(fault.Invalid, "a pass that lasts longer than a night")
	}
	held, err := s.held(tx, person)
	if err != nil {
		return "", err
	}
	if (Who{ID: person, Held: map[string][]Role{team: held[team]}, SecondFactor: true}).Teams() == nil {
		return "", fault.Of(fault.NotFound, "nobody in this team who opens cases")
	}
	id := db.NewID(tx.Now)
	code = newCode()
	body, err := s.sealed(passBody, id, onlyVersion, passJSON{why})
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(`insert into pass (id, person, team, code, body, made_at, made_by, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, person, team, s.index.Blind(indexPass, person, plainCode(code)), body, db.Stamp(tx.Now), tx.Who, db.Stamp(tx.Now.Add(lasts))); err != nil {
		return "", fmt.Errorf("give a pass: %w", err)
	}
	return code, audit.Append(tx, audit.Entry{Act: PassGiven, Of: person})
}

// usePass takes the code of a pass that counts now. A zero pass is none.
func (s *Store) usePass(tx *db.Tx, person, typed string) (NightPass, error) {
	p, err := db.One(tx, s.scanPass, `select `+passColumns+` from pass where person = $1 and code = $2 and ends_at > $3 and ended_at = ''`,
		person, s.index.Blind(indexPass, person, plainCode(typed)), db.Stamp(tx.Now))
	if errors.Is(err, fault.NotFound) {
		return NightPass{}, nil
	}
	if err != nil {
		return NightPass{}, err
	}
	if _, err := tx.Exec(`update pass set used_at = $2 where id = $1 and used_at = ''`, p.ID, db.Stamp(tx.Now)); err != nil {
		return NightPass{}, err
	}
	before := tx.Who
	tx.Who = person
	err = audit.Append(tx, audit.Entry{Act: PassUsed, Of: p.ID})
	tx.Who = before
	return p, err
}

func (s *Store) pass(tx *db.Tx, id string) (NightPass, error) {
	return db.One(tx, s.scanPass, `select `+passColumns+` from pass where id = $1`, id)
}

// PassesToReview gives the passes that nobody has looked at yet, the oldest first, of the teams that this person reviews.
func (s *Store) PassesToReview(tx *db.Tx, who Who) ([]NightPass, error) {
	all, err := db.All(tx, s.scanPass, `select `+passColumns+` from pass where reviewed_at = '' order by id`)
	if err != nil {
		return nil, err
	}
	var mine []NightPass
	for _, p := range all {
		if who.MayOn(ReviewPasses, Subject{Kind: Pass, Team: p.Team}) {
			mine = append(mine, p)
		}
	}
	return mine, nil
}

// ReviewPass notes that a pass was looked at.
func (s *Store) ReviewPass(tx *db.Tx, who Who, id string) error {
	p, err := db.One(tx, s.scanPass, `select `+passColumns+` from pass where id = $1 and reviewed_at = ''`, id)
	if err != nil {
		return err
	}
	if !who.MayOn(ReviewPasses, Subject{Kind: Pass, Team: p.Team}) {
		return fault.Of(fault.NotFound, "a pass of another team")
	}
	if p.By == who.ID || p.Person == who.ID {
		return fault.Of(fault.Forbidden, "nobody reviews a pass that they gave or got")
	}
	if p.Counts(tx.Now) {
		return fault.Of(fault.Conflict, "a pass that still opens something")
	}
	if _, err := tx.Exec(`update pass set reviewed_at = $2, reviewed_by = $3 where id = $1`, id, db.Stamp(tx.Now), who.ID); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: PassReviewed, Of: id})
}

// EndPass ends a pass, and with it the sessions that stand on it.
func (s *Store) EndPass(tx *db.Tx, who Who, id string) error {
	p, err := s.pass(tx, id)
	if err != nil {
		return err
	}
	if !who.MayOn(ReviewPasses, Subject{Kind: Pass, Team: p.Team}) {
		return fault.Of(fault.NotFound, "a pass of another team")
	}
	n, err := tx.Exec(`update pass set ended_at = $2 where id = $1 and ended_at = '' and ends_at > $2`, id, db.Stamp(tx.Now))
	if err != nil || n == 0 {
		return cmp.Or(err, fault.Of(fault.Conflict, "a pass that is over"))
	}
	if _, err := tx.Exec(`update session set ended_at = $2, ended_why = 'pass ended' where pass = $1 and ended_at = ''`, id, db.Stamp(tx.Now)); err != nil {
		return err
	}
	return audit.Append(tx, audit.Entry{Act: PassEnded, Of: id})
}
