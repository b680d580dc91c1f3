package content_test

import (
	"io"
	"io/fs"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/content"
	"waymark/internal/lang"
	"waymark/internal/pack"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

var noon = clock.Date{Year: 2026, Month: 11, Day: 24}.At(12, 0)

// small is a pack with two chapters, a few changes and the texts about this copy.
func small(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.Load(folder(), func(string) (fs.FS, error) { return nil, fs.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func folder() fstest.MapFS {
	return fstest.MapFS{
		"pack.yaml": {Data: []byte(`{id: small, version: "1", title: Small, owner: Editors, licence: CC-BY-4.0, nations: [england], office_hours: [{days: mon-fri, from: "09:00", to: "17:00"}], night: [{days: mon-sun, from: "00:00", to: "07:00"}]}`)},
		"all.yaml": {Data: []byte(`
about: {owner: Editors, source: [paper], certainty: confirmed, reviewed: 2026-11-01, review_by: 2027-05-01}
sources:
  - {id: paper, title: A paper, publisher: A publisher, year: 2026, read: whole, url: "https://example.org/paper"}
  - {id: act, title: An Act, publisher: Parliament, year: 2015, read: part, law: true}
areas:
  - {id: ashmere, name: Ashmere, nation: england, own: true, certainty: background, doubt: The list was not read again.}
  - {id: brook, name: Brook, nation: england, certainty: background, doubt: The list was not read again.}
contacts:
  - {id: police-999, role: emergency, name: Police in an emergency, short: "999", phones: [{number: "999"}], hours: always}
  - {id: police-101, role: police, name: Police, short: "101", phones: [{number: "101"}], hours: always}
  - {id: line, name: Advice line, short: the advice line, phones: [{number: 01632 960 003}], hours: unknown}
  - {id: council, name: A council, phones: [{number: 01632 960 004}], hours: unknown, confirmed: {on: 2026-11-10, by: A. Person, how: rang it}}
records:
  - {id: toolkit, title: The old toolkit, publisher: A board, kind: toolkit, state: historical, state_note: It is kept for the record., where_note: Ask the board., summary: Old., format: pdf, may_copy: unknown}
texts:
  - {id: about, title: What this is, body: "It helps. Ring {contact:emergency}."}
  - {id: about-numbers, title: About the numbers, body: "Not all were rung.", certainty: background, doubt: Nobody has read this.}
  - {id: privacy, title: Privacy, body: "Nothing is kept.", review_by: 2026-11-20}
  - {id: under-18, title: I am under 18, body: "This is for you."}
changes:
  - {id: c-new, on: 2026-11-20, says: "The clock is shorter. See {chapter:second}.", who_acts: Social workers, chapters: [second], certainty: unconfirmed, doubt: The date was not found.}
  - {id: c-old, on: 2026-10-01, says: First edition., who_acts: Everyone, chapters: [first, second]}
  - {id: c-later, on: 2027-01-01, says: A change to come.}
`)},
		"guidance/first.md": {Data: []byte(`---
id: first
title: What to notice
order: 1
summary: What you may see.
source: [paper]
certainty: confirmed
owner: Editors
reviewed: 2026-11-01
review_by: 2027-05-01
see: [chapter:second, record:toolkit]
---

## The first part {#one}

Ring {contact:line} or read {chapter:second#due}.
{#ring strength=should}

- tired
- hungry
{#signs certainty=background doubt="From practice."}
`)},
		"guidance/second.md": {Data: []byte(`---
id: second
title: What the law asks
order: 2
summary: What must be done.
source: [paper]
certainty: derived
owner: Editors
reviewed: 2026-04-01
review_by: 2026-10-01
---

## What is due {#due}

Tell the Home Office.
{#tell source=act certainty=confirmed strength=must}
`)},
	}
}

func open(t *testing.T, at time.Time) *webtest.House {
	t.Helper()
	return openWith(t, at, &content.Content{})
}

func openWith(t *testing.T, at time.Time, room *content.Content) *webtest.House {
	t.Helper()
	p := small(t)
	words, err := lang.Read(web.Text, content.Text)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := web.New(web.Config{
		Now: func() time.Time { return at }, Live: func() *pack.Pack { return p },
		Emergency: func(*pack.Pack) block.Contact { return block.Contact{} },
		Words:     words, Language: "en", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Site: web.Site{RunBy: "Ashmere Partnership", Reach: "Ask at the front desk.", Version: "1.0"},
	}, room.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Open(t, handler)
}
