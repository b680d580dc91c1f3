package access_test

import (
	"context"
	"errors"
	"testing"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/fault"
)

func refused(o *office, what string, err, kind error) {
	o.Helper()
	if !errors.Is(err, kind) {
		o.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

func TestAnAdministratorCannotGiveThemselvesACaseRoleAlone(t *testing.T) {
	onBoth(t, func(o *office) {
		ada, secret := o.add("ada", access.Administrator)
		ben, _ := o.add("ben", access.Administrator)
		cleo, _ := o.add("cleo", access.Practitioner)
		token := o.signIn("ada", secret)
		var waiting []access.Membership
		o.write(ada, func(tx *db.Tx) error {
			waits, err := o.people.Give(tx, ada, o.team, access.Manager)
			if !waits {
				o.Error("the role counts at once")
			}
			if err != nil {
				return err
			}
			waiting, err = o.people.Waiting(tx)
			return err
		})
		if len(waiting) != 1 || o.who(token).May(access.ReadCases) {
			o.Fatalf("%+v", waiting)
		}
		agree := func(who string) error {
			return o.try(who, func(tx *db.Tx) error { return o.people.Agree(tx, waiting[0].ID) })
		}
		refused(o, "agreeing oneself", agree(ada), fault.Forbidden)
		refused(o, "nobody agreeing", agree(""), fault.Forbidden)
		if err := agree(ben); err != nil {
			o.Error(err)
		}
		if !o.who(token).May(access.ReadCases) {
			o.Error("after the second word the role does not count")
		}
		refused(o, "agreeing twice", agree(ben), fault.Conflict)

		// The other way round: somebody who opens cases becomes administrator only with a second word, too.
		o.write(ada, func(tx *db.Tx) error {
			waits, err := o.people.Give(tx, cleo, "", access.Administrator)
			if !waits {
				o.Error("somebody who opens cases became administrator on one word")
			}
			return err
		})
		// Giving up one role does not let another count that waits.
		o.write(ben, func(tx *db.Tx) error {
			if _, err := o.people.Give(tx, ben, o.team, access.Practitioner); err != nil {
				return err
			}
			mine, err := o.people.Memberships(tx, ben)
			if err != nil {
				return err
			}
			for _, m := range mine {
				if m.Role == access.Administrator {
					if err := o.people.Take(tx, m.ID); err != nil {
						return err
					}
				}
			}
			mine, err = o.people.Memberships(tx, ben)
			if len(mine) != 1 || !mine[0].Waits {
				o.Errorf("%+v", mine)
			}
			return err
		})
	})
}

func TestACopyKeepsAnAdministrator(t *testing.T) {
	onBoth(t, func(o *office) {
		ada, _ := o.add("ada", access.Administrator)
		err := o.try(ada, func(tx *db.Tx) error {
			mine, err := o.people.Memberships(tx, ada)
			if err != nil {
				return err
			}
			return o.people.Take(tx, mine[0].ID)
		})
		refused(o, "taking the last administrator's role", err, access.LastAdministrator)
		ben, _ := o.add("ben", access.Administrator)
		refused(o, "ending oneself", o.try(ben, func(tx *db.Tx) error { return o.people.End(tx, ben) }), fault.Conflict)
		o.write(ben, func(tx *db.Tx) error { return o.people.End(tx, ada) })
		err = o.try("x", func(tx *db.Tx) error { return o.people.End(tx, ben) })
		refused(o, "ending the last administrator", err, access.LastAdministrator)
	})
}

func TestWhoLeftIsSignedOutAndMayBeInvitedAgain(t *testing.T) {
	onBoth(t, func(o *office) {
		ada, _ := o.add("ada", access.Administrator)
		ben, secret := o.add("ben", access.Practitioner)
		token := o.signIn("ben", secret)
		o.write(ada, func(tx *db.Tx) error { return o.people.End(tx, ben) })
		if !o.who(token).Visitor() {
			o.Error("who left is still signed in")
		}
		if _, arrival := o.password(attempt("ben", password, "a")); arrival.Right {
			o.Error("who left can sign in")
		}
		o.write(ada, func(tx *db.Tx) error {
			if name, err := o.people.Called(tx, ben); err != nil || name.Reveal() != "ben" {
				o.Errorf("the name of who left is lost: %v", err)
			}
			_, err := o.people.Invite(tx, "Ben", "ben@ashmere.example", o.team, access.Practitioner)
			return err
		})
	})
}

func TestAnInvitationIsGoodForOneAndForAWeek(t *testing.T) {
	onBoth(t, func(o *office) {
		ada, _ := o.add("ada", access.Administrator)
		hashed, err := o.people.Hash(context.Background(), password)
		if err != nil {
			o.Fatal(err)
		}
		invite := func(address string) (token string) {
			o.write(ada, func(tx *db.Tx) (err error) {
				token, err = o.people.Invite(tx, "Cleo", address, o.team, access.Practitioner)
				return err
			})
			return token
		}
		accept := func(token string) (a access.Arrival, err error) {
			err = o.try("", func(tx *db.Tx) (err error) {
				a, err = o.people.Accept(tx, token, access.Newcomer{Name: "Cleo", Address: "mallory@elsewhere.example", Password: hashed}, "Firefox")
				return err
			})
			return a, err
		}
		used := invite("cleo@ashmere.example")
		a, err := accept(used)
		if err != nil || a.Stage != access.WantsApp {
			o.Fatalf("%+v %v", a, err)
		}
		if _, again := o.password(attempt("cleo", password, "a")); !again.Right {
			o.Error("the account is not that of the invitation's address")
		}
		_, err = accept(used)
		refused(o, "a link used twice", err, fault.Gone)
		_, err = accept("invented")
		refused(o, "an invented link", err, fault.NotFound)

		old := invite("dora@ashmere.example")
		o.later(access.InvitationLasts)
		_, err = accept(old)
		refused(o, "a link that is over", err, fault.Gone)

		gone := invite("emil@ashmere.example")
		o.write(ada, func(tx *db.Tx) error {
			open, err := o.people.Invitations(tx)
			if err != nil || len(open) != 1 || open[0].Address.Reveal() != "emil@ashmere.example" {
				o.Errorf("%v %v", open, err)
			}
			return o.people.Withdraw(tx, open[0].ID)
		})
		_, err = accept(gone)
		refused(o, "a link that was withdrawn", err, fault.Gone)

		err = o.try(ada, func(tx *db.Tx) error {
			_, err := o.people.Invite(tx, "Cleo", "CLEO@ashmere.example ", o.team, access.Practitioner)
			return err
		})
		refused(o, "an address that is taken", err, access.AddressTaken)
	})
}

func TestTheFirstLinkMakesOneAdministratorAndNoSecond(t *testing.T) {
	onBoth(t, func(o *office) {
		hashed, err := o.people.Hash(context.Background(), password)
		if err != nil {
			o.Fatal(err)
		}
		link := func() (token string) {
			o.write("", func(tx *db.Tx) (err error) {
				token, err = o.people.FirstLink(tx)
				return err
			})
			return token
		}
		accept := func(token, name string) error {
			return o.try("", func(tx *db.Tx) error {
				_, err := o.people.Accept(tx, token, access.Newcomer{Name: name, Address: name, Password: hashed}, "")
				return err
			})
		}
		before := link()
		late := link()
		refused(o, "the link of an earlier start", accept(before, "ada"), fault.Gone)
		o.later(access.FirstLinkLasts)
		refused(o, "a first link that is over", accept(late, "ada"), fault.Gone)
		good := link()
		if err := accept(good, "ada"); err != nil {
			o.Fatal(err)
		}
		refused(o, "the same link again", accept(good, "mallory"), fault.Gone)
		if again := link(); again != "" {
			o.Error("a copy with an administrator makes another first link")
		}
	})
}
