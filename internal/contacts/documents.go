package contacts

import (
	"strings"

	"waymark/internal/pack"
	"waymark/internal/search"
)

// Documents are the contacts as the search finds them: by name, by what they do and by when to ring. Numbers are not
// among the words, so that nobody reads one without its hours and its doubt.
func Documents(p *pack.Pack) []search.Document {
	var all []search.Document
	bare := p.Targets(nil)
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
