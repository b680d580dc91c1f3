package contacts

import (
	"strings"

	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/search"
)

// Documents are the contacts as the search finds them: by name, by what they do and by when to ring. Numbers are not
// among the words, so that nobody reads one without its hours and its doubt.
func Documents(p *pack.Pack) []search.Document {
	var all []search.Document
	bare := p.Targets(names(p))
	for _, c := range p.Contacts.All() {
		area, _ := p.Areas.Get(c.Area)
		all = append(all, search.Document{
			Kind: "contact", ID: c.ID, Path: "/contacts/" + c.ID,
			Title: c.Name, Summary: c.What.Text.Resolve(bare).Words(), Body: c.When.Text.Resolve(bare).Words(),
			Also:   strings.Join(append([]string{c.Short, area.Name, c.Role}, c.Needs...), " "),
			Facets: map[string][]string{"nation": c.Nations},
		})
	}
	return all
}

// names resolves a contact to what it is called, without its number.
func names(p *pack.Pack) block.Resolver {
	return func(to block.Target) block.Text {
		found := find(p, to.ID, "", "")
		switch {
		case len(found) == 0:
			return block.Text{{Words: to.ID}}
		case found[0].Short != "":
			return block.Text{{Words: found[0].Short}}
		}
		return block.Text{{Words: found[0].Name}}
	}
}
