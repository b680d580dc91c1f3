package account_test

import (
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

// inBrowser is a copy on SQLite for a real browser, which needs no second database to show how a page looks.
func inBrowser(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, now: evening}
	o.db = webtest.OpenDB(t, webtest.SQLite(t, o.clock), audit.Schema, access.Schema)
	o.open()
	return o
}

// look takes one page as a person meets it: nothing too wide, nothing that axe has to say, a picture.
func look(tab *webtest.Tab, name string) {
	tab.FitsAcross()
	tab.Shot(name)
	webtest.Scripts(tab)
	tab.AxeClean()
	webtest.NoScripts(tab)
}

// The whole way from the printed link to a colleague at work, without scripts, on the windows of a desk and of a phone.
func TestFromThePrintedLinkToAColleagueAtWorkWithoutScripts(t *testing.T) {
	for name, window := range map[string]webtest.Setting{"desk": webtest.Window(1280, 900), "phone": webtest.Phone} {
		t.Run(name, func(t *testing.T) {
			o := inBrowser(t)
			var token string
			o.write(func(tx *db.Tx) (err error) {
				token, err = o.people.FirstLink(tx)
				return err
			})
			base := strings.Replace(o.house.URL(), "127.0.0.1", "localhost", 1)
			tab := webtest.Browser(t, webtest.NoScripts, window)
			must := func(words ...string) {
				t.Helper()
				for _, w := range words {
					for wait := 0; !tab.Has(w) && wait < 100; wait++ { // a busy machine takes its time to show the next page
						time.Sleep(100 * time.Millisecond)
					}
					if !tab.Has(w) {
						t.Fatalf("%s does not say %q:\n%s", tab.Address(), w, tab.Words())
					}
				}
			}
			ada := &person{o: o}
			enrol := func() {
				t.Helper()
				must("Set up your authenticator")
				var width int
				tab.Eval(`document.querySelector('main img').naturalWidth`, &width)
				if width == 0 {
					t.Error("the picture to scan is not shown")
				}
				look(tab, "authenticator-"+name)
				var seen bool
				if tab.Eval(`document.querySelector('.wm-qr').naturalWidth > 0`, &seen); !seen {
					t.Error("the picture to scan does not show")
				}
				tab.Press("I cannot scan it")
				var secret string
				tab.Eval(`document.querySelector('.wm-secret').textContent`, &secret)
				ada.secret = strings.ReplaceAll(secret, " ", "")
				tab.Type("Code from the app", ada.freshCode())
				tab.Press("Continue")
				must("Your recovery codes")
				look(tab, "codes-"+name)
				tab.Press("I have kept them")
			}
			tab.Open(base + "/invitation/" + token)
			must("Make the first administrator")
			tab.Press("Continue")
			must("Write a name")
			look(tab, "first-wrong-"+name)
			tab.Type("Name", "Ada Min")
			tab.Type("E-mail address or sign-in name", "ada@ashmere.example")
			tab.Type("New password", password)
			tab.Type("The new password again", password)
			look(tab, "first-"+name)
			tab.Press("Continue")
			enrol()
			must("People", "Ada Min")
			tab.Press("Organisations and teams")
			must("Add an organisation")
			tab.Type("Name of the organisation", "Ashmere Council")
			tab.Tick("Council")
			look(tab, "organisations-"+name)
			tab.Press("Add it")
			must("Add a team to Ashmere Council")
			tab.Type("Name of the team", "Duty team")
			tab.Type("How other teams reach it", "Ring the front door")
			look(tab, "team-"+name)
			tab.Press("Add the team")
			must("The team is there")
			tab.Open(base + "/people/invite")
			tab.Type("Name", "Cleo Ward")
			tab.Type("E-mail address or sign-in name", "cleo@ashmere.example")
			tab.Tick("Practitioner")
			tab.Choose("Team", "Duty team, Ashmere Council")
			look(tab, "invite-"+name)
			tab.Press("Make the link")
			must("The invitation for Cleo Ward")
			look(tab, "invited-"+name)
			var link string
			tab.Eval(`document.getElementById('link').textContent`, &link)
			tab.Open(base + "/people")
			look(tab, "people-"+name)
			tab.Press("Open Ada Min")
			must("Give a role", "administrator")
			look(tab, "person-"+name)
			tab.Press("Sign out")
			must("You are signed out")
			look(tab, "out-"+name)

			tab.Open(link)
			must("You are invited as practitioner in Duty team, Ashmere Council")
			tab.Type("New password", password)
			tab.Type("The new password again", password)
			look(tab, "accept-"+name)
			tab.Press("Continue")
			enrol()
			tab.Open(base + "/account")
			must("Where you are signed in", "10 not used yet")
			look(tab, "account-"+name)
			tab.Press("Lock the screen")
			must("Locked", "Cleo Ward, your password opens the screen again")
			look(tab, "locked-"+name)
			tab.Type("Password", password)
			tab.Press("Unlock")
			must("Your account")
			tab.Press("Change Password")
			must("Change your password")
			look(tab, "password-"+name)
			tab.Press("Sign out")
			must("You are signed out")

			tab.Open(base + "/sign-in")
			look(tab, "sign-in-"+name)
			tab.Type("E-mail address or sign-in name", "cleo@ashmere.example")
			tab.Type("Password", "not the password")
			tab.Press("Sign in")
			must("The name or the password is not right")
			look(tab, "sign-in-wrong-"+name)
			tab.Type("Password", password)
			tab.Press("Sign in")
			must("Your code")
			tab.Press("I do not have my telephone")
			look(tab, "code-"+name)
			tab.Type("Code", ada.freshCode())
			tab.Press("Continue")
			must("the record")
			if !strings.HasSuffix(tab.Address(), "/cases/X") {
				t.Errorf("signed in at %s", tab.Address())
			}
		})
	}
}
