// Package contacts is the one register of services and numbers that every page and every print draws on.
// It says who answers at this hour and whom to call in which order; who needs calling is for other rooms to say.
package contacts

import (
	"embed"

	"waymark/internal/access"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// Text is what this room says; lang.Read gathers it.
//
//go:embed text/*.yaml
var Text embed.FS

// Contacts is the room of the register.
type Contacts struct {
	Area string // id of this copy's own area, shown first; "" takes the one that the live content calls its own
}

// Routes are the pages of this room.
func (c *Contacts) Routes() []web.Route {
	return []web.Route{
		web.Get("/contacts", access.Anyone, c.list),
		web.Get("/contacts/{id}", access.Anyone, c.show),
	}
}

// own is the area whose numbers come first.
func (c *Contacts) own(p *pack.Pack) pack.Area {
	if area, ok := p.Areas.Get(c.Area); ok {
		return area
	}
	for _, area := range p.Areas.All() {
		if area.Own {
			return area
		}
	}
	return pack.Area{}
}
