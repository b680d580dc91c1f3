package access_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/db"
)

func TestTheScreenLocksAndTheSessionEnds(t *testing.T) {
	onBoth(t, func(o *office) {
		id, secret := o.add("ada", access.Practitioner)
		token := o.signIn("ada", secret)
		unlock := func(with string) (open bool) {
			who := o.who(token)
			c, err := o.people.CheckAgain(context.Background(), who, with)
			if err != nil {
				o.Fatal(err)
			}
			o.write(id, func(tx *db.Tx) (err error) {
				open, err = o.people.Unlock(tx, who, c)
				return err
			})
			return open
		}
		o.write(id, func(tx *db.Tx) error { return o.people.Lock(tx, o.who(token)) })
		who := o.who(token)
		if !who.Locked || who.May(access.ReadCases) || who.May(access.SignedIn) || !who.May(access.Arriving) {
			o.Errorf("%+v", who)
		}
		if unlock("wrong wrong wrong") || !unlock(password) || o.who(token).Locked {
			o.Error("unlocking")
		}
		o.later(access.LockAfter)
		who = o.who(token)
		if !who.Locked {
			o.Error("an unused session does not lock itself")
		}
		o.write(id, func(tx *db.Tx) error { return o.people.Touch(tx, who) })
		if !o.who(token).Locked {
			o.Error("a look at a page opened a locked session")
		}
		if !unlock(password) {
			o.Error("unlocking after a pause")
		}
		for range 5 {
			unlock("wrong wrong wrong")
		}
		if o.who(token).Visitor() {
			o.Error("some wrong passwords ended the session too early")
		}
		unlock("wrong wrong wrong")
		if !o.who(token).Visitor() {
			o.Error("guessing at a locked screen never ends")
		}
		token = o.signIn("ada", secret)
		for range 12*4 + 1 {
			o.later(15*time.Minute - time.Second)
			o.write(id, func(tx *db.Tx) error { return o.people.Touch(tx, o.who(token)) })
		}
		if !o.who(token).Visitor() {
			o.Error("a session lasts longer than the longest")
		}
		token = o.signIn("ada", secret)
		o.later(access.EndAfter)
		if !o.who(token).Visitor() {
			o.Error("a session unused for hours did not end")
		}
	})
}

func TestAPasswordChangeSignsOutEverywhereElse(t *testing.T) {
	onBoth(t, func(o *office) {
		id, secret := o.add("ada", access.Practitioner)
		here, there := o.signIn("ada", secret), o.signIn("ada", secret)
		who := o.who(here)
		fresh, err := o.people.Hash(context.Background(), "another lantern teacup")
		if err != nil {
			o.Fatal(err)
		}
		c, err := o.people.CheckAgain(context.Background(), who, password)
		if err != nil {
			o.Fatal(err)
		}
		var token string
		o.write(id, func(tx *db.Tx) (err error) {
			token, _, err = o.people.ChangePassword(tx, who, c, fresh)
			return err
		})
		if o.who(token).ID != id || !o.who(there).Visitor() || !o.who(here).Visitor() {
			o.Error("which sessions go on is wrong")
		}
		if _, arrival := o.password(attempt("ada", password, "a")); arrival.Right {
			o.Error("the old password still opens")
		}
		if _, arrival := o.password(attempt("ada", "another lantern teacup", "a")); !arrival.Right {
			o.Error("the new password does not open")
		}
	})
}

func TestAPasswordCheckedBeforeAChangeOpensNothingAfterIt(t *testing.T) {
	onBoth(t, func(o *office) {
		id, secret := o.add("ada", access.Practitioner)
		who := o.who(o.signIn("ada", secret))
		early, err := o.people.Check(context.Background(), attempt("ada", password, "a"))
		if err != nil || !early.Right {
			o.Fatal(err)
		}
		again, err := o.people.CheckAgain(context.Background(), who, password)
		if err != nil {
			o.Fatal(err)
		}
		fresh, err := o.people.Hash(context.Background(), "another lantern teacup")
		if err != nil {
			o.Fatal(err)
		}
		o.write(id, func(tx *db.Tx) error {
			_, _, err := o.people.ChangePassword(tx, who, again, fresh)
			return err
		})
		var arrival access.Arrival
		o.write("", func(tx *db.Tx) (err error) {
			arrival, err = o.people.SignIn(tx, early, "")
			return err
		})
		if arrival.Right {
			o.Error("a password that was changed meanwhile opened a session")
		}
	})
}

func TestManySignInsAtOnceAllEndWell(t *testing.T) {
	onBoth(t, func(o *office) {
		o.add("ada", access.Practitioner)
		var wait sync.WaitGroup
		var mu sync.Mutex
		tokens := map[string]bool{}
		for i := range 12 {
			wait.Go(func() {
				c, err := o.people.Check(context.Background(), attempt("ada", password, fmt.Sprint(i)))
				if err != nil {
					o.Error(err)
					return
				}
				if err := o.try("", func(tx *db.Tx) error {
					arrival, err := o.people.SignIn(tx, c, "")
					mu.Lock()
					defer mu.Unlock()
					if err == nil && !arrival.Right {
						o.Error("refused")
					}
					tokens[arrival.Token] = true
					return err
				}); err != nil {
					o.Error(err)
				}
			})
		}
		wait.Wait()
		if len(tokens) < 12 {
			o.Errorf("%d tokens", len(tokens))
		}
	})
}

func TestNothingInTheDatabaseSaysWhoIsWho(t *testing.T) {
	onBoth(t, func(o *office) {
		_, secret := o.add("Wrenfield", access.Practitioner)
		token := o.signIn("Wrenfield", secret)
		o.write("", func(tx *db.Tx) error {
			for _, query := range []string{`select body from person`, `select address from person`, `select password from person`,
				`select authenticator from person`, `select body from session`, `select token from session`, `select guessed from brake`} {
				rows, err := db.All(tx, db.Of[[]byte], query)
				if err != nil {
					return err
				}
				for _, row := range rows {
					for _, planted := range []string{"Wrenfield", "wrenfield", "ashmere", "argon2id", secret, token, "Firefox"} {
						if bytes.Contains(row, []byte(planted)) {
							o.Errorf("%s holds %.6s…", query, planted)
						}
					}
				}
			}
			return nil
		})
		if s := fmt.Sprintf("%v %+v", o.who(token), o.who(token)); strings.Contains(s, "Wrenfield") {
			o.Error("a person prints their name")
		}
	})
}
