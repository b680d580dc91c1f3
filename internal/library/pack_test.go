package library_test

import (
	"io"
	"io/fs"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"waymark/internal/block"
	"waymark/internal/lang"
	"waymark/internal/library"
	"waymark/internal/pack"
	"waymark/internal/search"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

// noon is a Tuesday on which everything has been read in time, but for one record.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// shelf is a small pack with one record of each state.
func shelf(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.Load(folder(), func(string) (fs.FS, error) { return nil, fs.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t testing.TB) *webtest.House { return openAt(t, "https://waymark.example", "en") }

func openAt(t testing.TB, address, language string) *webtest.House {
	t.Helper()
	p := shelf(t)
	words, err := lang.Read(web.Text, library.Text)
	if err != nil {
		t.Fatal(err)
	}
	docs := append(library.Documents(p), search.Document{Kind: "chapter", ID: "harbour", Path: "/guidance/harbour", Title: "The harbour at night", Body: "Who keeps the lantern, and who polishes it at dusk."})
	index, err := search.Build("", "", docs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close() })
	room := &library.Library{Index: func() *search.Index { return index }, Refs: func(*web.Request) block.Resolver {
		return func(to block.Target) block.Text { return block.Text{{Words: "the harbour office"}} }
	}}
	handler, err := web.New(web.Config{
		Now: func() time.Time { return noon }, Live: func() *pack.Pack { return p }, Words: words, Language: language,
		Site: web.Site{URL: address}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}, room.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Open(t, handler)
}

func folder() fstest.MapFS {
	return fstest.MapFS{
		"pack.yaml": {Data: []byte(`{id: small, version: "1", title: Small, owner: Editors, licence: CC-BY-4.0, nations: [england, wales], office_hours: [{days: mon-fri, from: "09:00", to: "17:00"}], night: [{days: mon-sun, from: "00:00", to: "07:00"}]}`)},
		"all.yaml": {Data: []byte(`
about: {owner: Editors, source: [paper], certainty: confirmed, reviewed: 2026-11-01, review_by: 2027-05-01}
sources:
  - {id: paper, title: A paper about harbours, publisher: A society, year: 2026, url: "https://society.example/paper", read: part}
contacts:
  - {id: police-999, role: emergency, name: Emergency, short: "999", needs: [danger], nations: [england, wales], phones: [{number: "999"}], hours: always, when: Danger.}
  - {id: police-101, role: police, name: Police, short: "101", needs: [police], nations: [england, wales], phones: [{number: "101"}], hours: always, when: No danger.}
  - {id: front-door, role: front-door, name: Council, short: the council, needs: [council], nations: [england, wales], hours: unknown, find: Ask the council.}
  - {id: out-of-hours, role: out-of-hours, name: Council at night, short: the night team, needs: [council], nations: [england, wales], hours: unknown, find: Ask the council.}
types:
  - {id: forced-work, title: Forced work, order: 1}
records:
  - id: lanterns
    title: Lanterns for the harbour
    publisher: Harbour Board & Sons
    published: 2019-03
    kind: guidance
    state: current
    state_note: In force. Read it with {record:walls}.
    summary: |
      How to trim and carry a lantern. Ask {contact:front-door} about oil.

      - for boats
      - for walls
    nations: [england, wales]
    languages: [en, cy]
    types: [forced-work]
    audience: [keepers, pilots]
    format: pdf
    where: https://www.harbour.example/lanterns.pdf
    where_note: Free to read.
    licence: OGL-UK-3.0
    copy: Yes. Name the board.
    may_copy: "yes"
  - id: lanterns-2009
    title: "Lanterns: 100% of them"
    publisher: Harbour Board & Sons
    published: "2009"
    kind: toolkit
    state: superseded
    state_note: The oil that it names is no longer sold.
    superseded_by: [lanterns]
    summary: The first book of lanterns.
    nations: [england]
    languages: [en]
    format: print
    where_note: Ask {contact:front-door} for a copy.
    licence: none-stated
    may_copy: unknown
  - id: walls
    title: Harbour walls
    publisher: A society
    published: 2023-05-17
    kind: research
    state: current
    summary: Stone walls need care. A lantern on the wall helps boats.
    nations: [wales]
    languages: [am]
    format: web
    where: https://society.example/walls
    licence: CC-BY-4.0
    may_copy: conditions
    reviewed: 2024-01-01
    review_by: 2025-01-01
  - id: boats
    title: Boats of long ago
    publisher: A society
    published: "1911"
    kind: report
    state: historical
    state_note: Read it as history.
    summary: Small boats, and who built them.
    nations: [england]
    languages: [en]
    format: print
    where_note: A library may have it.
    licence: none-stated
    may_copy: "no"
  - id: lost-chart
    title: The lost chart
    publisher: Nobody knows
    kind: poster
    state: unlocated
    state_note: Named by others only.
    where_note: We do not know an address. Ask the harbour.
    summary: A chart of the harbour.
    format: unknown
    licence: none-stated
    may_copy: unknown
    certainty: unconfirmed
    doubt: Nobody has seen the chart.
`)},
	}
}
