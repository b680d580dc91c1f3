package access_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

// office is a copy with people in it, and a clock that a test moves.
type office struct {
	*testing.T
	db     *db.DB
	people *access.Store
	mu     sync.Mutex
	now    time.Time
	team   string
	other  string
}

const password = "herring lantern teacup"

func onBoth(t *testing.T, test func(*office)) {
	t.Helper()
	clock := &office{now: time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)}
	webtest.OnBothAt(t, clock.clock, func(t *testing.T, d *db.DB) {
		key, err := seal.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		o := &office{T: t, db: d, people: access.New(access.Config{DB: d, Key: key, Quick: true}), now: clock.clock()}
		clock.follow(o)
		o.write("", func(tx *db.Tx) error {
			org, err := o.people.AddOrganisation(tx, access.Council, "Ashmere Council")
			if err != nil {
				return err
			}
			o.team, err = o.people.AddTeam(tx, access.Team{Organisation: org, Name: "Duty team"})
			if err != nil {
				return err
			}
			o.other, err = o.people.AddTeam(tx, access.Team{Organisation: org, Name: "Other team"})
			return err
		})
		test(o)
	}, audit.Schema, access.Schema)
}

var following sync.Map

func (o *office) follow(other *office) { following.Store(o, other) }

func (o *office) clock() time.Time {
	if other, ok := following.Load(o); ok {
		return other.(*office).clock()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) later(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func (o *office) write(who string, f func(*db.Tx) error) {
	o.Helper()
	if err := o.try(who, f); err != nil {
		o.Fatal(err)
	}
}

func (o *office) try(who string, f func(*db.Tx) error) error {
	return o.db.Write(context.Background(), who, f)
}

// add makes a person with a role, and gives their id and the secret of their app.
func (o *office) add(name string, roles ...access.Role) (id, secret string) {
	o.Helper()
	hashed, err := o.people.Hash(context.Background(), password)
	if err != nil {
		o.Fatal(err)
	}
	o.write("", func(tx *db.Tx) error {
		made, err := o.people.MakePerson(tx, access.Newcomer{Name: name, Address: name + "@ashmere.example", Password: hashed}, "Waymark", o.team, roles...)
		id, secret = made.Person, made.Enrolment.Secret.Reveal()
		return err
	})
	return id, secret
}

func (o *office) code(secret string) string {
	c, err := totp.GenerateCode(secret, o.clock())
	if err != nil {
		o.Fatal(err)
	}
	return c
}

// password tries a password and writes down what came of it.
func (o *office) password(a access.Attempt) (access.Checked, access.Arrival) {
	o.Helper()
	c, err := o.people.Check(context.Background(), a)
	if err != nil {
		o.Fatal(err)
	}
	var arrival access.Arrival
	o.write("", func(tx *db.Tx) (err error) {
		arrival, err = o.people.SignIn(tx, c, "Firefox on Windows")
		return err
	})
	return c, arrival
}

func attempt(name, with, source string) access.Attempt {
	return access.Attempt{Address: name + "@ashmere.example", Password: with, Source: source}
}

// signIn goes the whole way in and gives the token.
func (o *office) signIn(name, secret string) string {
	o.Helper()
	_, arrival := o.password(attempt(name, password, "198.51.100.1"))
	if arrival.Stage != access.WantsCode {
		o.Fatalf("%s: stage %q", name, arrival.Stage)
	}
	o.later(30 * time.Second) // a code counts once
	var shown access.Shown
	o.write("", func(tx *db.Tx) (err error) {
		shown, err = o.people.ShowCode(tx, arrival.Token, o.code(secret), "")
		return err
	})
	if !shown.Right {
		o.Fatalf("%s: the code was refused", name)
	}
	return shown.Token
}

func (o *office) who(token string) access.Who {
	o.Helper()
	var who access.Who
	if err := o.db.Read(context.Background(), "", func(tx *db.Tx) (err error) {
		who, err = o.people.Authenticate(tx, token)
		return err
	}); err != nil {
		o.Fatal(err)
	}
	return who
}
