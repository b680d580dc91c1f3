// Package account holds the pages on which people sign in, look after their own account, and on which administrators
// invite colleagues and give roles. What a person is and what they may do is decided in access; nothing here decides it
// again. No page tells a stranger who has an account.
package account

import (
	"embed"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/access"
	"waymark/internal/clock"
	"waymark/internal/web"
)

// Text is what this room itself says.
//
//go:embed text/*.yaml
var Text embed.FS

// Where web leads people who are not signed in, or whose screen is locked.
const (
	SignInPath = "/sign-in"
	UnlockPath = "/account/lock"
	startPath  = "/account/start"
)

// lockBytes is how much a screen may hand over when it locks: the largest sheet, encoded once more.
const lockBytes = 2 << 20

// Account is the room.
type Account struct {
	People *access.Store
	Home   string // where somebody goes who has signed in and opens records; others go to what their role is about

	Running  func(*web.Request) ([]Line, error) // what runs and what is due, for the operator's page
	Invented func() []Invented                  // of a demonstration: whom a visitor can be; nil in every other copy
}

// Staff is what this room adds to the navigation of somebody who is signed in.
func Staff() []web.StaffEntry {
	return []web.StaffEntry{
		{Entry: web.Entry{Section: "people", Path: "/people", Says: "account.nav.people"}, May: access.Administer},
		{Entry: web.Entry{Section: "operator", Path: "/operator", Says: "account.nav.operator"}, May: access.Administer},
		{Entry: web.Entry{Section: "passes", Path: "/passes", Says: "account.nav.passes"}, May: access.ReviewPasses},
		{Entry: web.Entry{Section: "account", Path: "/account", Says: "account.nav.account"}, May: access.SignedIn},
	}
}

// Routes are the pages of the room.
func (a *Account) Routes() []web.Route {
	return slices.Concat(a.arriving(), a.own(), a.administering(), a.passes(), a.demonstrating(), a.operating())
}

// arriving are the pages on the way in and out.
func (a *Account) arriving() []web.Route {
	return []web.Route{
		web.Get(SignInPath, access.Arriving, a.signInPage),
		web.Post(SignInPath, access.Arriving, a.signIn, web.Prepare(a.checkPassword)),
		web.Get("/sign-in/code", access.Arriving, a.codePage),
		web.Post("/sign-in/code", access.Arriving, a.code),
		web.Get("/sign-in/authenticator", access.Arriving, a.enrolPage),
		web.Post("/sign-in/authenticator", access.Arriving, a.enrol),
		web.Post("/sign-out", access.Arriving, a.signOut),
		web.Get("/signed-out", access.Arriving, a.signedOut),
		web.Get(UnlockPath, access.Arriving, a.lockedPage),
		web.Post(UnlockPath, access.Arriving, a.lock, web.MaxBody(lockBytes)),
		web.Post("/account/unlock", access.Arriving, a.unlock, web.Prepare(a.checkAgain)),
		web.Get("/invitation/{token}", access.Arriving, a.invitationPage),
		web.Post("/invitation/{token}", access.Arriving, a.accept, web.Prepare(a.prepareAccept)),
		web.Get("/recovery/{token}", access.Arriving, a.recoveryPage),
		web.Post("/recovery/{token}", access.Arriving, a.recover, web.Prepare(a.prepareRecover)),
	}
}

// own are the pages of one's own account.
func (a *Account) own() []web.Route {
	return []web.Route{
		web.Get(startPath, access.SignedIn, a.start),
		web.Get("/account", access.SignedIn, a.show),
		web.Get("/account/kept", access.SignedIn, a.kept),
		web.Post("/account/kept", access.SignedIn, a.throwAway),
		web.Post("/account/sessions", access.SignedIn, a.endSessions),
		web.Post("/account/recovery", access.SignedIn, a.stopOwnRecovery),
		web.Get("/account/password", access.SignedIn, a.passwordPage),
		web.Post("/account/password", access.SignedIn, a.changePassword, web.Prepare(a.preparePassword)),
		web.Get("/account/authenticator", access.SignedIn, a.authenticatorPage),
		web.Post("/account/authenticator", access.SignedIn, a.offerAuthenticator, web.Prepare(a.checkAgain)),
		web.Get("/account/authenticator/new", access.SignedIn, a.newAuthenticatorPage),
		web.Post("/account/authenticator/new", access.SignedIn, a.takeAuthenticator),
		web.Get("/account/codes", access.SignedIn, a.codesPage),
		web.Post("/account/codes", access.SignedIn, a.newCodes),
	}
}

// administering are the pages on which people, organisations and roles are looked after.
func (a *Account) administering() []web.Route {
	return []web.Route{
		web.Get("/people", access.Administer, a.people),
		web.Get("/people/invite", access.Administer, a.invitePage),
		web.Post("/people/invite", access.Administer, a.invite),
		web.Post("/people/invitations", access.Administer, a.withdraw),
		web.Get("/people/waiting", access.Administer, a.waiting),
		web.Post("/people/waiting/role", access.Administer, a.decideRole),
		web.Post("/people/waiting/recovery", access.Administer, a.decideRecovery),
		web.Get("/people/{id}", access.Administer, a.person),
		web.Get("/people/{id}/role", access.Administer, a.rolePage),
		web.Post("/people/{id}/role", access.Administer, a.giveRole),
		web.Get("/people/{id}/take", access.Administer, a.takePage),
		web.Post("/people/{id}/take", access.Administer, a.takeRole),
		web.Get("/people/{id}/recovery", access.Administer, a.askRecoveryPage),
		web.Post("/people/{id}/recovery", access.Administer, a.askRecovery),
		web.Get("/people/{id}/end", access.Administer, a.endPage),
		web.Post("/people/{id}/end", access.Administer, a.end),
		web.Get("/organisations", access.Administer, a.organisations),
		web.Post("/organisations", access.Administer, a.addOrganisation),
		web.Get("/organisations/{id}", access.Administer, a.newTeamPage),
		web.Post("/organisations/{id}", access.Administer, a.addTeam),
		web.Get("/teams/{id}", access.Administer, a.teamPage),
		web.Post("/teams/{id}", access.Administer, a.changeTeam),
	}
}

func (a *Account) passes() []web.Route {
	return []web.Route{
		web.Get("/passes", access.ReviewPasses, a.passesPage),
		web.Post("/passes", access.ReviewPasses, a.decidePass),
		web.Get("/passes/give", access.GivePasses, a.givePassPage),
		web.Post("/passes/give", access.GivePasses, a.givePass),
	}
}

// page is a page of this room: nothing of it is kept anywhere, and its tab says nothing.
func page(section string, status int, body templ.Component) web.Reply {
	return web.Page(web.Head{Private: true, Status: status, Section: section}, body)
}

// asked is one field of a form, and how it is asked.
type asked struct {
	web.Field
	as string // "" is a line; radios, select, ticks, lines
}

// formView is one page with one form.
type formView struct {
	Title   string
	Lead    []string
	Above   templ.Component // between the words and the form
	Action  string
	Carried url.Values
	Fields  []asked
	Press   string
	Below   templ.Component
	Back    string // the path of a page to go back to, instead
	Other   []web.Mistake
}

// mistakes lists what is to mend, for the summary at the head.
func (v formView) mistakes() []web.Mistake {
	all := v.Other
	for _, f := range v.Fields {
		if f.Error != "" {
			id := f.ID
			if id == "" {
				id = f.Name
			}
			all = append(all, web.Mistake{Says: f.Error, Href: "#" + id})
		}
	}
	return all
}

// reply shows the form: with status 422 when something in it is to mend.
func (v formView) reply(section string) web.Reply {
	status := 0
	if len(v.mistakes()) > 0 {
		status = 422
	}
	return page(section, status, formPage(v))
}

// moment is a time as people write it.
func moment(r *web.Request, t time.Time) string {
	return r.Say("account.moment", "day", clock.Today(t).Words(), "time", t.In(clock.London).Format("15:04"))
}

// path is where somebody wanted to go: a page of this site, or nothing.
func path(wanted string) string {
	if !strings.HasPrefix(wanted, "/") || strings.HasPrefix(wanted, "//") || strings.ContainsFunc(wanted, leadsAway) || len(wanted) > 300 {
		return ""
	}
	return wanted
}

// leadsAway reports signs that browsers leave out of an address, or take for a slash, before they look where it leads.
func leadsAway(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }

// next is where somebody goes who is in.
func (a *Account) next(wanted string) string {
	if p := path(wanted); p != "" && p != UnlockPath {
		return p
	}
	return startPath
}

// with adds values to a path.
func with(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// issuer is what an authenticator app shows of this copy.
func issuer(r *web.Request) string { return strings.TrimSpace("Waymark " + r.Site.Name) }

// typed is what stands in a field, without space around it.
func typed(r *web.Request, name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
