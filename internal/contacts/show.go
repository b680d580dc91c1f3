package contacts

import (
	"fmt"

	"waymark/internal/fault"
	"waymark/internal/web"
)

type showView struct {
	entry
	Title  string
	Others []entry // who serves the same need
	Police []entry // when nobody answers
}

func (c *Contacts) show(r *web.Request) (web.Reply, error) {
	contact, ok := r.Pack.Contacts.Get(r.PathValue("id"))
	if !ok {
		return nil, fmt.Errorf("show a contact: %w", fault.NotFound)
	}
	view := showView{entry: entryOf(r, contact)}
	view.Title = r.Say("contacts.show.title", "name", view.Short)
	for _, other := range c.ordered(r.Pack) {
		if other.ID != contact.ID && firstNeed(other) == view.Need {
			view.Others = append(view.Others, entryOf(r, other))
		}
	}
	if contact.Role != emergency && contact.Role != police {
		for _, next := range find(r.Pack, police, contact.Area, nationOf(r.Pack, contact)) {
			view.Police = append(view.Police, entryOf(r, next))
		}
	}
	head := web.Head{Title: view.Title, Private: true, Exit: true, Section: "contacts",
		Crumbs: []web.Crumb{{Label: r.Say("web.nav.home"), Href: "/"}, {Label: r.Say("contacts.title"), Href: "/contacts"}}}
	return web.Page(head, showPage(view)), nil
}
