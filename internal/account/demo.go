package account

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// Invented is somebody of the demonstration's partnership whom a visitor can sign in as.
type Invented struct {
	Person, Name string
	Says         string // what they do there and what they can see
	Home         string // where they begin
}

// DemoPath is where a visitor chooses whom to be. Only a demonstration has it.
const DemoPath = "/demo"

func (a *Account) demonstrating() []web.Route {
	if a.Invented == nil {
		return nil
	}
	return []web.Route{
		web.Get(DemoPath, access.Arriving, a.demo),
		web.Post(DemoPath, access.Arriving, a.signInAs),
	}
}

func (a *Account) demo(r *web.Request) (web.Reply, error) {
	return page("account", 0, demoPage(a.Invented())), nil
}

// signInAs begins a session of an invented person. The store refuses where people are real.
func (a *Account) signInAs(r *web.Request) (web.Reply, error) {
	all := a.Invented()
	i := slices.IndexFunc(all, func(i Invented) bool { return i.Person == r.PostForm.Get("person") })
	if i < 0 {
		return nil, fault.Of(fault.NotFound, "an invented person")
	}
	token, err := a.People.SignInAs(r.Tx, all[i].Person, deviceWords(r))
	if err != nil {
		return nil, err
	}
	return web.WithSession(web.Redirect(all[i].Home), token), nil
}
