package access_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

func TestSomebodySignsInWithPasswordAndCode(t *testing.T) {
	onBoth(t, func(o *office) {
		id, secret := o.add("ada", access.Practitioner)
		_, arrival := o.password(attempt("ADA", password, "a")) // capitals in an address do not matter
		if !arrival.Right || arrival.Stage != access.WantsCode {
			t.Fatalf("%+v", arrival)
		}
		if who := o.who(arrival.Token); !who.Visitor() {
			o.Error("the password alone opened a session")
		}
		code := o.code(secret)
		var shown access.Shown
		o.write("", func(tx *db.Tx) (err error) {
			shown, err = o.people.ShowCode(tx, arrival.Token, code, "")
			return err
		})
		who := o.who(shown.Token)
		if who.ID != id || who.Name.Reveal() != "ada" || !who.SecondFactor || len(who.Teams()) != 1 || who.Teams()[0] != o.team {
			o.Errorf("%+v", who)
		}
		if old := o.who(arrival.Token); !old.Visitor() {
			o.Error("the token from before the code still opens the session: a planted one would, too")
		}
		_, again := o.password(attempt("ada", password, "a"))
		o.write("", func(tx *db.Tx) (err error) {
			shown, err = o.people.ShowCode(tx, again.Token, code, "")
			return err
		})
		if shown.Right {
			o.Error("a code was taken twice")
		}
	})
}

func TestAWrongPasswordAndAnUnknownNameLookAlike(t *testing.T) {
	onBoth(t, func(o *office) {
		o.add("ada", access.Practitioner)
		for _, a := range []access.Attempt{attempt("ada", "wrong wrong wrong", "a"), attempt("nobody", password, "b"), attempt("", "", "c")} {
			if c, arrival := o.password(a); c.Right || arrival.Right || arrival.Token != "" || c.Wait != 0 {
				o.Errorf("%+v %+v", c, arrival)
			}
		}
	})
}

// The time an answer takes is that of the hash, and one is made either way. Means are compared, since single ones differ.
func TestTheTimeOfAnAnswerDoesNotTellWhoHasAnAccount(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of hashing")
	}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	d := webtest.OpenDB(t, webtest.SQLite(t, time.Now), audit.Schema, access.Schema)
	people := access.New(access.Config{DB: d, Key: key})
	hashed, err := people.Hash(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(context.Background(), "", func(tx *db.Tx) error {
		_, err := people.MakeAdministrator(tx, access.Newcomer{Name: "ada", Address: "ada@ashmere.example", Password: hashed}, "Waymark")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	took := map[string]time.Duration{}
	for i := range 9 {
		for _, name := range []string{"ada", "nobody"} {
			began := time.Now()
			if _, err := people.Check(context.Background(), attempt(name, "wrong wrong wrong", fmt.Sprint(name, i))); err != nil {
				t.Fatal(err)
			}
			if i > 0 { // the first makes the password of nobody
				took[name] += time.Since(began)
			}
		}
	}
	ratio := float64(took["ada"]) / float64(took["nobody"])
	t.Logf("known %v, unknown %v, ratio %.3f", took["ada"]/8, took["nobody"]/8, ratio)
	if ratio < 0.6 || ratio > 1.6 {
		t.Errorf("known names take %v, unknown ones %v", took["ada"]/8, took["nobody"]/8)
	}
}

func TestAnAttackerWhoGuessesAllTheTimeLocksNobodyOut(t *testing.T) {
	onBoth(t, func(o *office) {
		id, secret := o.add("ada", access.Practitioner)
		o.signIn("ada", secret)
		var device string
		o.write(id, func(tx *db.Tx) (err error) {
			device, err = o.people.KnowDevice(tx, id)
			return err
		})
		looked, refused := 0, 0
		for range 400 { // a guess each second, for some minutes
			c, _ := o.password(attempt("ada", "guess guess guess", "203.0.113.9"))
			if c.Wait > 0 {
				refused++
			} else {
				looked++
			}
			if c.Wait > 30*time.Second {
				o.Fatalf("a wait of %v is a lock", c.Wait)
			}
			o.later(time.Second)
		}
		if looked > 30 || refused < 370 {
			o.Errorf("of 400 guesses %d were looked at", looked)
		}
		for what, a := range map[string]access.Attempt{
			"from a browser that is known, even at the attacker's own address": {Address: "ada@ashmere.example", Password: password, Device: device, Source: "203.0.113.9"},
			"from another address, in a browser not seen before":               attempt("ada", password, "198.51.100.7"),
		} {
			began := time.Now()
			c, arrival := o.password(a)
			if !arrival.Right || c.Wait > 0 {
				o.Errorf("the owner, %s, did not get in: %+v", what, c)
			}
			if took := time.Since(began); took > 5*time.Second {
				o.Errorf("the owner, %s, waited %v", what, took)
			}
		}
		// And at the attacker's own address in a new browser, they wait for as long as the longest wait, and no longer.
		o.later(30 * time.Second)
		if _, arrival := o.password(attempt("ada", password, "203.0.113.9")); !arrival.Right {
			o.Error("after the longest wait the owner did not get in")
		}
		// Somebody else at the attacker's address is slowed by the brake of the address alone.
		o.add("ben", access.Practitioner)
		if c, _ := o.password(attempt("ben", password, "203.0.113.9")); c.Wait > 15*time.Second {
			o.Errorf("a neighbour waits %v", c.Wait)
		}
	})
}

func TestAStolenDeviceTokenGuessesNoFasterForLong(t *testing.T) {
	onBoth(t, func(o *office) {
		id, _ := o.add("ada", access.Practitioner)
		var device string
		o.write(id, func(tx *db.Tx) (err error) {
			device, err = o.people.KnowDevice(tx, id)
			return err
		})
		looked := 0
		for range 300 {
			a := attempt("ada", "guess guess guess", "203.0.113.9")
			a.Device = device
			if c, _ := o.password(a); c.Wait == 0 {
				looked++
			}
			o.later(time.Second)
		}
		if looked > 30 {
			o.Errorf("%d of 300 guesses were looked at", looked)
		}
	})
}

func TestGuessingCodesIsSlowedAndEndsTheWayIn(t *testing.T) {
	onBoth(t, func(o *office) {
		_, secret := o.add("ada", access.Practitioner)
		looked := 0
		for range 60 {
			_, arrival := o.password(attempt("ada", password, "203.0.113.9"))
			for range 10 {
				var shown access.Shown
				err := o.try("", func(tx *db.Tx) (err error) {
					shown, err = o.people.ShowCode(tx, arrival.Token, "000000", "")
					return err
				})
				if errors.Is(err, fault.NotFound) {
					break // the way in has ended
				}
				if err != nil {
					o.Fatal(err)
				}
				if shown.Wait == 0 {
					looked++
				}
				if shown.Wait > 5*time.Minute {
					o.Fatalf("a wait of %v", shown.Wait)
				}
			}
			o.later(time.Second)
		}
		if looked > 20 {
			o.Errorf("%d codes were looked at in a minute", looked)
		}
		o.later(5 * time.Minute)
		o.signIn("ada", secret)
	})
}
