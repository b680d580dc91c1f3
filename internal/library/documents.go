package library

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/search"
)

// kind is what the index calls a record.
const kind = "record"

// The values of a facet that stand for "it does not say": for every setting, for any type, of no known year.
const (
	everyone = "all"
	unknown  = "none"
)

// rank lets what can be relied on stand before what cannot.
var rank = map[string]float64{"current": 1, "unconfirmed": 0.8, "superseded": 0.7, "historical": 0.7, "unlocated": 0.6}

// Documents are the records as the search finds them.
func Documents(p *pack.Pack) []search.Document {
	var all []search.Document
	refs := plain(p)
	for _, r := range p.Records.All() {
		all = append(all, search.Document{
			Kind: kind, ID: r.ID, Path: path(r), Title: r.Title, Summary: abstract(p, r),
			Also: strings.Join(append(also(p, r), r.StateNote.Text.Resolve(refs).Words()), "\n"),
			Year: year(r), Facets: facets(r), Rank: rank[r.State],
		})
	}
	return all
}

// also are the words by which people look for a record that may not stand in its title or summary: what it is, whom it
// is for, and its languages by name.
func also(p *pack.Pack, r pack.Record) []string {
	all := append([]string{r.Publisher, r.ID, r.Kind, r.Format}, r.Nations...)
	all = append(all, r.Audience...)
	for _, id := range r.Settings {
		if s, ok := p.Settings.Get(id); ok {
			all = append(append(all, s.Name), s.Aka...)
		}
	}
	for _, id := range r.Types {
		if t, ok := p.Types.Get(id); ok {
			all = append(all, t.Title)
		}
	}
	for _, tag := range r.Languages {
		if name := display.English.Languages().Name(language.Make(tag)); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// plain turns references into names, for texts that are found, cited or fed rather than shown. A number needs its hour
// and its doubt beside it, so none goes there.
func plain(p *pack.Pack) block.Resolver {
	return p.Targets(func(to block.Target) block.Text {
		if c, ok := p.Contacts.Get(to.ID); ok {
			return block.Text{{Words: c.Name}}
		}
		if all := p.Role(to.ID, ""); to.Kind == "contact" && len(all) > 0 {
			return block.Text{{Words: all[0].Name}}
		}
		return block.Text{{Words: strings.ReplaceAll(to.ID, "-", " ")}}
	})
}

// abstract is the summary in one line.
func abstract(p *pack.Pack, r pack.Record) string { return words(r.Summary.Body.Resolve(plain(p))) }

func words(body block.Body) string { return strings.Join(strings.Fields(body.Words()), " ") }

func facets(r pack.Record) map[string][]string {
	published := unknown
	if len(r.Published) >= 4 {
		published = r.Published[:4]
	}
	return map[string][]string{
		"kind": {r.Kind}, "setting": orElse(r.Settings, everyone), "audience": orElse(r.Audience, everyone), "type": orElse(r.Types, everyone),
		"nation": orElse(r.Nations, unknown), "language": orElse(r.Languages, unknown), "format": {r.Format}, "state": {r.State}, "year": {published},
	}
}

func orElse(values []string, none string) []string {
	if len(values) == 0 {
		return []string{none}
	}
	return values
}

func year(r pack.Record) int {
	y := 0
	for _, c := range r.Published[:min(4, len(r.Published))] {
		if c < '0' || c > '9' {
			return 0
		}
		y = y*10 + int(c-'0')
	}
	return y
}
