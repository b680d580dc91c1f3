package account

import (
	"errors"
	"net/url"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// ownView is one's own account.
type ownView struct {
	Name, Address string
	Roles         []string
	Sessions      []sessionView
	Others        bool // there are other sessions than this one
	Authenticator bool
	NeedsApp      bool // a role of theirs is of no use without
	CodesLeft     string
	FewCodes      bool
	Pass          string // until when a pass stands in for the code
	Recoveries    []recoveryView
	Kept          bool
	Teams         []teamRow
	Said          string // what was just done
}

type sessionView struct {
	ID, Device, Made, Seen string
	Here, Locked           bool
}

// said are what a page may be told to say was done: a key of the words for each.
var said = map[string]string{"password": "account.done.password", "ended": "account.done.ended", "stopped": "account.done.stopped", "given": "account.done.given",
	"asked": "account.done.asked", "taken": "account.done.taken", "agreed": "account.done.agreed", "withdrawn": "account.done.withdrawn", "left": "account.done.left",
	"recovery": "account.done.recovery", "added": "account.done.added", "changed": "account.done.changed", "reviewed": "account.done.reviewed", "pass-ended": "account.done.pass-ended"}

func done(r *web.Request) string {
	if key := said[r.URL.Query().Get("done")]; key != "" {
		return r.Say(key)
	}
	return ""
}

// start leads somebody who has just signed in to what their role is about.
func (a *Account) start(r *web.Request) (web.Reply, error) {
	letIn, err := a.People.Recoveries(r.Tx, r.Who.ID)
	switch {
	case err != nil:
		return nil, err
	case len(letIn) > 0: // they must see the notice: it may not be them who asked
		return web.Redirect("/account"), nil
	case a.Home != "" && r.Who.May(access.ReadCases):
		return web.Redirect(a.Home), nil
	case r.Who.May(access.Administer):
		return web.Redirect("/people"), nil
	}
	return web.Redirect("/account"), nil
}

// show is one's own account: who one is, what one may, and where one is signed in.
func (a *Account) show(r *web.Request) (web.Reply, error) {
	p, err := a.People.Person(r.Tx, r.Who.ID)
	if err != nil {
		return nil, err
	}
	v := ownView{Name: p.Name.Reveal(), Address: p.Address.Reveal(), Authenticator: p.Authenticator, NeedsApp: !p.Authenticator && r.Who.NeedsSecondFactor(), Said: done(r)}
	if v.Roles, err = a.roleWords(r, r.Who.ID); err != nil {
		return nil, err
	}
	sessions, err := a.People.Sessions(r.Tx, r.Who.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, sessionView{ID: s.ID, Device: s.Device.Reveal(), Made: moment(r, s.Made), Seen: moment(r, s.Seen), Here: s.ID == r.Who.Session, Locked: s.Locked})
		v.Others = v.Others || s.ID != r.Who.Session
	}
	left, err := a.People.CodesLeft(r.Tx, r.Who.ID)
	if err != nil {
		return nil, err
	}
	v.CodesLeft, v.FewCodes = strconv.Itoa(left), p.Authenticator && left < 4
	if !r.Who.Pass.IsZero() {
		v.Pass = moment(r, r.Who.Pass)
	}
	if v.Recoveries, err = a.recoveryViews(r, r.Who.ID); err != nil {
		return nil, err
	}
	if v.Teams, err = a.teamRows(r); err != nil {
		return nil, err
	}
	held, err := a.People.HeldOf(r.Tx, r.Who.ID)
	v.Kept = len(held) > 0
	return page("account", 0, ownPage(v)), err
}

// teamRow is a team of somebody who opens its records, with everybody in it: an invented colleague is seen.
type teamRow struct {
	Name   string
	People []personRow
}

func (a *Account) teamRows(r *web.Request) ([]teamRow, error) {
	mine := r.Who.Teams()
	if len(mine) == 0 {
		return nil, nil
	}
	names, err := a.teamNames(r)
	if err != nil {
		return nil, err
	}
	held, err := a.People.AllMemberships(r.Tx)
	if err != nil {
		return nil, err
	}
	var all []teamRow
	for _, team := range mine {
		people, err := a.People.TeamPeople(r.Tx, team)
		if err != nil {
			return nil, err
		}
		row := teamRow{Name: names[team]}
		for _, p := range people {
			one := personRow{Name: p.Name.Reveal()}
			for _, m := range held[p.ID] {
				if m.Team == team && !m.Waits {
					one.Roles = append(one.Roles, r.Say("account.role."+string(m.Role)))
				}
			}
			row.People = append(row.People, one)
		}
		all = append(all, row)
	}
	return all, nil
}

// roleWords says what a person is, in which team.
func (a *Account) roleWords(r *web.Request, person string) ([]string, error) {
	memberships, err := a.People.Memberships(r.Tx, person)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, m := range memberships {
		says, err := a.roleIn(r, m.Role, m.Team)
		if err != nil {
			return nil, err
		}
		if m.Waits {
			says = r.Say("account.role.waits", "role", says)
		}
		all = append(all, says)
	}
	return all, nil
}

func (a *Account) roleIn(r *web.Request, role access.Role, team string) (string, error) {
	if team == "" {
		return r.Say("account.role." + string(role)), nil
	}
	t, err := a.People.Team(r.Tx, team)
	return r.Say("account.role.in", "role", r.Say("account.role."+string(role)), "team", t.Full()), err
}

// endSessions ends one session, or all but this one.
func (a *Account) endSessions(r *web.Request) (web.Reply, error) {
	id := r.PostForm.Get("id")
	if id == "" {
		return web.Redirect("/account?done=ended"), a.People.EndOthers(r.Tx, r.Who)
	}
	if err := a.People.EndSession(r.Tx, r.Who.ID, id); err != nil {
		return nil, err
	}
	if id == r.Who.Session {
		return web.WithoutSession(web.Redirect("/signed-out")), nil
	}
	return web.Redirect("/account?done=ended"), nil
}

// stopOwnRecovery is for somebody who did not ask to be let back in.
func (a *Account) stopOwnRecovery(r *web.Request) (web.Reply, error) {
	mine, err := a.People.Recoveries(r.Tx, r.Who.ID)
	if err != nil {
		return nil, err
	}
	for _, v := range mine {
		if v.ID == r.PostForm.Get("id") {
			return web.Redirect("/account?done=stopped"), a.People.StopRecovery(r.Tx, v.ID)
		}
	}
	return nil, fault.Of(fault.NotFound, "no recovery of this person")
}

// secondFields ask for the second factor again, of whoever has one.
func secondFields(r *web.Request, has bool, wrong string) []asked {
	if !has {
		return nil
	}
	return []asked{{Field: codeField(r, wrong)}}
}

func passwordField(r *web.Request, wrong string) asked {
	return asked{Field: web.Field{Name: "password", Label: r.Say("account.password.now"), Secret: true, Complete: "current-password", Error: wrong}}
}

// confirmed takes the second factor again. wrong is what to say when it was not right; over, that the session has ended.
func (a *Account) confirmed(r *web.Request) (wrong string, err error) {
	shown, err := a.People.Confirm(r.Tx, r.Who, r.PostForm.Get("code"))
	if err != nil || shown.Right {
		return "", err
	}
	return codeWords(r, shown), nil
}

func (a *Account) hasApp(r *web.Request) (bool, error) {
	p, err := a.People.Person(r.Tx, r.Who.ID)
	return p.Authenticator, err
}

// twoPasswords is an old password that was looked at, and a new one.
type twoPasswords struct {
	old   access.Checked
	fresh chosen
}

// preparePassword looks at the old password and hashes the new one.
func (a *Account) preparePassword(r *web.Request) (any, error) {
	old, err := a.People.CheckAgain(r.Context(), r.Who, r.PostForm.Get("old"))
	if errors.Is(err, access.Busy) {
		return twoPasswords{fresh: chosen{twice: true, busy: true}}, nil
	}
	if err != nil || !old.Right {
		return twoPasswords{old: old, fresh: chosen{twice: true}}, err
	}
	fresh, err := a.choose(r, r.Who.Name.Reveal())
	return twoPasswords{old, fresh}, err
}

func (a *Account) passwordPage(r *web.Request) (web.Reply, error) {
	has, err := a.hasApp(r)
	return passwordForm(r, has, "", "", chosen{twice: true}).reply("account"), err
}

func passwordForm(r *web.Request, has bool, oldWrong, codeWrong string, c chosen) formView {
	old := passwordField(r, oldWrong)
	old.Name = "old"
	fields := append([]asked{old}, passwordFields(r, c)...)
	return formView{
		Title: r.Say("account.change.title"), Lead: []string{r.Say("account.change.lead")}, Action: "/account/password",
		Fields: append(fields, secondFields(r, has, codeWrong)...), Press: r.Say("account.change.press"), Back: "/account",
	}
}

// changePassword sets a new password and signs out everywhere else.
func (a *Account) changePassword(r *web.Request) (web.Reply, error) {
	has, err := a.hasApp(r)
	if err != nil {
		return nil, err
	}
	two := r.Prepared.(twoPasswords)
	if two.old.Right && !two.fresh.good() || two.fresh.busy {
		return passwordForm(r, has, "", "", two.fresh).reply("account"), nil
	}
	if !two.old.Right { // counts, and tells
		if _, err := a.People.Again(r.Tx, r.Who, two.old); err != nil {
			return nil, err
		}
		return passwordForm(r, has, r.Say("account.locked.wrong"), "", chosen{twice: true}).reply("account"), nil
	}
	if wrong, err := a.confirmed(r); err != nil || wrong != "" {
		return passwordForm(r, has, "", wrong, chosen{twice: true}).reply("account"), err
	}
	token, right, err := a.People.ChangePassword(r.Tx, r.Who, two.old, two.fresh.hashed)
	if err != nil {
		return nil, err
	}
	if !right {
		return passwordForm(r, has, r.Say("account.locked.wrong"), "", chosen{twice: true}).reply("account"), nil
	}
	return web.WithSession(web.Redirect("/account?done=password"), token), nil
}

// authenticatorPage asks for password and code before a new authenticator is offered.
func (a *Account) authenticatorPage(r *web.Request) (web.Reply, error) {
	has, err := a.hasApp(r)
	return authenticatorForm(r, has, "", "").reply("account"), err
}

func authenticatorForm(r *web.Request, has bool, passwordWrong, codeWrong string) formView {
	return formView{
		Title: r.Say("account.app.title"), Lead: []string{r.Say("account.app.lead")}, Action: "/account/authenticator",
		Fields: append([]asked{passwordField(r, passwordWrong)}, secondFields(r, has, codeWrong)...), Press: r.Say("account.go-on"), Back: "/account",
	}
}

func (a *Account) offerAuthenticator(r *web.Request) (web.Reply, error) {
	has, err := a.hasApp(r)
	if err != nil {
		return nil, err
	}
	checked, looked := r.Prepared.(access.Checked)
	if !looked {
		return authenticatorForm(r, has, r.Say("account.busy"), "").reply("account"), nil
	}
	right, err := a.People.Again(r.Tx, r.Who, checked)
	if err != nil {
		return nil, err
	}
	if !right {
		return authenticatorForm(r, has, r.Say("account.locked.wrong"), "").reply("account"), nil
	}
	if wrong, err := a.confirmed(r); err != nil || wrong != "" {
		return authenticatorForm(r, has, "", wrong).reply("account"), err
	}
	return web.Redirect("/account/authenticator/new"), a.People.OfferAuthenticator(r.Tx, r.Who.ID)
}

func (a *Account) newAuthenticatorPage(r *web.Request) (web.Reply, error) {
	reply, err := a.enrolForm(r, r.Who.ID, "/account/authenticator/new", "")
	if errors.Is(err, fault.NotFound) {
		return web.Redirect("/account/authenticator"), nil
	}
	return reply, err
}

func (a *Account) takeAuthenticator(r *web.Request) (web.Reply, error) {
	codes, right, err := a.People.TakeAuthenticator(r.Tx, r.Who.ID, r.PostForm.Get("code"))
	if errors.Is(err, fault.NotFound) {
		return web.Redirect("/account/authenticator"), nil
	}
	if err != nil {
		return nil, err
	}
	if !right {
		return a.enrolForm(r, r.Who.ID, "/account/authenticator/new", r.Say("account.code.wrong"))
	}
	token, err := a.People.Strengthen(r.Tx, r.Who)
	if err != nil {
		return nil, err
	}
	return web.WithSession(page("account", 0, codesPage(codes, "/account")), token), nil
}

// codesPage asks for the second factor before new recovery codes are made.
func (a *Account) codesPage(r *web.Request) (web.Reply, error) {
	has, err := a.hasApp(r)
	if err == nil && !has {
		return web.Redirect("/account/authenticator"), nil
	}
	return newCodesForm(r, "").reply("account"), err
}

func newCodesForm(r *web.Request, wrong string) formView {
	return formView{
		Title: r.Say("account.codes.new.title"), Lead: []string{r.Say("account.codes.new.lead")}, Action: "/account/codes",
		Fields: secondFields(r, true, wrong), Press: r.Say("account.codes.new.press"), Back: "/account", Carried: url.Values{},
	}
}

func (a *Account) newCodes(r *web.Request) (web.Reply, error) {
	has, err := a.hasApp(r)
	if err != nil || !has {
		return web.Redirect("/account/authenticator"), err
	}
	if wrong, err := a.confirmed(r); err != nil || wrong != "" {
		return newCodesForm(r, wrong).reply("account"), err
	}
	codes, err := a.People.NewCodes(r.Tx, r.Who.ID)
	return page("account", 0, codesPage(codes, "/account")), err
}
