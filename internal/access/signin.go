package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
)

// Hashed is a password as it is kept. It is made outside of any transaction, since that takes long.
type Hashed struct{ kept string }

// Hash makes what is kept of a password that somebody chose.
func (s *Store) Hash(ctx context.Context, password string) (Hashed, error) {
	leave, err := s.gate.enter(ctx, true, "")
	if err != nil {
		return Hashed{}, err
	}
	defer leave()
	kept, err := s.hash(password)
	return Hashed{kept}, err
}

// Attempt is somebody who says who they are.
type Attempt struct {
	Address  string
	Password string
	Device   string // the token of the browser, when it has one
	Source   string // where they come from, such as an address of the network
}

// Checked is an attempt after its password was looked at, and before anything was written down.
type Checked struct {
	Right bool
	Wait  time.Duration // above zero: it came too early and was not looked at

	person   string // "" when nobody signs in so
	version  int64  // of the password
	trusted  bool   // a browser in which this person has signed in before
	brakes   []pressed
	kept     Hashed // the password kept with more work, when that was due
	sessions string // the session this was asked in, when there was one
}

// pressed is one brake with the key under which it counts.
type pressed struct {
	brake brake
	key   []byte
}

// Check looks at a password. It runs outside of any transaction, because that takes long; [Store.SignIn] writes down what
// came of it. How long it takes does not tell whether anybody signs in by that address.
func (s *Store) Check(ctx context.Context, a Attempt) (Checked, error) {
	var c Checked
	var kept string
	var pause time.Duration
	err := s.db.Read(ctx, "", func(tx *db.Tx) (err error) {
		c, pause = Checked{}, 0
		if c.person, err = s.byAddress(tx, a.Address); err != nil {
			return err
		}
		who := c.person
		if who == "" {
			who = "address " + string(s.addressIndex(a.Address)) // brakes tell no strangers apart from colleagues
		} else if c.version, kept, err = s.password(tx, c.person); err != nil {
			return err
		}
		if c.trusted, err = s.knownDevice(tx, a.Device, c.person); err != nil {
			return err
		}
		if c.trusted {
			c.brakes = []pressed{{byDevice, s.brakeKey("device", a.Device)}}
		} else {
			c.brakes = []pressed{{byPair, s.brakeKey("pair", who, a.Source)}, {bySource, s.brakeKey("source", a.Source)}, {byAccount, s.brakeKey("account", who)}}
		}
		for _, p := range c.brakes {
			n, err := s.brakeCount(tx, p.key)
			if err != nil {
				return err
			}
			if p.brake == byAccount {
				pause = byAccount.pause(n.at(tx.Now, byAccount))
				continue
			}
			c.Wait = max(c.Wait, p.brake.wait(n, tx.Now))
		}
		return nil
	})
	if err != nil || c.Wait > 0 {
		return c, err
	}
	if err := rest(ctx, pause); err != nil {
		return c, err
	}
	return c, s.compare(ctx, &c, a.Password, kept, a.Source)
}

// CheckAgain looks at the password of somebody who is signed in: to unlock the screen, or before something great.
func (s *Store) CheckAgain(ctx context.Context, who Who, password string) (Checked, error) {
	c := Checked{person: who.ID, trusted: true, sessions: who.Session}
	var kept string
	err := s.db.Read(ctx, who.ID, func(tx *db.Tx) (err error) {
		c.version, kept, err = s.password(tx, who.ID)
		return err
	})
	if err != nil {
		return c, err
	}
	return c, s.compare(ctx, &c, password, kept, "")
}

// compare does the slow part. With nothing kept it compares with nobody's password, and finds it wrong.
func (s *Store) compare(ctx context.Context, c *Checked, password, kept, source string) error {
	nobodys, err := s.nobodys() // made once, by whoever comes first, so that its making tells nothing
	if err != nil {
		return err
	}
	nobody := kept == ""
	if nobody {
		kept = nobodys
	}
	leave, err := s.gate.enter(ctx, c.trusted, source)
	if err != nil {
		return err
	}
	defer leave()
	ok, weak, err := s.matches(password, kept)
	if err != nil {
		return fmt.Errorf("compare a password: %w", err)
	}
	c.Right = ok && !nobody
	if c.Right && weak {
		fresh, err := s.hash(password)
		if err != nil {
			return err
		}
		c.kept = Hashed{fresh}
	}
	return nil
}

// rest waits, in vain when the person leaves before.
func rest(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// password gives what is kept of a person's password, "" when there is none.
func (s *Store) password(tx *db.Tx, person string) (version int64, kept string, err error) {
	type row struct {
		version int64
		sealed  []byte
	}
	found, err := db.One(tx, func(r db.Row) (w row, err error) { return w, r.Scan(&w.version, &w.sealed) },
		`select password_version, password from person where id = $1 and ended_at = ''`, person)
	if err != nil {
		return 0, "", err
	}
	return found.version, kept, s.unsealed(personPassword, person, found.version, found.sealed, &kept)
}

// Stage says what somebody must still show before they are in.
type Stage string

// The stages of a session.
const (
	WantsCode Stage = "code"  // the code of the authenticator
	WantsApp  Stage = "enrol" // an authenticator must be set up first
	Open      Stage = "open"
)

// Arrival is what came of an attempt. The token goes to the browser and is known to nobody else.
type Arrival struct {
	Right   bool
	Stage   Stage
	Token   string
	Session string
	Person  string
}

// SignIn writes down what Check found: a session that begins, or a failure that counts. device says in words what the
// browser is, for the list of sessions.
func (s *Store) SignIn(tx *db.Tx, c Checked, device string) (Arrival, error) {
	if c.Wait > 0 {
		return Arrival{}, nil
	}
	if c.Right {
		if now, _, err := s.password(tx, c.person); errors.Is(err, fault.NotFound) || err == nil && now != c.version {
			c.Right = false // changed meanwhile
		} else if err != nil {
			return Arrival{}, err
		}
	}
	if !c.Right {
		return Arrival{}, s.signInFailed(tx, c)
	}
	for _, p := range c.brakes {
		if p.brake == byPair || p.brake == byDevice {
			if err := s.release(tx, p.key); err != nil {
				return Arrival{}, err
			}
		}
	}
	if c.kept.kept != "" {
		if err := s.rehash(tx, c); err != nil {
			return Arrival{}, err
		}
	}
	return s.begin(tx, c.person, device)
}

func (s *Store) signInFailed(tx *db.Tx, c Checked) error {
	for _, p := range c.brakes {
		if err := s.press(tx, p); err != nil {
			return err
		}
	}
	return audit.Append(tx, audit.Entry{Act: audit.SignInFailed, Of: c.person})
}

// rehash keeps the same password with today's work. It is no change: sessions go on.
func (s *Store) rehash(tx *db.Tx, c Checked) error {
	kept, err := s.sealed(personPassword, c.person, c.version+1, c.kept.kept)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`update person set password_version = $2, password = $3 where id = $1`, c.person, c.version+1, kept)
	return err
}
