package access_test

import (
	"context"
	"net/url"
	"slices"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/fault"
)

func TestAColleagueIsLetBackInByTwoAfterADay(t *testing.T) {
	onBoth(t, func(o *office) {
		ada, _ := o.add("ada", access.Administrator)
		ben, _ := o.add("ben", access.Administrator)
		cleo, secret := o.add("cleo", access.Practitioner)
		token := o.signIn("cleo", secret)
		ask := func(who, whom string) error {
			return o.try(who, func(tx *db.Tx) error { return o.people.AskRecovery(tx, whom) })
		}
		id := func() string {
			var all []access.Recovery
			o.write("", func(tx *db.Tx) (err error) {
				all, err = o.people.Recoveries(tx, cleo)
				return err
			})
			if len(all) != 1 {
				o.Fatalf("%d recoveries", len(all))
			}
			return all[0].ID
		}
		link := func() (token string, err error) {
			recovery := id()
			err = o.try(ada, func(tx *db.Tx) (err error) {
				token, err = o.people.RecoveryToken(tx, recovery)
				return err
			})
			return token, err
		}
		refused(o, "recovering oneself", ask(ada, ada), fault.Forbidden)
		if err := ask(ada, cleo); err != nil {
			o.Fatal(err)
		}
		refused(o, "asking twice", ask(ben, cleo), fault.Conflict)
		recovery := id()
		refused(o, "agreeing alone", o.try(ada, func(tx *db.Tx) error { return o.people.AgreeRecovery(tx, recovery) }), fault.Forbidden)
		_, err := link()
		refused(o, "a link before the second word", err, fault.Conflict)
		refused(o, "agreeing for oneself", o.try(cleo, func(tx *db.Tx) error { return o.people.AgreeRecovery(tx, recovery) }), fault.Forbidden)
		o.write(ben, func(tx *db.Tx) error { return o.people.AgreeRecovery(tx, recovery) })
		o.later(access.RecoveryDelay - time.Second)
		_, err = link()
		refused(o, "a link before the day is over", err, fault.Conflict)
		o.later(time.Second)
		good, err := link()
		if err != nil {
			o.Fatal(err)
		}
		fresh, err := o.people.Hash(context.Background(), "another lantern teacup")
		if err != nil {
			o.Fatal(err)
		}
		recover := func() (a access.Arrival, err error) {
			err = o.try("", func(tx *db.Tx) (err error) {
				a, err = o.people.Recover(tx, good, fresh, "")
				return err
			})
			return a, err
		}
		a, err := recover()
		if err != nil || a.Stage != access.WantsApp || a.Person != cleo {
			o.Fatalf("%+v %v", a, err)
		}
		if !o.who(token).Visitor() {
			o.Error("the sessions from before go on")
		}
		_, err = recover()
		refused(o, "the link a second time", err, fault.Gone)

		// The person whose account it is can stop it.
		if err := ask(ada, cleo); err != nil {
			o.Fatal(err)
		}
		stopped := id()
		o.write(cleo, func(tx *db.Tx) error { return o.people.StopRecovery(tx, stopped) })
		refused(o, "agreeing to what was stopped", o.try(ben, func(tx *db.Tx) error { return o.people.AgreeRecovery(tx, stopped) }), fault.NotFound)
	})
}

func TestADutySupervisorsPassLetsAColleagueInForTheNight(t *testing.T) {
	onBoth(t, func(o *office) {
		mia, secret := o.add("mia", access.Manager)
		noor, _ := o.add("noor", access.Manager)
		cleo, _ := o.add("cleo", access.Practitioner)
		o.write("", func(tx *db.Tx) error {
			_, err := o.people.Give(tx, cleo, o.other, access.Practitioner)
			return err
		})
		manager := o.who(o.signIn("mia", secret))
		give := func(by access.Who, whom, team string, lasts time.Duration) (code string, err error) {
			err = o.try(by.ID, func(tx *db.Tx) (err error) {
				code, err = o.people.GivePass(tx, by, whom, team, "lost her telephone", lasts)
				return err
			})
			return code, err
		}
		_, err := give(manager, mia, o.team, time.Hour)
		refused(o, "a pass for oneself", err, fault.Forbidden)
		_, err = give(manager, cleo, o.other, time.Hour)
		refused(o, "a pass of another team", err, fault.Forbidden)
		_, err = give(manager, cleo, o.team, 24*time.Hour)
		refused(o, "a pass for a day", err, fault.Invalid)
		weak := manager
		weak.SecondFactor = false
		_, err = give(weak, cleo, o.team, time.Hour)
		refused(o, "a pass by somebody without a code", err, fault.Forbidden)
		code, err := give(manager, cleo, o.team, 6*time.Hour)
		if err != nil {
			o.Fatal(err)
		}
		_, arrival := o.password(attempt("cleo", password, "a"))
		var shown access.Shown
		o.write("", func(tx *db.Tx) (err error) {
			shown, err = o.people.ShowCode(tx, arrival.Token, " "+code+" ", "")
			return err
		})
		who := o.who(shown.Token)
		if !shown.Pass || who.ID != cleo || who.SecondFactor || !who.May(access.ReadCases) || !who.May(access.WriteCases) {
			o.Errorf("%+v", who)
		}
		if !slices.Equal(who.Teams(), []string{o.team}) {
			o.Errorf("the pass opens teams whose manager did not vouch: %v", who.Teams())
		}
		var open []access.NightPass
		review := func(by access.Who) error {
			return o.try(by.ID, func(tx *db.Tx) error { return o.people.ReviewPass(tx, by, open[0].ID) })
		}
		o.write(mia, func(tx *db.Tx) (err error) {
			open, err = o.people.PassesToReview(tx, manager)
			return err
		})
		if len(open) != 1 || open[0].Used.IsZero() || open[0].Why.Reveal() != "lost her telephone" {
			o.Fatalf("%+v", open)
		}
		other := access.Who{ID: noor, SecondFactor: true, Held: map[string][]access.Role{o.team: {access.Manager}}}
		refused(o, "reviewing a pass that still opens", review(other), fault.Conflict)
		o.later(4*time.Hour - time.Minute)
		if !o.who(shown.Token).Locked {
			o.Error("not locked")
		}
		o.later(3 * time.Hour)
		if !o.who(shown.Token).Visitor() {
			o.Error("the pass is over and the session goes on")
		}
		refused(o, "reviewing one's own", review(manager), fault.Forbidden)
		if err := review(other); err != nil {
			o.Error(err)
		}

		code, err = give(manager, cleo, o.team, time.Hour)
		if err != nil {
			o.Fatal(err)
		}
		_, arrival = o.password(attempt("cleo", password, "a"))
		o.write("", func(tx *db.Tx) (err error) {
			shown, err = o.people.ShowCode(tx, arrival.Token, code, "")
			return err
		})
		o.write(noor, func(tx *db.Tx) (err error) {
			if open, err = o.people.PassesToReview(tx, other); err != nil {
				return err
			}
			return o.people.EndPass(tx, other, open[0].ID)
		})
		if !o.who(shown.Token).Visitor() {
			o.Error("a pass was ended and the session goes on")
		}
	})
}

func TestARecoveryCodeCountsOnceAndNewOnesReplaceAll(t *testing.T) {
	onBoth(t, func(o *office) {
		id, _ := o.add("ada", access.Practitioner)
		var codes []string
		o.write(id, func(tx *db.Tx) (err error) {
			codes, err = o.people.NewCodes(tx, id)
			return err
		})
		show := func(code string) (shown access.Shown) {
			_, arrival := o.password(attempt("ada", password, "a"))
			o.write("", func(tx *db.Tx) (err error) {
				shown, err = o.people.ShowCode(tx, arrival.Token, code, "")
				return err
			})
			return shown
		}
		if shown := show(codes[0]); !shown.Right || shown.Left != 9 || !o.who(shown.Token).SecondFactor {
			o.Errorf("%+v", shown)
		}
		if show(codes[0]).Right {
			o.Error("a recovery code was taken twice")
		}
		old := codes[1]
		o.write(id, func(tx *db.Tx) (err error) {
			codes, err = o.people.NewCodes(tx, id)
			return err
		})
		if show(old).Right || !show(codes[9]).Right {
			o.Error("new codes did not replace the old")
		}
	})
}

func TestWhatALockedScreenSentIsKeptForItsOwner(t *testing.T) {
	onBoth(t, func(o *office) {
		ada, _ := o.add("ada", access.Practitioner)
		ben, _ := o.add("ben", access.Practitioner)
		form := url.Values{"words": {"She said his name."}}
		o.write(ada, func(tx *db.Tx) error {
			if err := o.people.Hold(tx, access.Who{ID: ada}, "/cases/K/notes", url.Values{"words": {"She said"}}); err != nil {
				return err
			}
			return o.people.Hold(tx, access.Who{ID: ada}, "/cases/K/notes", form)
		})
		held := func(who string) (all []access.Held) {
			o.write(who, func(tx *db.Tx) (err error) {
				all, err = o.people.HeldOf(tx, who)
				return err
			})
			return all
		}
		mine := held(ada)
		if len(mine) != 1 || mine[0].Form.Get("words") != "She said his name." || len(held(ben)) != 0 {
			o.Fatalf("%+v", mine)
		}
		o.later(access.Longest)
		if len(held(ada)) != 0 {
			o.Error("what was held waits for ever")
		}
		o.later(time.Second)
		o.write("", o.people.Sweep)
		o.write("", func(tx *db.Tx) error {
			n, err := db.One(tx, db.Of[int64], `select count(id) from held`)
			if n != 0 {
				o.Error("what nobody came back for is still in the database")
			}
			return err
		})
		o.write(ada, func(tx *db.Tx) error { return o.people.Release(tx, ada, mine[0].ID) })
	})
}
