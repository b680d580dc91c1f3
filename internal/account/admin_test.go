package account_test

import (
	"regexp"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/db"
)

func (o *office) idOn(body []byte) string {
	o.Helper()
	found := regexp.MustCompile(`name="id" value="([^"]+)"`).FindSubmatch(body)
	if found == nil {
		o.Fatal("no button on the page")
	}
	return string(found[1])
}

func TestAnAdministratorNeedsASecondForACaseRole(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		ben := ada.invited("Ben Ames", "ben@ashmere.example", "administrator")
		me := o.id(ada.address)
		page := ada.get("/people/" + me + "/role?role=manager&team=" + o.team)
		o.says(page, "Ada Min becomes manager in Duty team, Ashmere Council", "A second administrator must agree before it counts")
		o.leads(ada.post("/people/"+me+"/role", "role", "manager", "team", o.team, "sure", "yes"), "/people/"+me+"?done=asked")
		if page := ada.get("/cases/X"); page.Status != 403 {
			o.Errorf("the role counts already: %d", page.Status)
		}
		page = ada.get("/people/waiting")
		o.says(page, "Another administrator must agree")
		id := o.idOn(page.Body)
		if page := ada.post("/people/waiting/role", "id", id, "do", "agree"); page.Status != 403 {
			o.Errorf("an administrator agreed with themselves: %d", page.Status)
		}
		o.says(ben.get("/people"), "Waiting for a second administrator: 1")
		o.leads(ben.post("/people/waiting/role", "id", id, "do", "agree"), "/people/waiting?done=agreed")
		if page := ada.get("/cases/X"); string(page.Body) != "the record" {
			o.Errorf("after the second word: %d", page.Status)
		}
	})
}

func TestRolesAreGivenAndTakenWithASecondLook(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "learner")
		id := o.id("cleo@ashmere.example")
		o.later(time.Second) // roles stand in the order in which they were given
		o.says(ada.get("/people/"+id+"/role?role=practitioner"), "Choose the team in which they have this role")
		o.says(ada.get("/people/"+id+"/role?role=practitioner&team="+o.team), "Cleo Ward becomes practitioner in Duty team", "Opens and writes the records")
		o.leads(ada.post("/people/"+id+"/role", "role", "practitioner", "team", o.team, "sure", "yes"), "/people/"+id+"?done=given")
		o.says(ada.post("/people/"+id+"/role", "role", "practitioner", "team", o.team, "sure", "yes"), "They have this role already")
		page := ada.get("/people/" + id)
		take := regexp.MustCompile(`/take\?membership=([^"]+)`).FindAllSubmatch(page.Body, -1)
		if len(take) != 2 {
			o.Fatalf("%d roles:\n%s", len(take), page.Main())
		}
		last := string(take[1][1])
		o.says(ada.get("/people/"+id+"/take?membership="+last), "Cleo Ward will not be practitioner in Duty team, Ashmere Council any more")
		o.leads(ada.post("/people/"+id+"/take", "membership", last), "/people/"+id+"?done=taken")
		if page := cleo.get("/cases/X"); page.Status != 403 {
			o.Errorf("a role that was taken still counts: %d", page.Status)
		}
		me := o.id(ada.address)
		own := regexp.MustCompile(`/take\?membership=([^"]+)`).FindSubmatch(ada.get("/people/" + me).Body)
		o.says(ada.post("/people/"+me+"/take", "membership", string(own[1])), "Somebody must stay administrator")
		o.leads(ada.post("/people/"+id+"/end"), "/people?done=left")
		o.leads(cleo.get("/account"), "/sign-in?next=%2Faccount")
		o.says(ada.get("/people/"+id), "This account ended")
		o.says(ada.post("/people/"+me+"/end"), "Nobody ends their own account")
	})
}

func TestAColleagueIsLetBackInThroughThePages(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		ben := ada.invited("Ben Ames", "ben@ashmere.example", "administrator")
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		id := o.id(cleo.address)
		o.says(ada.get("/people/"+id+"/recovery"), "Let Cleo Ward back in?", "Speak to the person first")
		o.leads(ada.post("/people/"+id+"/recovery"), "/people/"+id+"?done=recovery")
		o.leads(cleo.get("/account/start"), "/account")
		o.says(cleo.get("/account"), "Somebody asked for a new way into your account", "Ada Min asked on")
		o.says(ben.get("/operator"), "Waiting for a second administrator: 1", "somebody else at the door")
		recovery := o.idOn(ben.get("/people/waiting").Body)
		o.leads(ben.post("/people/waiting/recovery", "id", recovery, "do", "agree"), "/people/waiting?done=agreed")
		if page := ada.post("/people/waiting/recovery", "id", recovery, "do", "link"); page.Status != 409 {
			o.Errorf("a link before the day is over: %d", page.Status)
		}
		o.later(access.RecoveryDelay)
		ada.signIn()
		link := o.linkOn(ada.post("/people/waiting/recovery", "id", recovery, "do", "link"))
		back := o.visitor()
		back.address = cleo.address
		o.says(back.get(link), "two administrators vouched for you")
		o.leads(back.post(link, "password", "another lantern teacup", "again", "another lantern teacup"), "/sign-in/authenticator")
		back.readSecret(back.get("/sign-in/authenticator"))
		o.says(back.post("/sign-in/authenticator", "code", back.code()), "Your recovery codes")
		o.says(back.get("/account"), "Cleo Ward")
		o.says(o.visitor().get(link), "This link does not work")
	})
}

func TestAPassForTheNightThroughThePages(t *testing.T) {
	onBoth(t, func(o *office) {
		ada := o.firstAdministrator()
		mia := ada.invited("Mia Stone", "mia@ashmere.example", "manager")
		noor := ada.invited("Noor Khan", "noor@ashmere.example", "manager")
		cleo := ada.invited("Cleo Ward", "cleo@ashmere.example", "practitioner")
		whom := o.team + "/" + o.id(cleo.address)
		if page := ada.get("/passes/give"); page.Status != 403 {
			o.Errorf("an administrator gives passes: %d", page.Status)
		}
		o.says(mia.get("/passes/give"), "Give a pass", "Cleo Ward, Duty team, Ashmere Council")
		o.says(mia.post("/passes/give", "whom", "", "hours", "6", "why", ""), "Choose somebody of your team", "Write in a sentence why")
		page := mia.post("/passes/give", "whom", whom, "hours", "6", "why", "Her telephone was stolen; I rang her desk.")
		o.says(page, "The pass for Cleo Ward", "never again")
		code := codeOnPage.FindString(string(page.Body))
		night := o.visitor()
		o.leads(night.post("/sign-in", "address", cleo.address, "password", password), "/sign-in/code")
		o.leads(night.post("/sign-in/code", "code", code), "/account/start")
		if page := night.get("/cases/X"); string(page.Body) != "the record" {
			o.Errorf("%d %s", page.Status, page.Words())
		}
		o.says(night.get("/account"), "A pass of your duty manager lets you in until 25 November 2026 at 04:")
		o.says(night.post("/account/codes", "code", code), "This code is not right") // a pass makes nobody's codes
		o.says(noor.get("/passes"), "Cleo Ward", "Given by Mia Stone", "Her telephone was stolen", "End it now")
		o.says(ada.get("/operator"), "1 not looked at yet")
		o.later(6 * time.Hour)
		o.leads(night.get("/cases/X"), "/sign-in?next=%2Fcases%2FX")
		noor.signIn()
		page = noor.get("/passes")
		id := o.idOn(page.Body)
		mia.signIn()
		o.says(mia.get("/passes"), "Somebody else must look at this one")
		if page := mia.post("/passes", "id", id, "do", "review"); page.Status != 403 {
			o.Errorf("a manager reviewed their own pass: %d", page.Status)
		}
		o.leads(noor.post("/passes", "id", id, "do", "review"), "/passes?done=reviewed")
		o.says(noor.get("/passes"), "No pass waits to be looked at")
	})
}

func TestAFirstLinkIsWorthNothingOnceThereIsAnAdministrator(t *testing.T) {
	onBoth(t, func(o *office) {
		var token string
		o.write(func(tx *db.Tx) (err error) {
			token, err = o.people.FirstLink(tx)
			return err
		})
		hashed, err := o.people.Hash(ctx, password)
		o.must(err)
		o.write(func(tx *db.Tx) error { // from the command line, meanwhile
			_, err := o.people.MakeAdministrator(tx, access.Newcomer{Name: "Ada", Address: "ada", Password: hashed}, "Waymark")
			return err
		})
		o.says(o.visitor().get("/invitation/"+token), "This link does not work")
	})
}
