// Package casework keeps the record of a child: how it is opened and listed, the sheets that people fill in together, who
// stands around the child, the first night, and the child who is missing. It is the only reader of case data. What is
// personal is sealed with the case's own key; what is asked, and in which words, is the pack's.
package casework

import (
	"context"
	"embed"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/db"
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

// Casework is the room. Every field is needed.
type Casework struct {
	DB        *db.DB
	Keys      Keys
	Index     seal.Index // blind indexes: a child is found by a name without the name being in the database
	People    People
	Directory Directory
}

// Keys gives the key of a case. The key store is the one of a running copy.
type Keys interface {
	Make(ctx context.Context, caseID string) (seal.Key, error)
	Case(ctx context.Context, caseID string) (seal.Key, error)
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
}

// Directory knows whom to ring at an hour: the register of contacts, as the concern check asks it.
type Directory interface {
	Open(p *pack.Pack, at time.Time, area, nation string, wanted ...string) []block.Contact
}

// Routes are the pages of the room.
func (c *Casework) Routes() []web.Route {
	return slices.Concat(c.caseRoutes())
}

func (c *Casework) caseRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}", access.ReadCases, c.overview),
	}
}
