package account

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// signInPage asks who somebody is.
func (a *Account) signInPage(r *web.Request) (web.Reply, error) {
	if !r.Who.Visitor() {
		return web.Redirect(a.next(r.URL.Query().Get("next"))), nil
	}
	return a.signInForm(r, r.URL.Query().Get("next"), "", false).reply("account"), nil
}

func (a *Account) signInForm(r *web.Request, next, address string, keep bool) formView {
	return formView{
		Title: r.Say("account.signin.title"), Lead: []string{r.Say("account.signin.lead")}, Action: SignInPath, Carried: url.Values{"next": {path(next)}},
		Fields: []asked{
			{Field: web.Field{Name: "address", Label: r.Say("account.address"), Value: address, Complete: "username", Unspelt: true}},
			{Field: web.Field{Name: "password", Label: r.Say("account.password"), Secret: true, Complete: "current-password"}},
			{Field: web.Field{Name: "keep", Label: r.Say("account.signin.device"), Small: true, Choices: []web.Choice{
				{Value: "yes", Says: r.Say("account.signin.keep"), Hint: r.Say("account.signin.keep.hint"), Picked: keep}}}, as: "ticks"},
		},
		Press: r.Say("account.signin.press"), Below: signInHelp(),
	}
}

// checkPassword looks at the password before the transaction begins.
func (a *Account) checkPassword(r *web.Request) (any, error) {
	return unlessBusy(a.People.Check(r.Context(), access.Attempt{
		Address: typed(r, "address"), Password: r.PostForm.Get("password"), Device: r.Device(), Source: r.Source,
	}))
}

// busy stands for a password that was not looked at because too many others waited.
type busy struct{}

func unlessBusy(c access.Checked, err error) (any, error) {
	if errors.Is(err, access.Busy) {
		return busy{}, nil
	}
	return c, err
}

// checkAgain looks at the password of somebody who is in, or whose screen is locked.
func (a *Account) checkAgain(r *web.Request) (any, error) {
	if r.Who.Visitor() {
		return access.Checked{}, nil
	}
	return unlessBusy(a.People.CheckAgain(r.Context(), r.Who, r.PostForm.Get("password")))
}

// signIn takes name and password.
func (a *Account) signIn(r *web.Request) (web.Reply, error) {
	next, keep := r.PostForm.Get("next"), r.PostForm.Get("keep") == "yes"
	form := a.signInForm(r, next, typed(r, "address"), keep)
	checked, looked := r.Prepared.(access.Checked)
	if !looked {
		form.Other = []web.Mistake{{Says: r.Say("account.busy"), Href: "#password"}}
		return form.reply("account"), nil
	}
	arrival, err := a.People.SignIn(r.Tx, checked, deviceWords(r))
	if err != nil {
		return nil, err
	}
	if !arrival.Right {
		says := r.Say("account.signin.wrong")
		if checked.Wait > 0 {
			says = waitWords(r, checked.Wait)
		}
		form.Other = []web.Mistake{{Says: says, Href: "#address"}}
		return form.reply("account"), nil
	}
	if old := r.Token(); old != "" { // whoever was signed in here before is not any more
		who := r.Tx.Who
		if err := a.People.SignOut(r.Tx, old); err != nil {
			return nil, err
		}
		r.Tx.Who = who
	}
	switch arrival.Stage {
	case access.WantsCode:
		return web.WithSession(web.Redirect(with("/sign-in/code", "next", path(next), "keep", r.PostForm.Get("keep"))), arrival.Token), nil
	case access.WantsApp:
		return web.WithSession(web.Redirect("/sign-in/authenticator"), arrival.Token), nil
	}
	return a.welcome(r, arrival.Person, arrival.Token, a.next(next), keep)
}

// welcome lets somebody in, and lets the browser be known again when they wish so.
func (a *Account) welcome(r *web.Request, person, token, to string, keep bool) (web.Reply, error) {
	reply := web.WithSession(web.Redirect(to), token)
	if !keep {
		return reply, nil
	}
	device, err := a.People.KnowDevice(r.Tx, person)
	return web.WithDevice(reply, device), err
}

// waitWords says how long to wait, in whole seconds or minutes.
func waitWords(r *web.Request, wait time.Duration) string {
	if wait > 90*time.Second {
		return r.Say("account.wait.minutes", "minutes", strconv.Itoa(int((wait+time.Minute-1)/time.Minute)))
	}
	return r.Say("account.wait.seconds", "seconds", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
}

// codePage asks for the second factor.
func (a *Account) codePage(r *web.Request) (web.Reply, error) {
	switch _, stage, err := a.People.Arriving(r.Tx, r.Token()); {
	case errors.Is(err, fault.NotFound):
		return web.Redirect(SignInPath), nil
	case err != nil:
		return nil, err
	case stage == access.WantsApp:
		return web.Redirect("/sign-in/authenticator"), nil
	}
	q := r.URL.Query()
	return codeForm(r, q.Get("next"), q.Get("keep"), "").reply("account"), nil
}

func codeForm(r *web.Request, next, keep, wrong string) formView {
	return formView{
		Title: r.Say("account.code.title"), Lead: []string{r.Say("account.code.lead")}, Action: "/sign-in/code",
		Carried: url.Values{"next": {path(next)}, "keep": {keep}},
		Fields:  []asked{{Field: codeField(r, wrong)}},
		Press:   r.Say("account.go-on"), Below: noPhone(),
	}
}

// codeField asks for a code of whichever kind, so it takes letters too.
func codeField(r *web.Request, wrong string) web.Field {
	return web.Field{Name: "code", Label: r.Say("account.code"), Hint: r.Say("account.code.hint"), Short: true, Complete: "one-time-code", Unspelt: true, Error: wrong}
}

// code takes the second factor.
func (a *Account) code(r *web.Request) (web.Reply, error) {
	next, keep := r.PostForm.Get("next"), r.PostForm.Get("keep")
	shown, err := a.People.ShowCode(r.Tx, r.Token(), r.PostForm.Get("code"), r.Device())
	switch {
	case errors.Is(err, fault.NotFound):
		return web.Redirect(SignInPath), nil
	case err != nil:
		return nil, err
	case shown.Right && shown.Left >= 0:
		return a.welcome(r, r.Tx.Who, shown.Token, "/account", keep == "yes")
	case shown.Right:
		return a.welcome(r, r.Tx.Who, shown.Token, a.next(next), keep == "yes" && !shown.Pass)
	case shown.Ended:
		form := a.signInForm(r, next, "", keep == "yes")
		form.Other = []web.Mistake{{Says: r.Say("account.code.ended"), Href: "#address"}}
		return web.WithoutSession(form.reply("account")), nil
	}
	return codeForm(r, next, keep, codeWords(r, shown)).reply("account"), nil
}

func codeWords(r *web.Request, shown access.Shown) string {
	if shown.Wait > 0 {
		return waitWords(r, shown.Wait)
	}
	return r.Say("account.code.wrong")
}

// signOut ends the session.
func (a *Account) signOut(r *web.Request) (web.Reply, error) {
	if err := a.People.SignOut(r.Tx, r.Token()); err != nil {
		return nil, err
	}
	return web.WithoutSession(web.Redirect("/signed-out")), nil
}

func (a *Account) signedOut(r *web.Request) (web.Reply, error) {
	return page("account", 0, signedOutPage()), nil
}
