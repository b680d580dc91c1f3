// Package casework keeps the record of a child: how it is opened and listed, the sheets that people fill in together, who
// stands around the child, the first night, and the child who is missing. It is the only reader of case data. What is
// personal is sealed with the case's own key; what is asked, and in which words, is the pack's.
package casework

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/pack"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// Text is what this room itself says.
//
//go:embed text/*.yaml
var Text embed.FS

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is what records add to the database.
var Schema = db.Schema{Room: "casework", Files: schemaFiles}

// Casework is the room. Every field but Scanner is needed.
type Casework struct {
	DB        *db.DB
	Keys      *keys.Store
	Index     seal.Index // blind indexes: a child is found by a name without the name being in the database
	People    People
	Directory Directory
	Members   Members
	Files     string   // the folder of attachments, <data>/attachments
	Scanner   *Scanner // looks at attachments; nil is none, and each page of one then says so
}

// Members knows who is in a team.
type Members interface {
	// Openers are the ids of those who can open the cases of a team and write in them.
	Openers(tx *db.Tx, team string) ([]string, error)
	// Readers are they and those who can only read them.
	Readers(tx *db.Tx, team string) ([]string, error)
	// TeamsOf are the ids of the teams that somebody is in.
	TeamsOf(tx *db.Tx, person string) ([]string, error)
}

// People knows colleagues and teams by their ids.
type People interface {
	// Called is how a person is called; "" when nobody knows any more.
	Called(tx *db.Tx, person string) (seal.Text, error)
	// Team is what a team is called, and how others reach it.
	Team(tx *db.Tx, team string) (Team, error)
}

// Team is a team as another team may know it.
type Team struct {
	Name  string
	Reach string // how to reach it, in words; "" when nobody wrote it down
	Area  string // the area of the pack it works in, "" for none
}

// Directory knows whom to ring at an hour: the register of contacts, as the concern check asks it.
type Directory interface {
	// Open gives the contacts for these roles or ids: those that can be reached now first, then the rest.
	Open(p *pack.Pack, at time.Time, area, nation string, wanted ...string) []block.Contact
	// Resolver turns {contact:…} into a name and a number as they stand at that hour.
	Resolver(p *pack.Pack, at time.Time, area, nation string) block.Resolver
}

// place is where a child is, as far as it says which numbers are the right ones.
type place struct{ area, nation string }

// placeOf is where the child is staying, or else where the team works, or else what this copy was set up for.
func (c *Casework) placeOf(r *web.Request, k Case, key seal.Key) (place, error) {
	staying, err := c.known(r, k, key, formStaying)
	if err != nil {
		return place{}, err
	}
	id := staying[stayingArea].One()
	if _, there := r.Pack.Areas.Get(id); !there {
		team, err := c.People.Team(r.Tx, k.Team)
		if err != nil {
			return place{}, fmt.Errorf("ask where a team works: %w", err)
		}
		id = team.Area
	}
	if id == "" {
		id = onlyOwn(r.Pack)
	}
	area, _ := r.Pack.Areas.Get(id)
	return place{id, area.Nation}, nil
}

// onlyOwn is the area that this copy was set up for, when there is one only.
func onlyOwn(p *pack.Pack) string {
	own := ""
	for _, area := range p.Areas.All() {
		switch {
		case !area.Own:
		case own != "":
			return ""
		default:
			own = area.ID
		}
	}
	return own
}

// resolved gives a text of the pack with its links, and with the numbers of the place at this hour.
func (c *Casework) resolved(r *web.Request, at place, body block.Body) block.Body {
	return body.Resolve(r.Pack.Targets(c.Directory.Resolver(r.Pack, r.Now, at.area, at.nation)))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Routes are the pages of the room.
func (c *Casework) Routes() []web.Route {
	return slices.Concat(c.caseRoutes(), c.noteRoutes(), c.attachRoutes(), c.chronologyRoutes(), c.lookedRoutes(), c.restrictRoutes(), c.linkRoutes(), c.placementRoutes())
}

func (c *Casework) caseRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases", access.ReadCases, c.list),
		web.Post("/cases", access.ReadCases, c.findCases),
		web.Get("/cases/new", access.WriteCases, c.begin(false)),
		web.Post("/cases/new", access.WriteCases, c.openNew, web.Verbatim, web.Prepare(c.prepareCase)),
		web.Get("/cases/import", access.WriteCases, c.begin(true)),
		web.Post("/cases/import", access.WriteCases, c.importNew, web.Upload(importBytes), web.Prepare(c.prepareCase)),
		web.Get("/cases/{ref}", access.ReadCases, c.overview),
		web.Get("/cases/{ref}/sheets", access.ReadCases, c.sheetList),
		web.Get("/cases/{ref}/sheets/new/{form}", access.WriteCases, c.beginSheet),
		web.Get("/cases/{ref}/sheets/{sheet}", access.ReadCases, c.showSheet),
		web.Post("/cases/{ref}/sheets/{sheet}", access.WriteCases, c.keepSheet, web.MaxBody(sheetBytes), web.Verbatim),
		web.Post("/cases/{ref}/sheets/{sheet}/save", access.WriteCases, c.keepField, web.MaxBody(sheetBytes), web.Verbatim),
		web.Post("/cases/{ref}/sheets/{sheet}/retire", access.WriteCases, c.retireSheet),
		web.Get("/cases/{ref}/sheets/{sheet}/history/{question}", access.ReadCases, c.history),
		web.Get("/cases/{ref}/import", access.WriteCases, c.importForm),
		web.Post("/cases/{ref}/import", access.WriteCases, c.importInto, web.Upload(importBytes)),
		web.Get("/cases/{ref}/tonight", access.ReadCases, c.tonight),
		web.Get("/cases/{ref}/tonight/print", access.ReadCases, c.tonightPaper),
		web.Post("/cases/{ref}/first-day", access.WriteCases, c.finishFirstDay),
		web.Get("/cases/{ref}/missing", access.ReadCases, c.missing),
		web.Post("/cases/{ref}/missing", access.WriteCases, c.rungForMissing),
		web.Post("/cases/{ref}/same", access.WriteCases, c.settlePair),
	}
}
