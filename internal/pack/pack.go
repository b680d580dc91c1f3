// Package pack loads, checks, joins and compares content packs: folders of YAML and Markdown that hold everything
// Waymark says. A pack that loads is whole and right as far as a program can tell; one that does not says where and
// how to mend it. A loaded Pack never changes. What the content means to a person belongs to the rooms above.
package pack

import (
	"encoding/hex"
	"sort"

	"waymark/internal/block"
	"waymark/internal/clock"
)

// Pack is content ready to use: a national pack, or a local one joined to it.
type Pack struct {
	Manifest Manifest
	Layers   []Manifest // the national pack first, then the local one
	Digest   string     // of all files of all layers, in hex
	Warnings []Fault    // what a curator should see to, though it stops nothing

	OfficeHours, Night Hours // of the national pack, unless the local one has its own

	Sources    Shelf[Source]
	Contacts   Shelf[Contact]
	Areas      Shelf[Area]
	Holidays   Shelf[Holiday]
	Groups     Shelf[Named]
	Types      Shelf[Named]
	Parts      Shelf[Named] // of the guidance
	Indicators Shelf[Indicator]
	Settings   Shelf[Setting]
	Gaps       Shelf[GapList]
	Forms      Shelf[Form]
	Advice     Shelf[Advice]
	Records    Shelf[Record]
	Texts      Shelf[Passage]
	Words      Shelf[Word]
	Examples   Shelf[Example]
	Changes    Shelf[Change]
	Chapters   Shelf[Chapter]

	Paragraphs int      // marked paragraphs of all chapters
	Hidden     []string // kind:id of what a local pack hides

	signs    map[string]signAt
	bankDays map[string]clock.Holidays
	said     []said
	retired  []Retired
	ids      map[string]string // folder id -> ids.txt
}

type signAt struct{ setting, sign int }

// Version is what every saved answer carries: england-wales@2026.11.1, or both layers joined by a plus.
func (p *Pack) Version() string {
	v := ""
	for _, m := range p.Layers {
		if v != "" {
			v += "+"
		}
		v += m.ID + "@" + m.Version
	}
	return v
}

// Shelf is a list of items of one kind, in the order in which they are shown, each found by its id.
type Shelf[T any] struct {
	kind string // contacts, settings …
	all  []T
	byID map[string]int
}

// All gives every item in order. The slice is shared: read it, do not change it.
func (s Shelf[T]) All() []T { return s.all }

// Len counts them.
func (s Shelf[T]) Len() int { return len(s.all) }

// Get finds one by its id.
func (s Shelf[T]) Get(id string) (T, bool) {
	i, ok := s.byID[id]
	if !ok {
		var none T
		return none, false
	}
	return s.all[i], true
}

func shelf[T interface{ Key() string }](kind string, items []T, less func(a, b T) bool) Shelf[T] {
	if less != nil {
		sort.SliceStable(items, func(i, j int) bool { return less(items[i], items[j]) })
	}
	s := Shelf[T]{kind: kind, all: items, byID: make(map[string]int, len(items))}
	for i, item := range items {
		s.byID[item.Key()] = i
	}
	return s
}

// Sign finds a sign and the setting whose words it is in.
func (p *Pack) Sign(id string) (Setting, Sign, bool) {
	at, ok := p.signs[id]
	if !ok {
		return Setting{}, Sign{}, false
	}
	setting := p.Settings.all[at.setting]
	return setting, setting.Signs[at.sign], true
}

// Role gives the contacts with that role: those of the area first, then those of everywhere.
func (p *Pack) Role(role, area string) []Contact {
	var local, general []Contact
	for _, c := range p.Contacts.all {
		switch {
		case c.Role != role:
		case c.Area == "":
			general = append(general, c)
		case c.Area == area:
			local = append(local, c)
		}
	}
	return append(local, general...)
}

// BankHolidays gives the bank holidays of a nation. Without a nation, a day that is a holiday in any nation of the pack counts.
func (p *Pack) BankHolidays(nation string) clock.Holidays { return p.bankDays[nation] }

// Passage gives the blocks of a text of the pack, or nothing when the pack lacks it.
func (p *Pack) Passage(id string) Passage {
	t, _ := p.Texts.Get(id)
	return t
}

// Targets turns {chapter:…}, {record:…}, {setting:…} and {text:…} into links. Contacts and {lead} are left to the
// room that knows the hour and the reader; what it gives for them is passed in.
func (p *Pack) Targets(others block.Resolver) block.Resolver {
	return func(to block.Target) block.Text {
		anchor := ""
		if to.Anchor != "" {
			anchor = "#" + to.Anchor
		}
		switch to.Kind {
		case "chapter":
			if c, ok := p.Chapters.Get(to.ID); ok {
				return link(c.Title, "/guidance/"+c.ID+anchor)
			}
		case "record":
			if r, ok := p.Records.Get(to.ID); ok {
				return link(r.Title, "/library/"+r.ID)
			}
		case "setting":
			if s, ok := p.Settings.Get(to.ID); ok && to.ID != "" {
				return link(s.Name, "/cards/"+s.ID)
			}
		case "text":
			if t, ok := p.Texts.Get(to.ID); ok {
				return link(t.Title, "/about/"+t.ID)
			}
		}
		if others != nil {
			return others(to)
		}
		return block.Text{{Words: to.ID}}
	}
}

func link(words, href string) block.Text {
	return block.Text{{Style: block.Link, Words: words, Href: href}}
}

func hexed(sum []byte) string { return hex.EncodeToString(sum) }
