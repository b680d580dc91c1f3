package contacts

import (
	"slices"
	"strings"

	"waymark/internal/pack"
	"waymark/internal/web"
)

// wanted is what the register is narrowed to. What the address holds and nobody knows counts as not asked.
type wanted struct {
	Need, Nation string
	Open         bool
}

type group struct {
	Need, Title string
	Entries     []entry
}

type listView struct {
	Groups         []group
	Needs, Nations web.Field
	OpenNow        web.Field
	Only           string // what the register is narrowed to, in words
	Empty          bool
}

func (c *Contacts) list(r *web.Request) (web.Reply, error) {
	want := wantedOf(r)
	view := listView{
		Needs:   choose(r, "need", want.Need, needsOf(r.Pack)),
		Nations: choose(r, "nation", want.Nation, nationsOf(r.Pack)),
		OpenNow: web.Field{Name: "open", Label: r.Say("contacts.open.label"), Hidden: true, Choices: []web.Choice{{Value: "now", Says: r.Say("contacts.open.now"), Picked: want.Open}}},
		Only:    want.inWords(r),
	}
	view.Groups = c.groups(r, want)
	view.Empty = len(view.Groups) == 0
	head := web.Head{Title: r.Say("contacts.title"), Private: true, Exit: true, Section: "contacts", Crumbs: []web.Crumb{{Label: r.Say("web.nav.home"), Href: "/"}}}
	return web.Page(head, listPage(view)), nil
}

func wantedOf(r *web.Request) wanted {
	query := r.URL.Query()
	want := wanted{Need: query.Get("need"), Nation: query.Get("nation"), Open: query.Get("open") == "now"}
	if !slices.Contains(needs, want.Need) {
		want.Need = ""
	}
	if !slices.Contains(nations, want.Nation) {
		want.Nation = ""
	}
	return want
}

// inWords says what the register is narrowed to, or nothing.
func (w wanted) inWords(r *web.Request) string {
	var all []string
	if w.Need != "" {
		all = append(all, r.Say("contacts.need."+w.Need))
	}
	if w.Nation != "" {
		all = append(all, r.Say("contacts.nation."+w.Nation))
	}
	if w.Open {
		all = append(all, r.Say("contacts.open.label"))
	}
	return strings.Join(all, "; ")
}

// groups sorts what fits under its needs: danger first, this copy's own area first in each.
func (c *Contacts) groups(r *web.Request, want wanted) []group {
	byNeed := map[string][]entry{}
	for _, contact := range c.ordered(r.Pack) {
		if !want.fits(r.Pack, contact) {
			continue
		}
		e := entryOf(r, contact)
		if want.Open && !(e.Reachable() && e.HoursKnown) {
			continue
		}
		need := e.Need
		if want.Need != "" {
			need = want.Need
		}
		byNeed[need] = append(byNeed[need], e)
	}
	var groups []group
	for _, need := range append(slices.Clone(needs), otherNeed) {
		if len(byNeed[need]) > 0 {
			groups = append(groups, group{need, r.Say("contacts.need." + need), byNeed[need]})
		}
	}
	return groups
}

func (w wanted) fits(p *pack.Pack, c pack.Contact) bool {
	if w.Need != "" && !slices.Contains(c.Needs, w.Need) {
		return false
	}
	if w.Nation == "" {
		return true
	}
	if area, ok := p.Areas.Get(c.Area); ok {
		return area.Nation == w.Nation
	}
	return serves(p, c, "", w.Nation)
}

// ordered is the register with this copy's own area first, then what serves everybody, then other areas;
// in each, those with a role before those without.
func (c *Contacts) ordered(p *pack.Pack) []pack.Contact {
	own := c.own(p).ID
	far := func(c pack.Contact) int {
		switch c.Area {
		case "":
			return 1
		case own:
			return 0
		}
		return 2
	}
	rank := func(c pack.Contact) int {
		return slices.Index([]string{emergency, police, frontDoor, outOfHours, ""}, c.Role)
	}
	all := slices.Clone(p.Contacts.All())
	slices.SortStableFunc(all, func(a, b pack.Contact) int {
		if d := far(a) - far(b); d != 0 {
			return d
		}
		return rank(a) - rank(b)
	})
	return all
}

// choose is a list to pick one from, with "any" on top.
func choose(r *web.Request, name, picked string, values []string) web.Field {
	f := web.Field{Name: name, Label: r.Say("contacts." + name + ".label"), Choices: []web.Choice{{Says: r.Say("contacts." + name + ".any"), Picked: picked == ""}}}
	for _, value := range values {
		f.Choices = append(f.Choices, web.Choice{Value: value, Says: r.Say("contacts." + name + "." + value), Picked: value == picked})
	}
	return f
}

// needsOf lists the needs that anybody in the register serves.
func needsOf(p *pack.Pack) []string {
	return having(p, needs, func(c pack.Contact) []string { return c.Needs })
}

func nationsOf(p *pack.Pack) []string {
	return having(p, nations, func(c pack.Contact) []string { return c.Nations })
}

func having(p *pack.Pack, values []string, of func(pack.Contact) []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(value string) bool {
		return !slices.ContainsFunc(p.Contacts.All(), func(c pack.Contact) bool { return slices.Contains(of(c), value) })
	})
}
