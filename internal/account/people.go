package account

import (
	"errors"
	"unicode"
	"unicode/utf8"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// peopleView is everybody with an account, and who was invited.
type peopleView struct {
	People      []personRow
	Invitations []invitationRow
	Waiting     int
	Said        string
}

type personRow struct {
	ID, Name string
	Roles    []string
	NoApp    bool // has no authenticator yet
}

type invitationRow struct{ ID, Name, Address, Role, Ends string }

// people lists colleagues.
func (a *Account) people(r *web.Request) (web.Reply, error) {
	all, err := a.People.People(r.Tx)
	if err != nil {
		return nil, err
	}
	names, err := a.teamNames(r)
	if err != nil {
		return nil, err
	}
	held, err := a.People.AllMemberships(r.Tx)
	if err != nil {
		return nil, err
	}
	v := peopleView{Said: done(r)}
	for _, p := range all {
		row := personRow{ID: p.ID, Name: p.Name.Reveal(), NoApp: !p.Authenticator}
		for _, m := range held[p.ID] {
			row.Roles = append(row.Roles, membershipWords(r, m, names))
		}
		v.People = append(v.People, row)
	}
	open, err := a.People.Invitations(r.Tx)
	if err != nil {
		return nil, err
	}
	for _, i := range open {
		v.Invitations = append(v.Invitations, invitationRow{i.ID, i.Name.Reveal(), i.Address.Reveal(),
			membershipWords(r, access.Membership{Role: i.Role, Team: i.Team}, names), moment(r, i.Ends)})
	}
	v.Waiting, err = a.countWaiting(r)
	return page("people", 0, peoplePage(v)), err
}

func (a *Account) teamNames(r *web.Request) (map[string]string, error) {
	teams, err := a.People.Teams(r.Tx)
	names := map[string]string{}
	for _, t := range teams {
		names[t.ID] = t.Full()
	}
	return names, err
}

func membershipWords(r *web.Request, m access.Membership, teams map[string]string) string {
	says := r.Say("account.role." + string(m.Role))
	if m.Team != "" {
		says = r.Say("account.role.in", "role", says, "team", teams[m.Team])
	}
	if m.Waits {
		says = r.Say("account.role.waits", "role", says)
	}
	return says
}

// roleFields ask which role, and in which team.
func (a *Account) roleFields(r *web.Request, role, team string) ([]asked, error) {
	teams, err := a.People.Teams(r.Tx)
	if err != nil {
		return nil, err
	}
	roles := web.Field{Name: "role", Label: r.Say("account.invite.role")}
	for _, one := range access.Roles() {
		roles.Choices = append(roles.Choices, web.Choice{Value: string(one), Says: capital(r.Say("account.role." + string(one))), Hint: r.Say("account.does." + string(one)), Picked: role == string(one)})
	}
	in := web.Field{Name: "team", Label: r.Say("account.invite.team"), Hint: r.Say("account.invite.team.hint"), Choices: []web.Choice{{Value: "", Says: r.Say("account.invite.no-team")}}}
	for _, t := range teams {
		in.Choices = append(in.Choices, web.Choice{Value: t.ID, Says: t.Full(), Picked: team == t.ID})
	}
	return []asked{{Field: roles, as: "radios"}, {Field: in, as: "select"}}, nil
}

// roleFaults says what is wrong with a role and a team that were chosen, and gives the team that counts.
func (a *Account) roleFaults(r *web.Request, fields []asked, role access.Role, team string) (string, []asked, error) {
	if !role.Known() {
		fields[0].Error = r.Say("account.invite.role.wrong")
		return "", fields, nil
	}
	if role.Everywhere() {
		return "", fields, nil
	}
	_, err := a.People.Team(r.Tx, team)
	if errors.Is(err, fault.NotFound) {
		fields[1].Error = r.Say("account.invite.team.wrong")
		return "", fields, nil
	}
	return team, fields, err
}

func wrongAmong(fields []asked) bool {
	for _, f := range fields {
		if f.Error != "" {
			return true
		}
	}
	return false
}

func (a *Account) invitePage(r *web.Request) (web.Reply, error) {
	form, err := a.inviteForm(r, "", "", "", "")
	return form.reply("people"), err
}

func (a *Account) inviteForm(r *web.Request, name, address, role, team string) (formView, error) {
	fields, err := a.roleFields(r, role, team)
	if err != nil {
		return formView{}, err
	}
	who := []asked{
		{Field: web.Field{Name: "name", Label: r.Say("account.name"), Hint: r.Say("account.invite.name.hint"), Value: name, Max: mostName, Unspelt: true}},
		{Field: web.Field{Name: "address", Label: r.Say("account.address"), Hint: r.Say("account.address.hint"), Value: address, Max: mostAddress, Unspelt: true}},
	}
	return formView{
		Title: r.Say("account.invite.title"), Lead: []string{r.Say("account.invite.lead")}, Action: "/people/invite",
		Fields: append(who, fields...), Press: r.Say("account.invite.press"), Back: "/people",
	}, nil
}

// invite makes an invitation. Its link stands in this reply and is shown never again.
func (a *Account) invite(r *web.Request) (web.Reply, error) {
	name, address, role, team := typed(r, "name"), typed(r, "address"), access.Role(typed(r, "role")), typed(r, "team")
	form, err := a.inviteForm(r, name, address, string(role), team)
	if err != nil {
		return nil, err
	}
	form.Fields[0].Error, form.Fields[1].Error = nameFault(r, name), addressFault(r, address)
	team, _, err = a.roleFaults(r, form.Fields[2:], role, team)
	if err != nil {
		return nil, err
	}
	if wrongAmong(form.Fields) {
		return form.reply("people"), nil
	}
	token, err := a.People.Invite(r.Tx, name, address, team, role)
	if errors.Is(err, access.AddressTaken) {
		form.Fields[1].Error = r.Say("account.address.taken")
		return form.reply("people"), nil
	}
	if err != nil {
		return nil, err
	}
	return page("people", 0, linkPage(linkView{Title: r.Say("account.invited.title", "name", name), Lead: r.Say("account.invited.lead"),
		Link: r.Address("/invitation/" + token), Back: "/people"})), nil
}

// linkView is a link that is shown once.
type linkView struct{ Title, Lead, Link, Back string }

func (a *Account) withdraw(r *web.Request) (web.Reply, error) {
	return web.Redirect("/people?done=withdrawn"), a.People.Withdraw(r.Tx, r.PostForm.Get("id"))
}

// capital begins a word that stands alone as a sentence begins.
func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}
