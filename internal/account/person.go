package account

import (
	"errors"
	"net/url"
	"slices"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// personView is one colleague, as an administrator sees them.
type personView struct {
	ID, Name, Address string
	Made              string
	Gone              string // since when they are not here any more
	App               bool
	Roles             []roleRow
	Recovering        bool
	Self              bool
	Give              formView
	Said              string
}

type roleRow struct{ ID, Says string }

func (a *Account) person(r *web.Request) (web.Reply, error) {
	v, err := a.personView(r)
	return page("people", 0, personPage(v)), err
}

func (a *Account) personView(r *web.Request) (personView, error) {
	p, err := a.People.Person(r.Tx, r.PathValue("id"))
	if err != nil {
		return personView{}, err
	}
	v := personView{ID: p.ID, Name: p.Name.Reveal(), Address: p.Address.Reveal(), Made: moment(r, p.Made), App: p.Authenticator, Self: p.ID == r.Who.ID, Said: done(r)}
	if !p.Ended.IsZero() {
		v.Gone = moment(r, p.Ended)
		return v, nil
	}
	names, err := a.teamNames(r)
	if err != nil {
		return v, err
	}
	memberships, err := a.People.Memberships(r.Tx, p.ID)
	if err != nil {
		return v, err
	}
	for _, m := range memberships {
		v.Roles = append(v.Roles, roleRow{m.ID, membershipWords(r, m, names)})
	}
	recoveries, err := a.People.Recoveries(r.Tx, p.ID)
	if err != nil {
		return v, err
	}
	v.Recovering = len(recoveries) > 0
	fields, err := a.roleFields(r, "", "")
	v.Give = formView{Fields: fields}
	return v, err
}

// rolePage asks whether a role is really meant, and says what it opens.
func (a *Account) rolePage(r *web.Request) (web.Reply, error) {
	q := r.URL.Query()
	return a.confirmRole(r, access.Role(q.Get("role")), q.Get("team"), "")
}

func (a *Account) confirmRole(r *web.Request, role access.Role, team, wrong string) (web.Reply, error) {
	p, err := a.People.Person(r.Tx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	fields, err := a.roleFields(r, string(role), team)
	if err != nil {
		return nil, err
	}
	inTeam, fields, err := a.roleFaults(r, fields, role, team)
	if err != nil {
		return nil, err
	}
	form := formView{Title: r.Say("account.give.title", "name", p.Name.Reveal()), Action: "/people/" + p.ID + "/role", Back: "/people/" + p.ID}
	if wrong != "" {
		fields[0].Error = wrong
	}
	if wrongAmong(fields) {
		form.Fields, form.Press, form.Carried = fields, r.Say("account.go-on"), url.Values{"look": {"again"}}
		return form.reply("people"), nil
	}
	says, err := a.roleIn(r, role, inTeam)
	if err != nil {
		return nil, err
	}
	form.Lead = []string{r.Say("account.give.role", "name", p.Name.Reveal(), "role", says), r.Say("account.does." + string(role))}
	memberships, err := a.People.Memberships(r.Tx, p.ID)
	if err != nil {
		return nil, err
	}
	roles := []access.Role{role}
	for _, m := range memberships {
		roles = append(roles, m.Role)
	}
	if access.Conflict(roles...) {
		form.Lead = append(form.Lead, r.Say("account.give.second"))
	}
	if role.NeedsSecondFactor() && !p.Authenticator {
		form.Lead = append(form.Lead, r.Say("account.give.app"))
	}
	form.Carried, form.Press = url.Values{"role": {string(role)}, "team": {inTeam}, "sure": {"yes"}}, r.Say("account.give.press")
	return form.reply("people"), nil
}

func (a *Account) giveRole(r *web.Request) (web.Reply, error) {
	role, team, id := access.Role(typed(r, "role")), typed(r, "team"), r.PathValue("id")
	if role.Everywhere() {
		team = ""
	}
	if r.PostForm.Get("sure") != "yes" {
		return a.confirmRole(r, role, team, "")
	}
	waits, err := a.People.Give(r.Tx, id, team, role)
	switch {
	case errors.Is(err, fault.Conflict):
		return a.confirmRole(r, role, team, r.Say("account.give.has"))
	case errors.Is(err, fault.Invalid):
		return a.confirmRole(r, role, team, "")
	case err != nil:
		return nil, err
	case waits:
		return web.Redirect("/people/" + id + "?done=asked"), nil
	}
	return web.Redirect("/people/" + id + "?done=given"), nil
}

// takePage asks whether a role shall really end.
func (a *Account) takePage(r *web.Request) (web.Reply, error) {
	return a.takeForm(r, r.URL.Query().Get("membership"), "")
}

func (a *Account) takeForm(r *web.Request, membership, wrong string) (web.Reply, error) {
	v, err := a.personView(r)
	if err != nil {
		return nil, err
	}
	for _, role := range v.Roles {
		if role.ID != membership {
			continue
		}
		form := formView{Title: r.Say("account.take.title"), Lead: []string{r.Say("account.take.lead", "name", v.Name, "role", role.Says)}, Action: "/people/" + v.ID + "/take",
			Carried: url.Values{"membership": {membership}}, Press: r.Say("account.take.press"), Back: "/people/" + v.ID}
		if wrong != "" {
			form.Other = []web.Mistake{{Says: wrong, Href: "#main"}}
		}
		return form.reply("people"), nil
	}
	return nil, fault.Of(fault.NotFound, "no such role of this person")
}

func (a *Account) takeRole(r *web.Request) (web.Reply, error) {
	id := r.PostForm.Get("membership")
	v, err := a.personView(r)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(v.Roles, func(role roleRow) bool { return role.ID == id }) {
		return nil, fault.Of(fault.NotFound, "no such role of this person")
	}
	if err := a.People.Take(r.Tx, id); errors.Is(err, access.LastAdministrator) {
		return a.takeForm(r, id, r.Say("account.last"))
	} else if err != nil {
		return nil, err
	}
	return web.Redirect("/people/" + v.ID + "?done=taken"), nil
}

// endPage asks whether somebody's account shall really end.
func (a *Account) endPage(r *web.Request) (web.Reply, error) { return a.endForm(r, "") }

func (a *Account) endForm(r *web.Request, wrong string) (web.Reply, error) {
	p, err := a.People.Person(r.Tx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	form := formView{Title: r.Say("account.end.title", "name", p.Name.Reveal()), Lead: []string{r.Say("account.end.lead")}, Action: "/people/" + p.ID + "/end",
		Press: r.Say("account.end.press"), Back: "/people/" + p.ID}
	if wrong != "" {
		form.Other = []web.Mistake{{Says: wrong, Href: "#main"}}
	}
	return form.reply("people"), nil
}

func (a *Account) end(r *web.Request) (web.Reply, error) {
	switch err := a.People.End(r.Tx, r.PathValue("id")); {
	case errors.Is(err, access.LastAdministrator):
		return a.endForm(r, r.Say("account.last"))
	case errors.Is(err, fault.Conflict):
		return a.endForm(r, r.Say("account.end.self"))
	case err != nil:
		return nil, err
	}
	return web.Redirect("/people?done=left"), nil
}
