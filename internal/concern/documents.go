package concern

import (
	"strings"

	"waymark/internal/pack"
	"waymark/internal/search"
)

// Documents gives the settings and the signs to the index, so that everyday words lead to a card or a sign.
func Documents(p *pack.Pack) []search.Document {
	var all []search.Document
	for _, s := range p.Settings.All() {
		var signs []string
		for _, sign := range s.Signs {
			signs = append(signs, sign.Says.Words())
		}
		all = append(all, search.Document{
			Kind: "setting", ID: s.ID, Path: "/cards/" + s.ID, Title: s.Name, Summary: s.Card.First.Resolve(p.Targets(nil)).Words(),
			Body: strings.Join(signs, "\n"), Also: strings.Join(s.Aka, " "),
		})
	}
	for _, i := range p.Indicators.All() {
		all = append(all, search.Document{
			Kind: "indicator", ID: i.ID, Path: "/signs/" + i.ID, Title: i.Says.Words(),
			Summary: i.Looks.Resolve(p.Targets(nil)).Words(), Body: i.Do.Resolve(p.Targets(nil)).Words(),
		})
	}
	return all
}
