// Package library is where a person finds, reads, cites and follows resources.
// Records are items of the pack and the index is derived from them; this room keeps nothing of its own, and nothing of
// what anybody looked for.
package library

import (
	"embed"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/search"
	"waymark/internal/web"
)

// Text is what this room says; lang.Read gathers it.
//
//go:embed text/*.yaml
var Text embed.FS

// Library is the room of the resources.
type Library struct {
	Index func() *search.Index              // the index that is live at this moment
	Refs  func(*web.Request) block.Resolver // what stands for contacts in texts; nil leaves their names
}

// Routes are the pages of this room, and what machines read of it.
func (l *Library) Routes() []web.Route {
	return []web.Route{
		web.Get("/library", access.Anyone, l.search),
		web.Get("/library/feed.xml", access.Anyone, l.feed),
		web.Get("/library/{slug}", access.Anyone, l.show, web.Kept),
		web.Get("/library/{slug}/{file}", access.Anyone, l.cite, web.Kept),
		web.Get("/opensearch.xml", access.Anyone, l.openSearch, web.Kept),
	}
}

// Paths lists every page of this room, for the site map.
func Paths(p *pack.Pack) []string {
	paths := []string{"/library"}
	for _, record := range p.Records.All() {
		paths = append(paths, path(record))
	}
	return paths
}

func path(r pack.Record) string { return "/library/" + r.ID }
