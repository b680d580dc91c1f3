package casework

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// listView is the list of cases that somebody may open.
type listView struct {
	Cases  []listedCase
	Look   listed
	Teams  []web.Choice
	States []web.Choice
	Typed  string
	Found  bool // the list is what was looked for
	More   string
	Names  names
	May    bool // open a new record
}

type listedCase struct {
	Case
	Owner string
	Team  string
}

// list shows the newest cases. It is paged by the last case shown, never by a number of pages to skip.
func (c *Casework) list(r *web.Request) (web.Reply, error) {
	q := r.URL.Query()
	look := listed{Mine: q.Get("mine") != "", State: q.Get("state"), Team: q.Get("team"), After: q.Get("after")}
	if !slices.Contains([]string{"", firstDay, opened}, look.State) || look.Team != "" && !slices.Contains(r.Who.Teams(), look.Team) {
		return nil, fault.Of(fault.NotFound, "a list that there is not")
	}
	teams := r.Who.Teams()
	if look.Team != "" {
		teams = []string{look.Team}
	}
	var all []Case
	for _, team := range teams {
		some, err := casesIn(r.Tx, look, team, r.Who.ID)
		if err != nil {
			return nil, fmt.Errorf("list the cases: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Case) int { return strings.Compare(b.ID, a.ID) })
	v := listView{Look: look}
	if len(all) > pageSize {
		all = all[:pageSize]
		q.Set("after", all[pageSize-1].ID)
		v.More = "/cases?" + q.Encode()
	}
	r.Trace(audit.Entry{Act: "case.listed"})
	return c.listPage(r, v, all)
}

// findCases looks for a reference or for a name exactly as it is spelt. It is posted, since a name must not stand in an address.
func (c *Casework) findCases(r *web.Request) (web.Reply, error) {
	v := listView{Typed: strings.TrimSpace(r.PostForm.Get("q")), Found: true}
	r.Trace(audit.Entry{Act: audit.Searched, Of: "own-teams"})
	all, err := c.find(r, v.Typed)
	if err != nil {
		return nil, fmt.Errorf("find a case: %w", err)
	}
	return c.listPage(r, v, all)
}

func (c *Casework) find(r *web.Request, typed string) ([]Case, error) {
	if len(typed) > 200 {
		return nil, nil
	}
	if ref := strings.Map(refSign, strings.ToUpper(typed)); len(ref) >= 3 && len(ref) <= refLength && len(ref) >= len(strings.TrimSpace(typed))-1 {
		found, err := casesFound(r.Tx, r.Who.ID, r.Who.Teams(), ref, nil)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	if len(spelt(typed)) == 0 {
		return nil, nil
	}
	var marks [][]byte
	for _, team := range r.Who.Teams() {
		marks = append(marks, nameMark(c.Index, team, typed))
	}
	return casesFound(r.Tx, r.Who.ID, r.Who.Teams(), "", marks)
}

// refSign leaves of what was typed the signs of a reference.
func refSign(r rune) rune {
	if strings.ContainsRune(refSigns, r) {
		return r
	}
	return -1
}

func (c *Casework) listPage(r *web.Request, v listView, all []Case) (web.Reply, error) {
	people := []string{}
	for i := range all {
		// A case whose key is gone stands in the list without its words.
		if _, err := c.key(r, &all[i]); err != nil && !errors.Is(err, fault.Gone) {
			return nil, err
		}
		people = append(people, all[i].Owner)
	}
	called, err := c.called(r, people...)
	if err != nil {
		return nil, err
	}
	teams := map[string]string{}
	for _, id := range r.Who.Teams() {
		team, err := c.People.Team(r.Tx, id)
		if err != nil {
			return nil, fmt.Errorf("ask what a team is called: %w", err)
		}
		teams[id] = team.Name
	}
	for _, k := range all {
		v.Cases = append(v.Cases, listedCase{k, called.of(r, k.Owner), teams[k.Team]})
	}
	if len(teams) > 1 {
		v.Teams = append(v.Teams, web.Choice{Value: "", Says: r.Say("case.list.all-teams"), Picked: v.Look.Team == ""})
		for _, id := range r.Who.Teams() {
			v.Teams = append(v.Teams, web.Choice{Value: id, Says: teams[id], Picked: v.Look.Team == id})
		}
	}
	for _, state := range []string{"", firstDay, opened} {
		says := "case.list.all-states"
		if state != "" {
			says = "case.state." + state
		}
		v.States = append(v.States, web.Choice{Value: state, Says: r.Say(says), Picked: v.Look.State == state})
	}
	v.May = r.Who.May(access.WriteCases)
	return web.Page(web.Head{Private: true, Section: "cases", Wide: true}, listPage(v)), nil
}
