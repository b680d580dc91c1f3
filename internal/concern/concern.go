// Package concern answers "I'm worried about a child": home and its doors, the check that ends in what to do now and
// whom to call, and the one-minute cards. It stores nothing, puts no answer in an address, and never says that all is
// well. What it says is the pack's; which steps show is decided by the pack's rules.
package concern

import (
	"embed"
	"time"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// Text is what this room itself says: buttons, headings and labels.
//
//go:embed text/*.yaml
var Text embed.FS

// formID is the form of the pack that the check walks.
const formID = "concern-check"

// Directory knows whom to call at an hour, in an area and nation.
type Directory interface {
	// Open gives the contacts for these roles or ids: those that can be reached now first, then the rest.
	Open(p *pack.Pack, at time.Time, area, nation string, wanted ...string) []block.Contact
	// Resolver turns {contact:…} into a name and a number as they stand at that hour.
	Resolver(p *pack.Pack, at time.Time, area, nation string) block.Resolver
}

// Concern is the room. The zero value has no directory and cannot answer.
type Concern struct {
	Directory Directory
}

// Routes are the pages of the room.
func (c *Concern) Routes() []web.Route {
	return []web.Route{
		web.Get("/{$}", access.Anyone, c.home),
		web.Get("/under-18", access.Anyone, c.door("under-18")),
		web.Get("/not-a-professional", access.Anyone, c.door("not-a-professional")),
		web.Get("/concern", access.Anyone, c.begin),
		web.Get("/concern/finished", access.Anyone, c.finished),
		web.Get("/concern/{setting}", access.Anyone, c.begin),
		web.Post("/concern", access.Anyone, c.walk),
		web.Post("/concern/file", access.Anyone, c.save),
		web.Get("/cards", access.Anyone, c.cards),
		web.Get("/cards/{setting}", access.Anyone, c.card),
		web.Get("/cards/{setting}/code.svg", access.Anyone, c.code),
		web.Get("/signs/{indicator}", access.Anyone, c.indicator),
	}
}
