package contacts

import (
	"slices"
	"strings"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/pack"
)

// Roles that a contact may have, besides the need that it serves. Advice and texts ask for a role; the register
// answers with whoever has it where the child is.
const (
	emergency  = "emergency"
	police     = "police"
	frontDoor  = "front-door"
	outOfHours = "out-of-hours"
)

func isRole(s string) bool {
	return s == emergency || s == police || s == frontDoor || s == outOfHours
}

// Describe gives a contact as it stands at that moment: its hours in words, whether it is open, until when, and when
// it opens next. A confirmation counts until the contact is due to be read again; after that the number is as
// unsure as any other.
func Describe(p *pack.Pack, c pack.Contact, at time.Time) block.Contact {
	refs := p.Targets(Resolver(p, at, c.Area, nationOf(p, c)))
	described := block.Contact{
		ID: c.ID, Role: c.Role, Name: c.Name, Short: c.Short, Email: c.Email, URL: c.URL,
		What: c.What.Text.Resolve(refs), When: c.When.Text.Resolve(refs), Find: c.Find.Text.Resolve(refs),
		Hours: hoursInWords(c), HoursKnown: c.Hours.Known,
		Universal: (c.Role == emergency || c.Role == police) && c.Area == "",
		Local:     c.Area != "",
	}
	if described.Short == "" {
		described.Short = c.Name
	}
	for _, phone := range c.Phones {
		described.Numbers = append(described.Numbers, block.Number{
			Shown: phone.Number, Dial: dial(phone.Number), Label: phone.Label, Note: phone.Note})
	}
	if c.Confirmed != nil && !c.ReviewBy.Before(clock.Today(at)) {
		described.Confirmed = true
		described.ConfirmedOn, described.ConfirmedBy = c.Confirmed.On.Words(), c.Confirmed.By
	}
	stand(p, c, at, &described)
	return described
}

// stand fills in whether somebody answers at that moment, and when that changes.
func stand(p *pack.Pack, c pack.Contact, at time.Time, described *block.Contact) {
	if !c.Hours.Known {
		return
	}
	if always(c) {
		described.Always, described.Open = true, true
		return
	}
	hours := openingOf(p, c)
	described.Open = hours.at(at)
	change, found := hours.change(at)
	switch {
	case !found:
	case described.Open:
		described.Until = change
	default:
		described.Opens = change
	}
}

// dial is a number as a telephone takes it: digits, and a plus only in front.
func dial(number string) string {
	var b strings.Builder
	for _, sign := range number {
		if sign >= '0' && sign <= '9' || sign == '+' && b.Len() == 0 {
			b.WriteRune(sign)
		}
	}
	return b.String()
}

// Open gives whom to call for a list of roles or ids, in that order, for that area and nation at that moment:
// those who can be reached first, then the rest. The emergency number and the police are the same everywhere;
// any other contact of another nation or area is left out.
func Open(p *pack.Pack, at time.Time, area, nation string, wanted ...string) []block.Contact {
	var reachable, rest []block.Contact
	seen := map[string]bool{}
	for _, want := range wanted {
		for _, c := range find(p, want, area, nation) {
			if seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			described := Describe(p, c, at)
			if described.Reachable() {
				reachable = append(reachable, described)
				continue
			}
			rest = append(rest, described)
		}
	}
	return append(reachable, rest...)
}

// find gives the contacts for a role or an id that serve that place, the nearest first.
func find(p *pack.Pack, want, area, nation string) []pack.Contact {
	if !isRole(want) {
		if c, ok := p.Contacts.Get(want); ok && serves(p, c, area, nation) {
			return []pack.Contact{c}
		}
		return nil
	}
	var found []pack.Contact
	for _, c := range p.Role(want, area) {
		if serves(p, c, area, nation) {
			found = append(found, c)
		}
	}
	return numbered(found)
}

// numbered leaves out those who only say how to find a number once somebody has one.
func numbered(found []pack.Contact) []pack.Contact {
	have := slices.DeleteFunc(slices.Clone(found), func(c pack.Contact) bool { return len(c.Phones) == 0 })
	if len(have) > 0 {
		return have
	}
	return found
}

// serves reports that a contact is for that area and nation. An empty nation is "not known", and shuts nobody out.
func serves(p *pack.Pack, c pack.Contact, area, nation string) bool {
	if c.Area != "" {
		return c.Area == area
	}
	if c.Role == emergency || c.Role == police || len(c.Nations) == 0 {
		return true
	}
	if nation == "" {
		home, _ := p.Areas.Get(area)
		nation = home.Nation
	}
	return nation == "" || slices.Contains(c.Nations, nation)
}

// Resolver replaces {contact:ID} and {contact:role} by a name and a number that can be pressed. For a role whose number
// is not known, such as the front door of a council that nobody has written down, it links to how to find it.
// A mention holds none of the contact's own texts, so two contacts may speak of each other.
func Resolver(p *pack.Pack, at time.Time, area, nation string) block.Resolver {
	return func(to block.Target) block.Text {
		if to.Kind != "contact" {
			return block.Text{{Words: to.ID}}
		}
		if c, ok := mentioned(p, at, area, nation, to.ID); ok {
			return mention(c)
		}
		return block.Text{{Words: to.ID}}
	}
}

// mentioned finds the contact that a text means. A text that names one by its id means that one, wherever the reader is.
func mentioned(p *pack.Pack, at time.Time, area, nation, want string) (pack.Contact, bool) {
	if !isRole(want) {
		return p.Contacts.Get(want)
	}
	found := find(p, want, area, nation)
	for _, c := range found {
		if !c.Hours.Known || openingOf(p, c).at(at) {
			return c, true
		}
	}
	if len(found) > 0 {
		return found[0], true
	}
	return pack.Contact{}, false
}

func mention(c pack.Contact) block.Text {
	name := c.Short
	if name == "" {
		name = c.Name
	}
	if len(c.Phones) == 0 {
		return block.Text{{Style: block.Link, Words: name, Href: "/contacts/" + c.ID}}
	}
	number := c.Phones[0].Number
	call := block.Span{Style: block.Phone, Words: number, Href: "tel:" + dial(number)}
	if dial(name) == dial(number) { // 999 is its own name
		return block.Text{call}
	}
	call.After = ")"
	return block.Text{{Words: name + " ("}, call}
}
