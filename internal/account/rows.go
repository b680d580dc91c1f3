package account

import (
	"waymark/internal/web"
)

// ways are the ways in that somebody has, and what can be done about each.
func (v ownView) ways(r *web.Request) []web.Row {
	rows := []web.Row{{Key: r.Say("account.password"), Value: r.Say("account.own.password"), Href: "/account/password", Does: r.Say("account.change")}}
	if !v.Authenticator {
		return append(rows, web.Row{Key: r.Say("account.app"), Value: r.Say("account.app.none"), Href: "/account/authenticator", Does: r.Say("account.app.set-up")})
	}
	return append(rows,
		web.Row{Key: r.Say("account.app"), Value: r.Say("account.app.is"), Href: "/account/authenticator", Does: r.Say("account.change")},
		web.Row{Key: r.Say("account.codes"), Value: r.Say("account.codes.left", "n", v.CodesLeft), Href: "/account/codes", Does: r.Say("account.codes.renew")})
}

func (t teamRow) rows() []web.Row {
	var rows []web.Row
	for _, p := range t.People {
		rows = append(rows, web.Row{Key: p.Name, Of: lines(p.Roles)})
	}
	return rows
}

func (v peopleView) rows(r *web.Request) []web.Row {
	var rows []web.Row
	for _, p := range v.People {
		roles := p.Roles
		if p.NoApp {
			roles = append(roles, r.Say("account.people.no-app"))
		}
		rows = append(rows, web.Row{Key: p.Name, Of: lines(roles), Href: "/people/" + p.ID, Does: r.Say("account.people.open")})
	}
	return rows
}

func (v personView) appWords(r *web.Request) string {
	if v.App {
		return r.Say("account.app.is")
	}
	return r.Say("account.app.none")
}

func (v personView) roleRows(r *web.Request) []web.Row {
	var rows []web.Row
	for _, role := range v.Roles {
		rows = append(rows, web.Row{Key: role.Says, Href: with("/people/"+v.ID+"/take", "membership", role.ID), Does: r.Say("account.take")})
	}
	return rows
}

func (o organisationRow) rows(r *web.Request) []web.Row {
	var rows []web.Row
	for _, t := range o.Teams {
		says := t.Reach
		if says == "" {
			says = r.Say("account.team.no-reach")
		}
		rows = append(rows, web.Row{Key: t.Name, Value: says, Href: "/teams/" + t.ID, Does: r.Say("account.change")})
	}
	return rows
}
