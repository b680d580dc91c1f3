package account

import (
	"errors"
	"strings"
	"unicode/utf8"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// The longest name and address that somebody may have.
const (
	mostName    = 100
	mostAddress = 120
)

// chosen is a password that somebody chose twice, hashed when it is a good one.
type chosen struct {
	hashed access.Hashed
	fault  access.Fault
	twice  bool // both were the same
	busy   bool
}

// choose looks at a new password and hashes it when it will do. valid is false when its link or its person will not.
func (a *Account) choose(r *web.Request, about ...string) (chosen, error) {
	password := r.PostForm.Get("password")
	c := chosen{fault: access.FaultOf(password, append(about, "waymark", r.Site.Name)...), twice: password == r.PostForm.Get("again")}
	if c.fault != "" || !c.twice {
		return c, nil
	}
	var err error
	c.hashed, err = a.People.Hash(r.Context(), password)
	if errors.Is(err, access.Busy) {
		c.busy, err = true, nil
	}
	return c, err
}

func (c chosen) good() bool { return c.fault == "" && c.twice && !c.busy }

// passwordFields ask for a new password, twice.
func passwordFields(r *web.Request, c chosen) []asked {
	fields := []asked{
		{Field: web.Field{Name: "password", Label: r.Say("account.new-password"), Hint: r.Say("account.new-password.hint"), Secret: true, Complete: "new-password"}},
		{Field: web.Field{Name: "again", Label: r.Say("account.again"), Secret: true, Complete: "new-password"}},
	}
	switch {
	case c.busy:
		fields[0].Error = r.Say("account.busy")
	case c.fault != "":
		fields[0].Error = r.Say("account.password." + string(c.fault))
	case !c.twice:
		fields[1].Error = r.Say("account.again.differs")
	}
	return fields
}

// deadLink is the page of a link that leads nowhere any more, or never did: which of the two, it does not say.
func deadLink(r *web.Request) web.Reply { return page("account", 410, deadLinkPage()) }

// invitationPage welcomes somebody who was invited.
func (a *Account) invitationPage(r *web.Request) (web.Reply, error) {
	i, err := a.People.Invitation(r.Tx, r.PathValue("token"))
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) {
		return deadLink(r), nil
	}
	if err != nil {
		return nil, err
	}
	return a.acceptForm(r, i, i.Name.Reveal(), i.Address.Reveal(), chosen{twice: true})
}

func (a *Account) acceptForm(r *web.Request, i access.Invitation, name, address string, c chosen) (web.Reply, error) {
	form, err := a.acceptView(r, i, name, address, c)
	return form.reply("account"), err
}

func (a *Account) acceptView(r *web.Request, i access.Invitation, name, address string, c chosen) (formView, error) {
	form := formView{Title: r.Say("account.accept.title"), Action: "/invitation/" + r.PathValue("token"), Press: r.Say("account.go-on")}
	role := r.Say("account.role." + string(i.Role))
	switch {
	case i.First:
		form.Title, form.Lead = r.Say("account.first.title"), []string{r.Say("account.first.lead")}
	case i.Team == "":
		form.Lead = []string{r.Say("account.accept.copy", "role", role)}
	default:
		team, err := a.People.Team(r.Tx, i.Team)
		if err != nil {
			return form, err
		}
		form.Lead = []string{r.Say("account.accept.team", "role", role, "team", team.Full())}
	}
	form.Fields = []asked{{Field: web.Field{Name: "name", Label: r.Say("account.name"), Hint: r.Say("account.name.hint"), Value: name, Complete: "name", Max: mostName, Unspelt: true}}}
	if i.First {
		form.Fields = append(form.Fields, asked{Field: web.Field{Name: "address", Label: r.Say("account.address"), Hint: r.Say("account.address.hint"), Value: address, Complete: "username", Max: mostAddress, Unspelt: true}})
	} else {
		form.Lead = append(form.Lead, r.Say("account.accept.address", "address", address))
	}
	if r.Method == "POST" {
		form.Fields[0].Error = nameFault(r, name)
		if i.First {
			form.Fields[1].Error = addressFault(r, address)
		}
	}
	form.Fields = append(form.Fields, passwordFields(r, c)...)
	form.Lead = append(form.Lead, r.Say("account.accept.next"))
	return form, nil
}

func nameFault(r *web.Request, name string) string {
	if n := utf8.RuneCountInString(name); n == 0 || n > mostName {
		return r.Say("account.name.wrong")
	}
	if unseen(name) {
		return r.Say("account.name.unseen")
	}
	return ""
}

func addressFault(r *web.Request, address string) string {
	if n := utf8.RuneCountInString(address); n < 3 || n > mostAddress || strings.ContainsAny(address, "\r\n\t") {
		return r.Say("account.address.wrong")
	}
	return ""
}

// prepareAccept hashes the password of somebody whose link is good.
func (a *Account) prepareAccept(r *web.Request) (any, error) {
	var i access.Invitation
	err := a.People.Look(r.Context(), func(tx *db.Tx) (err error) {
		i, err = a.People.Invitation(tx, r.PathValue("token"))
		return err
	})
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) {
		return chosen{}, nil // the handler finds the same
	}
	if err != nil {
		return nil, err
	}
	return a.choose(r, typed(r, "name"), typed(r, "address"), i.Address.Reveal())
}

// accept makes the account.
func (a *Account) accept(r *web.Request) (web.Reply, error) {
	token := r.PathValue("token")
	i, err := a.People.Invitation(r.Tx, token)
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) {
		return deadLink(r), nil
	}
	if err != nil {
		return nil, err
	}
	c, name, address := r.Prepared.(chosen), typed(r, "name"), typed(r, "address")
	if !i.First {
		address = i.Address.Reveal()
	}
	if !c.good() || nameFault(r, name) != "" || addressFault(r, address) != "" {
		return a.acceptForm(r, i, name, address, c)
	}
	arrival, err := a.People.Accept(r.Tx, token, access.Newcomer{Name: name, Address: address, Password: c.hashed}, deviceWords(r))
	if errors.Is(err, access.AddressTaken) {
		return deadLink(r), nil
	}
	if err != nil {
		return nil, err
	}
	return a.arrived(arrival), nil
}

// arrived leads on from a password that was just set.
func (a *Account) arrived(arrival access.Arrival) web.Reply {
	to := "/sign-in/authenticator"
	if arrival.Stage == access.Open {
		to = a.next("")
	}
	return web.WithSession(web.Redirect(to), arrival.Token)
}

// recoveryPage lets somebody back in whom two administrators vouched for.
func (a *Account) recoveryPage(r *web.Request) (web.Reply, error) {
	_, p, err := a.People.Recovering(r.Tx, r.PathValue("token"))
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) {
		return deadLink(r), nil
	}
	if err != nil {
		return nil, err
	}
	return recoverForm(r, p, chosen{twice: true}).reply("account"), nil
}

func recoverForm(r *web.Request, p access.Person, c chosen) formView {
	return formView{
		Title: r.Say("account.recover.title"), Lead: []string{r.Say("account.recover.lead", "name", p.Name.Reveal(), "address", p.Address.Reveal())},
		Action: "/recovery/" + r.PathValue("token"), Fields: passwordFields(r, c), Press: r.Say("account.go-on"),
	}
}

func (a *Account) prepareRecover(r *web.Request) (any, error) {
	var p access.Person
	err := a.People.Look(r.Context(), func(tx *db.Tx) (err error) {
		_, p, err = a.People.Recovering(tx, r.PathValue("token"))
		return err
	})
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) {
		return chosen{}, nil
	}
	if err != nil {
		return nil, err
	}
	return a.choose(r, p.Name.Reveal(), p.Address.Reveal())
}

func (a *Account) recover(r *web.Request) (web.Reply, error) {
	_, p, err := a.People.Recovering(r.Tx, r.PathValue("token"))
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) {
		return deadLink(r), nil
	}
	if err != nil {
		return nil, err
	}
	c := r.Prepared.(chosen)
	if !c.good() {
		return recoverForm(r, p, c).reply("account"), nil
	}
	arrival, err := a.People.Recover(r.Tx, r.PathValue("token"), c.hashed, deviceWords(r))
	if err != nil {
		return nil, err
	}
	return a.arrived(arrival), nil
}
