package account

import (
	"encoding/base64"
	"errors"
	"strings"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// enrolPage shows somebody on the way in what their authenticator app must be told.
func (a *Account) enrolPage(r *web.Request) (web.Reply, error) {
	p, stage, err := a.People.Arriving(r.Tx, r.Token())
	if errors.Is(err, fault.NotFound) || err == nil && stage != access.WantsApp {
		return web.Redirect(SignInPath), nil
	}
	if err != nil {
		return nil, err
	}
	return a.enrolForm(r, p.ID, "/sign-in/authenticator", "")
}

// enrolForm shows the picture and the secret to type, and asks for the first code.
func (a *Account) enrolForm(r *web.Request, person, action, wrong string) (web.Reply, error) {
	e, err := a.People.Offered(r.Tx, person, issuer(r))
	if err != nil {
		return nil, err
	}
	svg, err := web.QRCode(e.Address.Reveal())
	if err != nil {
		return nil, err
	}
	picture := "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
	return formView{
		Title: r.Say("account.enrol.title"), Lead: []string{r.Say("account.enrol.lead"), r.Say("account.enrol.scan")},
		Above: enrolPicture(picture, inFours(e.Secret.Reveal())), Action: action,
		Fields: []asked{{Field: web.Field{Name: "code", Label: r.Say("account.enrol.code"), Hint: r.Say("account.enrol.code.hint"), Short: true, Mode: "numeric",
			Complete: "one-time-code", Unspelt: true, Error: wrong}}},
		Press: r.Say("account.go-on"),
	}.reply("account"), nil
}

// inFours sets a secret apart, so that it can be typed.
func inFours(secret string) string {
	var b strings.Builder
	for i, c := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// enrol takes the first code and lets somebody in. The recovery codes stand in this reply and are shown never again.
func (a *Account) enrol(r *web.Request) (web.Reply, error) {
	p, stage, err := a.People.Arriving(r.Tx, r.Token())
	if errors.Is(err, fault.NotFound) || err == nil && stage != access.WantsApp {
		return web.Redirect(SignInPath), nil
	}
	if err != nil {
		return nil, err
	}
	codes, right, err := a.People.TakeAuthenticator(r.Tx, p.ID, r.PostForm.Get("code"))
	if err != nil {
		return nil, err
	}
	if !right {
		return a.enrolForm(r, p.ID, "/sign-in/authenticator", r.Say("account.code.wrong"))
	}
	token, err := a.People.FinishEnrolling(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	return web.WithSession(page("account", 0, codesPage(codes, a.next(""))), token), nil
}
