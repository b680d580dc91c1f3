package account_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

func TestFromAnEmptyCopyToAColleagueWhoOpensARecord(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		o.says(ada.get("/people"), "Ada Min", "administrator")
		if page := ada.get("/cases/X"); page.Status != 403 {
			o.Errorf("an administrator opens a record: %d", page.Status)
		}
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		if page := cleo.get("/cases/X"); string(page.Body) != "the record" {
			o.Errorf("%d %s", page.Status, page.Words())
		}
		if page := cleo.get("/people"); page.Status != 403 {
			o.Errorf("a practitioner sees the people: %d", page.Status)
		}
		o.leads(cleo.get("/account/start"), "/cases/X")
		o.leads(ada.get("/account/start"), "/people")
		o.says(cleo.get("/account"), "Cleo Ward", "practitioner in Duty team, Ashmere Council", "10 not used yet", "this one", "Everybody here has a role in this team")
		o.leads(cleo.post("/sign-out"), "/signed-out")
		o.leads(cleo.get("/cases/X"), "/sign-in?next=%2Fcases%2FX")
		o.leads(cleo.post("/sign-in", "address", "Cleo@Ashmere.example", "password", password, "next", "/cases/X", "keep", "yes"), "/sign-in/code?keep=yes&next=%2Fcases%2FX")
		o.leads(cleo.post("/sign-in/code", "code", cleo.freshCode(), "next", "/cases/X", "keep", "yes"), "/cases/X")
		if cleo.device == "" {
			o.Error("the browser is not known again")
		}
	})
}

// ids are of one run only.
var ids = regexp.MustCompile(`/[0-9a-hj-km-np-z]{26}`)

func TestThePagesReadAsTheyShould(t *testing.T) {
	onBoth(t, func(o *office) {
		o.visitor().get("/sign-in").Golden("sign-in")
		ada := o.firstAdministrator()
		ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		for name, path := range map[string]string{"invite": "/people/invite", "people": "/people", "organisations": "/organisations", "account": "/account",
			"waiting": "/people/waiting", "password": "/account/password"} {
			webtest.Golden(t, name+".page.txt", ids.ReplaceAllString(ada.get(path).Main(), "/…"))
		}
	})
}

func TestAFormerSessionIsOverAndAPlantedTokenOpensNothing(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		before := ada.token
		ada.signIn()
		if ada.token == before {
			o.Error("the token is the same after signing in")
		}
		old := &person{o: o, token: before}
		o.leads(old.get("/account"), "/sign-in?next=%2Faccount")
		planted := &person{o: o, token: "planted", secret: ada.secret, address: ada.address}
		planted.signIn()
		if planted.token == "planted" {
			o.Error("a planted token became a session")
		}
		half := &person{o: o}
		o.leads(half.post("/sign-in", "address", ada.address, "password", password), "/sign-in/code")
		read := half.token
		half.secret = ada.secret
		o.leads(half.post("/sign-in/code", "code", half.freshCode()), "/account/start")
		o.leads((&person{o: o, token: read}).get("/account"), "/sign-in?next=%2Faccount")
	})
}

func TestNoPageTellsAStrangerWhoHasAnAccount(t *testing.T) {
	onBoth(t, func(o *office) {
		o.firstAdministrator()
		var pages []string
		for _, address := range []string{"ada@ashmere.example", "nobody@ashmere.example"} {
			page := o.visitor().post("/sign-in", "address", address, "password", "not the password")
			if page.Status != 422 {
				o.Errorf("status %d", page.Status)
			}
			pages = append(pages, strings.ReplaceAll(page.Words(), address, "…"))
			if _, set := page.Cookie(webtest.SessionCookie); set {
				o.Error("a failed try sets a cookie")
			}
		}
		if pages[0] != pages[1] {
			o.Errorf("known:\n%s\nunknown:\n%s", pages[0], pages[1])
		}
		for _, path := range []string{"/invitation/x", "/recovery/x"} {
			o.says(o.visitor().get(path), "This link does not work")
			o.says(o.visitor().post(path, "password", password, "again", password), "This link does not work")
		}
		if strings.Contains(o.log.String(), "ashmere.example") || strings.Contains(o.log.String(), "not the password") {
			o.Error("the log holds what was typed")
		}
	})
}

func TestAnExpiredAndAUsedLinkSayTheSame(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		page := ada.post("/people/invite", "name", "Cleo", "address", "cleo@ashmere.example", "role", "learner", "team", o.team)
		link := o.linkOn(page)
		cleo := o.visitor()
		o.says(cleo.get(link), "learner in Duty team, Ashmere Council", "cleo@ashmere.example")
		o.says(cleo.post(link, "name", "Cleo", "password", "short", "again", "short"), "at least 14 characters")
		o.says(cleo.post(link, "name", "Cleo", "password", password, "again", password+"x"), "The two passwords are not the same")
		o.says(cleo.post(link, "name", "", "password", password, "again", password), "Write a name")
		o.says(cleo.post(link, "name", "Cleo", "password", "cleo-Cleo-cleo-2026", "again", "cleo-Cleo-cleo-2026"), "Programs try this password early")
		// A learner needs no second factor, and is in at once.
		o.leads(cleo.post(link, "name", "Cleo", "password", password, "again", password), "/account/start")
		o.says(o.visitor().get(link), "This link does not work")
		old := o.linkOn(ada.post("/people/invite", "name", "Dora", "address", "dora@ashmere.example", "role", "learner", "team", o.team))
		o.later(access.InvitationLasts)
		o.says(o.visitor().get(old), "This link does not work")
	})
}

func TestTheScreenIsLockedAndWhatWasTypedIsKept(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		o.leads(cleo.post("/account/lock", "next", "/cases/X", "path", "/cases/X/notes", "form", url.Values{"words": {"She said his name."}}.Encode()), "/account/lock?next=%2Fcases%2FX")
		o.leads(cleo.get("/cases/X"), "/account/lock?next=%2Fcases%2FX")
		page := cleo.get("/account/lock?next=/cases/X")
		o.says(page, "Locked", "Cleo Ward, your password opens the screen again")
		if page.Has("Lock the screen") {
			o.Error("a locked page offers to lock it")
		}
		if page.Has("She said") {
			o.Error("the words are still on the screen")
		}
		o.says(cleo.post("/account/unlock", "password", "wrong wrong wrong", "next", "/cases/X"), "The password is not right")
		o.leads(cleo.post("/account/unlock", "password", password, "next", "/cases/X"), "/account/kept?next=%2Fcases%2FX")
		page = cleo.get("/account/kept?next=/cases/X")
		o.says(page, "What you typed was kept", "She said his name.")
		if page := cleo.post("/cases/X/notes", "words", "She said his name."); string(page.Body) != "saved: She said his name." {
			o.Errorf("%s", page.Body)
		}
		id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(string(page.Body))[1]
		o.leads(cleo.post("/account/kept", "id", id, "next", "/cases/X"), "/cases/X")

		// A form that arrives after the screen locked itself is kept, too.
		o.later(access.LockAfter)
		o.leads(cleo.post("/cases/X/notes", "words", "And then she left."), "/account/lock")
		o.leads(cleo.post("/account/unlock", "password", password), "/account/kept")
		o.says(cleo.get("/account/kept"), "And then she left.")

		// Nobody's password is kept.
		o.later(access.LockAfter)
		cleo.post("/account/password", "old", password, "password", "a secret of mine", "again", "a secret of mine")
		cleo.post("/account/unlock", "password", password)
		if cleo.get("/account/kept").Has("a secret of mine") {
			o.Error("a password was kept")
		}
	})
}

func TestAPasswordChangeAsksForTheCodeAndSignsOutEverywhereElse(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		there := &person{o: o, secret: cleo.secret, address: cleo.address}
		there.signIn()
		const fresh = "another lantern teacup"
		o.says(cleo.post("/account/password", "old", "wrong wrong wrong", "password", fresh, "again", fresh, "code", cleo.freshCode()), "The password is not right")
		o.says(cleo.post("/account/password", "old", password, "password", fresh, "again", fresh, "code", "000000"), "This code is not right")
		o.says(cleo.post("/account/password", "old", password, "password", fresh, "again", fresh), "This code is not right")
		before := cleo.token
		o.leads(cleo.post("/account/password", "old", password, "password", fresh, "again", fresh, "code", cleo.freshCode()), "/account?done=password")
		o.says(cleo.get("/account?done=password"), "You are signed out everywhere else")
		if cleo.token == before {
			o.Error("the token is the same")
		}
		o.leads(there.get("/account"), "/sign-in?next=%2Faccount")
		o.says(o.visitor().post("/sign-in", "address", cleo.address, "password", password), "is not right")
	})
}

func TestSessionsAreSeenAndEndedByTheirOwner(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		there, third := &person{o: o, secret: ada.secret, address: ada.address}, &person{o: o, secret: ada.secret, address: ada.address}
		there.signIn()
		third.signIn()
		var newest string
		o.write(func(tx *db.Tx) error {
			all, err := o.people.Sessions(tx, o.idIn(tx, "ada@ashmere.example"))
			newest = all[0].ID // the third
			return err
		})
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		if page := cleo.post("/account/sessions", "id", newest); page.Status != 404 {
			o.Errorf("somebody ended another's session: %d", page.Status)
		}
		o.leads(ada.post("/account/sessions", "id", newest), "/account?done=ended")
		o.leads(third.get("/account"), "/sign-in?next=%2Faccount")
		o.says(there.get("/account"), "Ada Min")
		o.leads(ada.post("/account/sessions"), "/account?done=ended")
		o.leads(there.get("/account"), "/sign-in?next=%2Faccount")
		o.says(ada.get("/account"), "this one")
	})
}

func (o *office) idIn(tx *db.Tx, address string) string {
	all, err := o.people.People(tx)
	o.must(err)
	for _, p := range all {
		if p.Address.Reveal() == address {
			return p.ID
		}
	}
	return ""
}

func TestARecoveryCodeANewAuthenticatorAndNewCodes(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		page := ada.post("/people/invite", "name", "Cleo", "address", "cleo@ashmere.example", "role", "practitioner", "team", o.team)
		cleo := o.visitor()
		codes := cleo.accept(o.linkOn(page), "Cleo", "cleo@ashmere.example")
		if len(codes) != 10 {
			o.Fatalf("%d codes", len(codes))
		}
		o.leads(cleo.post("/sign-in", "address", cleo.address, "password", password), "/sign-in/code")
		o.leads(cleo.post("/sign-in/code", "code", strings.ToUpper(codes[0])), "/account")
		o.says(cleo.get("/account"), "9 not used yet")
		o.leads(cleo.post("/account/authenticator", "password", password, "code", codes[1]), "/account/authenticator/new")
		old := cleo.secret
		cleo.readSecret(cleo.get("/account/authenticator/new"))
		if cleo.secret == old {
			o.Fatal("the secret is the old one")
		}
		o.says(cleo.post("/account/authenticator/new", "code", cleo.code()), "Your recovery codes")
		cleo.signIn()
		o.says(cleo.post("/account/codes", "code", codes[2]), "This code is not right") // the codes of before are gone
		page = cleo.post("/account/codes", "code", cleo.freshCode())
		o.says(page, "Your recovery codes")
		if again := codeOnPage.FindAllString(string(page.Body), -1); len(again) != 10 || again[0] == codes[0] {
			o.Error("the new codes are the old ones")
		}
	})
}

func TestEveryActLeavesItsTrace(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		cleo.post("/sign-out")
		cleo.post("/sign-in", "address", cleo.address, "password", "wrong wrong wrong")
		cleo.signIn()
		cleo.get("/people")
		var acts []string
		o.write(func(tx *db.Tx) (err error) {
			acts, err = db.All(tx, db.Of[string], `select distinct act from audit_entry order by act`)
			return err
		})
		got := strings.Join(acts, " ")
		for _, want := range []audit.Act{audit.SignedIn, audit.SignInFailed, audit.SignedOut, audit.Refused, access.Invited, access.InvitationAccepted, access.FirstLinkMade,
			access.RoleGiven, access.PersonJoined, access.AuthenticatorChanged, access.CodesMade, access.OrganisationMade, access.TeamMade} {
			if !strings.Contains(got, string(want)) {
				o.Errorf("%s left no trace: %s", want, got)
			}
		}
	})
}

func TestGuessesAreSlowedInWords(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		mallory := o.visitor()
		var page *webtest.Page
		for range 8 {
			page = mallory.post("/sign-in", "address", ada.address, "password", "guess guess guess")
		}
		o.says(page, "There were too many tries", "Nothing is locked")
		o.later(31 * time.Second)
		ada.signIn()
	})
}
