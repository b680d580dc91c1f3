package concern

import (
	"net/url"
	"strings"

	"waymark/internal/block"
	"waymark/internal/form"
	"waymark/internal/web"
)

// answerView is the last screen.
type answerView struct {
	Answer
	Carried  url.Values // everything, so that any screen can be opened again
	Pages    []form.Page
	Script   []block.Text // what to say on the phone
	Paste    string       // text for the reader's own record
	Names    []string
	Call     []block.Contact
	Then     []block.Contact // whom to ring after the first
	Versions string
}

// answer shows what to do now and whom to call. It is the last screen, or the second with "skip".
func (c *Concern) answer(r *web.Request, w walkthrough, values url.Values) (web.Reply, error) {
	w.check.Skipped = w.skipped
	a, err := Advise(r.Pack, c.Directory, r.Words, w.check, w.answers, r.Now)
	if err != nil {
		return nil, err
	}
	carried := w.form.Carry(w.answers, form.Page{})
	carried.Set("page", "answer")
	if w.skipped {
		carried.Set("skipped", "1")
	}
	if card := values.Get("card"); card != "" {
		carried.Set("card", card)
	}
	view := answerView{Answer: a, Carried: carried, Names: w.typed(r.Say("concern.not-names")), Versions: r.Pack.Version()}
	for _, page := range w.form.Pages {
		holds, err := page.When.Holds(a.Facts)
		if err != nil {
			return nil, err
		}
		if holds {
			view.Pages = append(view.Pages, page)
		}
	}
	for _, s := range a.Say {
		view.Script = append(view.Script, s.Words)
	}
	view.Paste = paste(a)
	view.Call, view.Then = a.callList()
	return web.Page(web.Head{Private: true, Exit: true, Bare: true, Section: "concern"}, answerPage(view)), nil
}

// callList is whom to ring now, as cards, and whom after the first. The emergency number stands above every page; it is a
// card too when there is danger. By day the team for the night is no card unless its number is known.
func (a Answer) callList() (cards, then []block.Contact) {
	for _, c := range a.Call {
		byDay := a.Facts["office_hours"] == true
		switch {
		case c.Role == "emergency" && a.Check.Now != "danger" && a.Check.Now != "missing",
			c.Role == "out-of-hours" && byDay && len(c.Numbers) == 0,
			c.Role == "front-door" && !byDay && len(c.Numbers) == 0:
			continue
		}
		if !c.Local && a.Area.Name != "" && (c.Role == "front-door" || c.Role == "out-of-hours") {
			c.Name = a.Area.Name + ": " + c.Short
		}
		c.What, c.When, c.Email, c.URL = nil, nil, "", "" // the register has them; here a tired person needs the number
		cards = append(cards, c)
	}
	if len(cards) > 1 && cards[0].Open && !cards[0].Always {
		then = cards[1:2]
	}
	return cards, then
}

// paste is the check as plain text for the reader's own record. It names nobody.
func paste(a Answer) string {
	var b strings.Builder
	for _, s := range a.Write {
		b.WriteString(s.Words.Words())
		b.WriteString("\n")
	}
	return b.String()
}
