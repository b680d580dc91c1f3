package account

import (
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
	return page("operator", 0, operatorPage(all)), nil
}
