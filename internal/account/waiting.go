package account

import (
	"errors"
	"net/url"

	"waymark/internal/fault"
	"waymark/internal/web"
)

// waitingView is what waits for a second administrator.
type waitingView struct {
	Roles      []waitingRole
	Recoveries []recoveryView
	Said       string
}

type waitingRole struct {
	ID, Name, Says, By, When string
	Mine                     bool // asked for by, or meant for, whoever looks: they cannot agree
}

// recoveryView is one colleague who is being let back in.
type recoveryView struct {
	ID, Name, AskedBy, Asked string
	AgreedBy, Ready          string // "" while a second administrator must agree
	IsReady                  bool
	Mine                     bool // the one who looks asked for it, or it is their own account
	Own                      bool // it is the account of the one who looks
}

func (a *Account) waiting(r *web.Request) (web.Reply, error) {
	v, err := a.waitingView(r)
	return page("people", 0, waitingPage(v)), err
}

func (a *Account) waitingView(r *web.Request) (waitingView, error) {
	v := waitingView{Said: done(r)}
	roles, err := a.People.Waiting(r.Tx)
	if err != nil {
		return v, err
	}
	names, err := a.teamNames(r)
	if err != nil {
		return v, err
	}
	for _, m := range roles {
		row := waitingRole{ID: m.ID, When: moment(r, m.Made), Mine: m.By == r.Who.ID || m.Person == r.Who.ID}
		m.Waits = false
		row.Says = membershipWords(r, m, names)
		if row.Name, err = a.called(r, m.Person); err != nil {
			return v, err
		}
		if row.By, err = a.called(r, m.By); err != nil {
			return v, err
		}
		v.Roles = append(v.Roles, row)
	}
	v.Recoveries, err = a.recoveryViews(r, "")
	return v, err
}

// countWaiting is how much waits for a second administrator.
func (a *Account) countWaiting(r *web.Request) (int, error) {
	roles, err := a.People.Waiting(r.Tx)
	if err != nil {
		return 0, err
	}
	recoveries, err := a.People.Recoveries(r.Tx, "")
	return len(roles) + len(recoveries), err
}

func (a *Account) called(r *web.Request, id string) (string, error) {
	if id == "" {
		return r.Say("account.program"), nil
	}
	name, err := a.People.Called(r.Tx, id)
	return name.Reveal(), err
}

func (a *Account) recoveryViews(r *web.Request, person string) ([]recoveryView, error) {
	found, err := a.People.Recoveries(r.Tx, person)
	if err != nil {
		return nil, err
	}
	var all []recoveryView
	for _, f := range found {
		v := recoveryView{ID: f.ID, Asked: moment(r, f.Asked), Mine: f.AskedBy == r.Who.ID || f.Person == r.Who.ID, Own: f.Person == r.Who.ID}
		if v.Name, err = a.called(r, f.Person); err != nil {
			return nil, err
		}
		if v.AskedBy, err = a.called(r, f.AskedBy); err != nil {
			return nil, err
		}
		if !f.Agreed.IsZero() {
			v.Ready, v.IsReady = moment(r, f.Ready), !r.Now.Before(f.Ready)
			if v.AgreedBy, err = a.called(r, f.AgreedBy); err != nil {
				return nil, err
			}
		}
		all = append(all, v)
	}
	return all, nil
}

// decideRole agrees to a role that waits, or ends it.
func (a *Account) decideRole(r *web.Request) (web.Reply, error) {
	id := r.PostForm.Get("id")
	if r.PostForm.Get("do") == "agree" {
		return web.Redirect("/people/waiting?done=agreed"), a.People.Agree(r.Tx, id)
	}
	waiting, err := a.People.Waiting(r.Tx)
	if err != nil {
		return nil, err
	}
	for _, m := range waiting { // only what waits: this page takes no role away that counts
		if m.ID == id {
			return web.Redirect("/people/waiting?done=taken"), a.People.Take(r.Tx, id)
		}
	}
	return nil, fault.Of(fault.NotFound, "no role that waits")
}

// decideRecovery agrees to let somebody back in, stops it, or makes the link.
func (a *Account) decideRecovery(r *web.Request) (web.Reply, error) {
	id := r.PostForm.Get("id")
	switch r.PostForm.Get("do") {
	case "agree":
		return web.Redirect("/people/waiting?done=agreed"), a.People.AgreeRecovery(r.Tx, id)
	case "link":
		token, err := a.People.RecoveryToken(r.Tx, id)
		if err != nil {
			return nil, err
		}
		return page("people", 0, linkPage(linkView{Title: r.Say("account.recovery.link.title"), Lead: r.Say("account.recovery.link.lead"),
			Link: r.Address("/recovery/" + token), Back: "/people/waiting"})), nil
	}
	return web.Redirect("/people/waiting?done=stopped"), a.People.StopRecovery(r.Tx, id)
}

// askRecoveryPage says what letting a colleague back in means.
func (a *Account) askRecoveryPage(r *web.Request) (web.Reply, error) { return a.askRecoveryForm(r, "") }

func (a *Account) askRecoveryForm(r *web.Request, wrong string) (web.Reply, error) {
	p, err := a.People.Person(r.Tx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	form := formView{Title: r.Say("account.recovery.title", "name", p.Name.Reveal()), Lead: []string{r.Say("account.recovery.lead"), r.Say("account.recovery.voice")},
		Action: "/people/" + p.ID + "/recovery", Carried: url.Values{}, Press: r.Say("account.recovery.press"), Back: "/people/" + p.ID}
	if wrong != "" {
		form.Other = []web.Mistake{{Says: wrong, Href: "#main"}}
	}
	return form.reply("people"), nil
}

func (a *Account) askRecovery(r *web.Request) (web.Reply, error) {
	id := r.PathValue("id")
	switch err := a.People.AskRecovery(r.Tx, id); {
	case errors.Is(err, fault.Conflict):
		return a.askRecoveryForm(r, r.Say("account.recovery.already"))
	case errors.Is(err, fault.Forbidden):
		return a.askRecoveryForm(r, r.Say("account.recovery.self"))
	case err != nil:
		return nil, err
	}
	return web.Redirect("/people/" + id + "?done=recovery"), nil
}
