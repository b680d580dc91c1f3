package account

import (
	"unicode/utf8"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

const (
	mostTitle = 120
	mostReach = 200
)

// organisationsView is every organisation with its teams.
type organisationsView struct {
	All  []organisationRow
	Form formView
	Said string
}

type organisationRow struct {
	access.Organisation
	Sort  string
	Teams []access.Team
}

func (a *Account) organisations(r *web.Request) (web.Reply, error) {
	return a.organisationsReply(r, "", "", false)
}

func (a *Account) organisationsReply(r *web.Request, name, sort string, tried bool) (web.Reply, error) {
	all, err := a.People.Organisations(r.Tx)
	if err != nil {
		return nil, err
	}
	teams, err := a.People.Teams(r.Tx)
	if err != nil {
		return nil, err
	}
	v := organisationsView{Said: done(r)}
	for _, o := range all {
		row := organisationRow{Organisation: o, Sort: r.Say("account.sort." + string(o.Sort))}
		for _, t := range teams {
			if t.Organisation == o.ID {
				row.Teams = append(row.Teams, t)
			}
		}
		v.All = append(v.All, row)
	}
	kind := web.Field{Name: "sort", Label: r.Say("account.organisation.sort")}
	for _, s := range access.Sorts() {
		kind.Choices = append(kind.Choices, web.Choice{Value: string(s), Says: r.Say("account.sort." + string(s)), Picked: sort == string(s)})
	}
	called := web.Field{Name: "name", Label: r.Say("account.organisation.name"), Value: name, Max: mostTitle}
	if tried {
		called.Error = titleFault(r, name)
		if sort == "" {
			kind.Error = r.Say("account.organisation.sort.wrong")
		}
	}
	v.Form = formView{Action: "/organisations", Fields: []asked{{Field: called}, {Field: kind, as: "radios"}}, Press: r.Say("account.organisation.press")}
	status := 0
	if len(v.Form.mistakes()) > 0 {
		status = 422
	}
	return page("people", status, organisationsPage(v)), nil
}

func titleFault(r *web.Request, title string) string {
	if n := utf8.RuneCountInString(title); n == 0 || n > mostTitle {
		return r.Say("account.title.wrong")
	}
	if unseen(title) {
		return r.Say("account.name.unseen")
	}
	return ""
}

func (a *Account) addOrganisation(r *web.Request) (web.Reply, error) {
	name, sort := typed(r, "name"), ""
	for _, s := range access.Sorts() {
		if typed(r, "sort") == string(s) {
			sort = string(s)
		}
	}
	if titleFault(r, name) != "" || sort == "" {
		return a.organisationsReply(r, name, sort, true)
	}
	id, err := a.People.AddOrganisation(r.Tx, access.Sort(sort), name)
	return web.Redirect("/organisations/" + id), err
}

// newTeamPage adds a team to an organisation.
func (a *Account) newTeamPage(r *web.Request) (web.Reply, error) {
	o, err := a.organisation(r)
	if err != nil {
		return nil, err
	}
	return teamForm(r, access.Team{Of: o.Name}, "/organisations/"+o.ID, false).reply("people"), nil
}

func (a *Account) organisation(r *web.Request) (access.Organisation, error) {
	all, err := a.People.Organisations(r.Tx)
	if err != nil {
		return access.Organisation{}, err
	}
	for _, o := range all {
		if o.ID == r.PathValue("id") {
			return o, nil
		}
	}
	return access.Organisation{}, fault.Of(fault.NotFound, "an organisation")
}

func teamForm(r *web.Request, t access.Team, action string, tried bool) formView {
	name := web.Field{Name: "name", Label: r.Say("account.team.name"), Value: t.Name, Max: mostTitle}
	reach := web.Field{Name: "reach", Label: r.Say("account.team.reach"), Hint: r.Say("account.team.reach.hint"), Value: t.Reach, Max: mostReach}
	area := web.Field{Name: "area", Label: r.Say("account.team.area"), Choices: []web.Choice{{Value: "", Says: r.Say("account.team.area.none")}}}
	for _, one := range r.Pack.Areas.All() {
		area.Choices = append(area.Choices, web.Choice{Value: one.ID, Says: one.Name, Picked: one.ID == t.Area})
	}
	if tried {
		name.Error = titleFault(r, t.Name)
		if utf8.RuneCountInString(t.Reach) > mostReach {
			reach.Error = r.Say("account.team.reach.wrong")
		}
	}
	title, press := r.Say("account.team.new", "organisation", t.Of), r.Say("account.team.add")
	if t.ID != "" {
		title, press = r.Say("account.team.change", "team", t.Name), r.Say("account.team.save")
	}
	return formView{Title: title, Action: action, Fields: []asked{{Field: name}, {Field: reach}, {Field: area, as: "select"}}, Press: press, Back: "/organisations"}
}

// teamOf is what was typed about a team.
func teamOf(r *web.Request, t access.Team) access.Team {
	t.Name, t.Reach, t.Area = typed(r, "name"), typed(r, "reach"), ""
	if _, known := r.Pack.Areas.Get(typed(r, "area")); known {
		t.Area = typed(r, "area")
	}
	return t
}

func (a *Account) addTeam(r *web.Request) (web.Reply, error) {
	o, err := a.organisation(r)
	if err != nil {
		return nil, err
	}
	t := teamOf(r, access.Team{Organisation: o.ID, Of: o.Name})
	if form := teamForm(r, t, "/organisations/"+o.ID, true); len(form.mistakes()) > 0 {
		return form.reply("people"), nil
	}
	_, err = a.People.AddTeam(r.Tx, t)
	return web.Redirect("/organisations?done=added"), err
}

func (a *Account) teamPage(r *web.Request) (web.Reply, error) {
	t, err := a.People.Team(r.Tx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return teamForm(r, t, "/teams/"+t.ID, false).reply("people"), nil
}

func (a *Account) changeTeam(r *web.Request) (web.Reply, error) {
	t, err := a.People.Team(r.Tx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	t = teamOf(r, t)
	if form := teamForm(r, t, "/teams/"+t.ID, true); len(form.mistakes()) > 0 {
		return form.reply("people"), nil
	}
	return web.Redirect("/organisations?done=changed"), a.People.ChangeTeam(r.Tx, t)
}
