package account

import (
	"strconv"

	"waymark/internal/access"
	"waymark/internal/web"
)

// Line is one line of the operator's page: what was looked at, how it stands, and what to do about it.
type Line struct {
	What, Says string
	Do         string // "" when there is nothing to do
}

func (a *Account) operating() []web.Route {
	if a.Running == nil {
		return nil
	}
	return []web.Route{web.Get("/operator", access.Administer, a.operator)}
}

// operator shows what runs and what is due. It names nobody and opens no record.
func (a *Account) operator(r *web.Request) (web.Reply, error) {
	all, err := a.Running(r)
	if err != nil {
		return nil, err
	}
	notices, err := a.notices(r)
	return page("operator", 0, operatorPage(append(notices, all...))), err
}

// notices are what waits for an administrator: a second word, and the passes of a night.
func (a *Account) notices(r *web.Request) ([]Line, error) {
	waiting, err := a.countWaiting(r)
	if err != nil {
		return nil, err
	}
	passes, err := a.People.PassesToReview(r.Tx, r.Who)
	if err != nil {
		return nil, err
	}
	var all []Line
	if waiting > 0 {
		all = append(all, Line{r.Say("account.nav.people"), r.Say("account.people.waiting", "n", strconv.Itoa(waiting)), r.Say("account.operator.waiting.do")})
	}
	if len(passes) > 0 {
		all = append(all, Line{r.Say("account.nav.passes"), r.Say("account.operator.passes", "n", strconv.Itoa(len(passes))), r.Say("account.operator.passes.do")})
	}
	return all, nil
}
