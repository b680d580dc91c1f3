package contacts_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"waymark/internal/pack"
)

// register is a small pack: a council that is known, one that is not, and the lines that serve everybody.
func register(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.Load(folder(), func(string) (fs.FS, error) { return nil, fs.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func folder() fstest.MapFS {
	return fstest.MapFS{
		"pack.yaml": {Data: []byte(`{id: small, version: "1", title: Small, owner: Editors, licence: CC-BY-4.0, nations: [england, wales], office_hours: [{days: mon-fri, from: "09:00", to: "17:00"}], night: [{days: mon-sun, from: "00:00", to: "07:00"}]}`)},
		"register.yaml": {Data: []byte(`
about: {owner: Editors, source: [paper], certainty: background, doubt: Nobody has rung it., reviewed: 2026-11-01, review_by: 2027-05-01}
sources:
  - {id: paper, title: A paper, publisher: A publisher, year: 2026, read: whole}
areas:
  - {id: ashmere, name: Ashmere, nation: england, own: true}
  - {id: brynford, name: Brynford, nation: wales}
holidays:
  - {id: h1, date: 2026-12-25, nations: [england, wales], name: Christmas Day}
  - {id: h2, date: 2026-12-28, nations: [england], name: Boxing Day}
contacts:
  - id: police-999
    role: emergency
    name: Police, ambulance or fire in an emergency
    short: "999"
    needs: [danger]
    nations: [england, wales]
    phones: [{number: "999", note: Free from any phone}]
    hours: always
    when: A child is in danger now.
  - id: police-101
    role: police
    name: Police, when it is not an emergency
    short: "101"
    needs: [police]
    nations: [england, wales]
    phones: [{number: "101"}]
    hours: always
    when: "Nobody answers at {contact:front-door}."
  - id: front-door
    role: front-door
    name: Children's social care at the council where the child is
    short: children's social care
    needs: [council]
    nations: [england, wales]
    hours: unknown
    find: "Search for the council's name, or ring {contact:police}."
  - id: ashmere-front-door
    role: front-door
    area: ashmere
    name: Ashmere children's services
    needs: [council]
    nations: [england]
    phones: [{number: 01632 960 001}]
    hours: [{days: mon-thu, from: "09:00", to: "17:00"}, {days: fri, from: "09:00", to: "16:30"}]
    bank_holidays: closed
    when: You are worried about a child in Ashmere.
    confirmed: {on: 2026-11-10, by: A. Person, how: rang it}
  - id: ashmere-night
    role: out-of-hours
    area: ashmere
    name: Ashmere duty team
    needs: [council]
    nations: [england]
    phones: [{number: "+44 1632 960 002"}]
    hours: [{days: mon-thu, from: "17:00", to: "24:00"}, {days: tue-fri, from: "00:00", to: "09:00"}, {days: fri, from: "16:30", to: "24:00"}, {days: sat-sun, from: "00:00", to: "24:00"}, {days: mon, from: "00:00", to: "09:00"}]
    bank_holidays: open
  - id: helpline
    name: Advice line
    short: the advice line
    needs: [advice]
    nations: [england, wales]
    phones: [{number: 01632 960 003, label: Office, note: Free}, {number: 01632 960 004}]
    url: https://example.org/advice
    hours: unknown
    what: Listens and advises.
    when: You are not sure.
  - id: wales-line
    name: Line for Wales
    short: the Welsh line
    needs: [wales, advice]
    nations: [wales]
    phones: [{number: 01632 960 005}]
    hours: [{days: mon-fri, from: "10:00", to: "12:30"}, {days: mon-fri, from: "13:00", to: "16:00"}]
    bank_holidays: closed
`)}}
}
