package account

import (
	"errors"
	"net/url"
	"strings"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// lock takes the words off the screen. What stood in a form that was not sent yet comes along, and is kept.
func (a *Account) lock(r *web.Request) (web.Reply, error) {
	next := path(r.PostForm.Get("next"))
	if r.Who.Visitor() {
		return web.Redirect(SignInPath), nil
	}
	if to, text := path(r.PostForm.Get("path")), r.PostForm.Get("form"); to != "" && text != "" && mayKeep(to) {
		form, err := url.ParseQuery(text)
		if err != nil {
			return nil, fault.Of(fault.Invalid, "what was typed cannot be read")
		}
		if err := a.People.Hold(r.Tx, r.Who, to, form); err != nil {
			return nil, err
		}
	}
	if err := a.People.Lock(r.Tx, r.Who); err != nil {
		return nil, err
	}
	return web.Redirect(with(UnlockPath, "next", next)), nil
}

// mayKeep leaves out forms whose fields are passwords and codes.
func mayKeep(path string) bool {
	for _, secret := range []string{SignInPath, "/account", "/invitation/", "/recovery/", "/sign-out"} {
		if len(path) >= len(secret) && path[:len(secret)] == secret {
			return false
		}
	}
	return true
}

// Hold keeps what a session sent that was locked meanwhile, for [web.Private]. It leaves out what holds passwords.
func (a *Account) Hold(tx *db.Tx, who access.Who, to string, form url.Values) error {
	if !mayKeep(to) {
		return nil
	}
	return a.People.Hold(tx, who, to, form)
}

// lockedPage asks for the password, and for nothing else.
func (a *Account) lockedPage(r *web.Request) (web.Reply, error) {
	next := r.URL.Query().Get("next")
	switch {
	case r.Who.Visitor():
		return web.Redirect(with(SignInPath, "next", path(next))), nil
	case !r.Who.Locked:
		return a.back(r, next)
	}
	return lockedForm(r, next, "").reply("account"), nil
}

func lockedForm(r *web.Request, next, wrong string) formView {
	return formView{
		Title: r.Say("account.locked.title"), Lead: []string{r.Say("account.locked.lead", "name", r.Who.Name.Reveal())}, Action: "/account/unlock",
		Carried: url.Values{"next": {path(next)}},
		Fields:  []asked{{Field: web.Field{Name: "password", Label: r.Say("account.password"), Secret: true, Complete: "current-password", Error: wrong}}},
		Press:   r.Say("account.locked.press"), Below: otherPerson(),
	}
}

// unlock opens the screen again.
func (a *Account) unlock(r *web.Request) (web.Reply, error) {
	next := r.PostForm.Get("next")
	if r.Who.Visitor() {
		return web.Redirect(with(SignInPath, "next", path(next))), nil
	}
	checked, looked := r.Prepared.(access.Checked)
	if !looked {
		return lockedForm(r, next, r.Say("account.busy")).reply("account"), nil
	}
	open, err := a.People.Unlock(r.Tx, r.Who, checked)
	if errors.Is(err, fault.Forbidden) {
		return web.Redirect(SignInPath), nil
	}
	if err != nil {
		return nil, err
	}
	if !open {
		return lockedForm(r, next, r.Say("account.locked.wrong")).reply("account"), nil
	}
	return a.back(r, next)
}

// back leads to where somebody was, by way of what was kept for them.
func (a *Account) back(r *web.Request, next string) (web.Reply, error) {
	held, err := a.People.HeldOf(r.Tx, r.Who.ID)
	if err != nil {
		return nil, err
	}
	if len(held) > 0 {
		return web.Redirect(with("/account/kept", "next", path(next))), nil
	}
	return web.Redirect(a.next(next)), nil
}

// keptView is one form that was kept.
type keptView struct {
	access.Held
	When string
}

// whole reports a form that can be sent again. One field that a script sent while somebody typed is shown to be copied:
// its answer is for the script, and its form was kept beside it.
func (v keptView) whole() bool { return !strings.HasSuffix(v.Path, "/save") }

// kept shows what was sent or typed while the screen was locked, to be put back where it belongs.
func (a *Account) kept(r *web.Request) (web.Reply, error) {
	held, err := a.People.HeldOf(r.Tx, r.Who.ID)
	if err != nil {
		return nil, err
	}
	var all []keptView
	for _, h := range held {
		all = append(all, keptView{h, moment(r, h.Made)})
	}
	return page("account", 0, keptPage(all, a.next(r.URL.Query().Get("next")))), nil
}

// throwAway forgets one of them.
func (a *Account) throwAway(r *web.Request) (web.Reply, error) {
	if err := a.People.Release(r.Tx, r.Who.ID, r.PostForm.Get("id")); err != nil {
		return nil, err
	}
	return a.back(r, r.PostForm.Get("next"))
}
