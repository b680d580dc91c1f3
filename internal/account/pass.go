package account

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
)

const mostWhy = 300

// passesView is the passes that nobody has reviewed yet.
type passesView struct {
	All     []passRow
	MayGive bool
	Said    string
}

type passRow struct {
	ID, Name, Team, Why, By, Made, Ends, Used string
	Counts                                    bool // it still opens something
	Mine                                      bool // whoever looks gave it, or got it
}

func (a *Account) passesPage(r *web.Request) (web.Reply, error) {
	open, err := a.People.PassesToReview(r.Tx, r.Who)
	if err != nil {
		return nil, err
	}
	names, err := a.teamNames(r)
	if err != nil {
		return nil, err
	}
	v := passesView{MayGive: r.Who.May(access.GivePasses), Said: done(r)}
	for _, p := range open {
		row := passRow{ID: p.ID, Team: names[p.Team], Why: p.Why.Reveal(), Made: moment(r, p.Made), Ends: moment(r, p.Ends),
			Counts: p.Counts(r.Now), Mine: p.By == r.Who.ID || p.Person == r.Who.ID}
		if !p.Used.IsZero() {
			row.Used = moment(r, p.Used)
		}
		if row.Name, err = a.called(r, p.Person); err != nil {
			return nil, err
		}
		if row.By, err = a.called(r, p.By); err != nil {
			return nil, err
		}
		v.All = append(v.All, row)
	}
	return page("passes", 0, passesPage(v)), nil
}

func (a *Account) decidePass(r *web.Request) (web.Reply, error) {
	if r.PostForm.Get("do") == "end" {
		return web.Redirect("/passes?done=pass-ended"), a.People.EndPass(r.Tx, r.Who, r.PostForm.Get("id"))
	}
	return web.Redirect("/passes?done=reviewed"), a.People.ReviewPass(r.Tx, r.Who, r.PostForm.Get("id"))
}

func (a *Account) givePassPage(r *web.Request) (web.Reply, error) {
	form, err := a.passForm(r, "", "", "6")
	return form.reply("passes"), err
}

// lengths are how many hours a pass may last.
var lengths = []int{2, 4, 6, 8, 12}

// passForm asks whom to let in, for how long, and why.
func (a *Account) passForm(r *web.Request, whom, why, hours string) (formView, error) {
	names, err := a.teamNames(r)
	if err != nil {
		return formView{}, err
	}
	who := web.Field{Name: "whom", Label: r.Say("account.pass.whom"), Choices: []web.Choice{{Value: "", Says: r.Say("account.pass.choose")}}}
	for _, team := range r.Who.TeamsFor(access.GivePasses) {
		people, err := a.People.TeamPeople(r.Tx, team)
		if err != nil {
			return formView{}, err
		}
		for _, p := range people {
			value := team + "/" + p.ID
			if p.ID != r.Who.ID {
				who.Choices = append(who.Choices, web.Choice{Value: value, Says: p.Name.Reveal() + ", " + names[team], Picked: value == whom})
			}
		}
	}
	long := web.Field{Name: "hours", Label: r.Say("account.pass.hours"), Inline: true}
	for _, n := range lengths {
		value := strconv.Itoa(n)
		long.Choices = append(long.Choices, web.Choice{Value: value, Says: r.Say("account.pass.hour", "hours", value), Picked: value == hours})
	}
	reason := web.Field{Name: "why", Label: r.Say("account.pass.why"), Hint: r.Say("account.pass.why.hint"), Value: why, Max: mostWhy, Lines: 2}
	return formView{
		Title: r.Say("account.pass.title"), Lead: []string{r.Say("account.pass.lead"), r.Say("account.pass.voice")}, Action: "/passes/give",
		Fields: []asked{{Field: who, as: "select"}, {Field: long, as: "radios"}, {Field: reason, as: "lines"}}, Press: r.Say("account.pass.press"), Back: "/passes",
	}, nil
}

// givePass gives a pass. Its code stands in this reply and is shown never again.
func (a *Account) givePass(r *web.Request) (web.Reply, error) {
	whom, why, hours := typed(r, "whom"), typed(r, "why"), typed(r, "hours")
	form, err := a.passForm(r, whom, why, hours)
	if err != nil {
		return nil, err
	}
	n, _ := strconv.Atoi(hours)
	if !slices.ContainsFunc(form.Fields[0].Choices, func(c web.Choice) bool { return c.Picked && c.Value != "" }) {
		form.Fields[0].Error = r.Say("account.pass.whom.wrong")
	}
	if !slices.Contains(lengths, n) {
		form.Fields[1].Error = r.Say("account.pass.hours.wrong")
	}
	if l := utf8.RuneCountInString(why); l == 0 || l > mostWhy {
		form.Fields[2].Error = r.Say("account.pass.why.wrong")
	}
	if wrongAmong(form.Fields) {
		return form.reply("passes"), nil
	}
	team, person, _ := strings.Cut(whom, "/")
	code, err := a.People.GivePass(r.Tx, r.Who, person, team, why, time.Duration(n)*time.Hour)
	if errors.Is(err, fault.NotFound) {
		form.Fields[0].Error = r.Say("account.pass.whom.wrong")
		return form.reply("passes"), nil
	}
	if err != nil {
		return nil, err
	}
	name, err := a.called(r, person)
	return page("passes", 0, passGivenPage(name, code, moment(r, r.Now.Add(time.Duration(n)*time.Hour)))), err
}
