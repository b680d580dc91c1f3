package contacts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// needs are what somebody may look for, in the order in which the page asks. An entry stands under the first need
// that it names; one that names none of these stands under otherNeed.
var needs = []string{"danger", "police", "council", "missing", "guardian", "slavery", "advice", "child", "nrm", "crime", "health", "adult", "wales"}

const otherNeed = "other"

// entry is one contact as the pages show it.
type entry struct {
	block.Contact
	Page      string          // its own page
	Need      string          // under which it stands
	Place     string          // for whom it is, in words
	Doubt     string          // what nobody has checked yet, when it has to be said openly
	Then      []block.Contact // whom to ring when it has closed for the day
	Meanwhile block.Text      // whom to ring until it opens
	About     origin
}

// origin is the folded part: where the words come from and how sure they are.
type origin struct {
	Certainty string
	Doubt     string
	Sources   []string
	Reviewed  string
	ReviewBy  string
	Overdue   bool
	Owner     string
}

func entryOf(r *web.Request, contact pack.Contact) entry {
	e := entry{
		Contact: Describe(r.Pack, contact, r.Now),
		Page:    "/contacts/" + contact.ID,
		Need:    firstNeed(contact),
		Place:   place(r, contact),
		About:   originOf(r, contact),
	}
	if len(e.When) > 0 {
		e.When = append(block.Text{{Style: block.Strong, Words: r.Say("contacts.when")}, {Words: " "}}, e.When...)
	}
	if !contact.Certainty.Sure() && !e.Sure() {
		e.Doubt, e.About.Doubt = contact.Doubt, ""
	}
	switch {
	case contact.Role != frontDoor && contact.Role != outOfHours:
	case e.Open && !e.Until.IsZero():
		e.Then = instead(r.Pack, contact, e.Until)
	case e.HoursKnown && !e.Open:
		for _, next := range instead(r.Pack, contact, r.Now) {
			e.Meanwhile = Resolver(r.Pack, r.Now, contact.Area, "")(block.Target{Kind: "contact", ID: next.ID})
		}
	}
	return e
}

// instead gives whom to ring at a moment when one of the council's lines does not answer: its other line, or the police.
func instead(p *pack.Pack, c pack.Contact, at time.Time) []block.Contact {
	for _, next := range Open(p, at, c.Area, nationOf(p, c), frontDoor, outOfHours, police) {
		if next.ID != c.ID && next.Reachable() {
			return []block.Contact{next}
		}
	}
	return nil
}

func firstNeed(c pack.Contact) string {
	for _, need := range c.Needs {
		if slices.Contains(needs, need) {
			return need
		}
	}
	return otherNeed
}

// place says for whom a contact is: its area, or its nations when it is not for all four.
func place(r *web.Request, c pack.Contact) string {
	if area, ok := r.Pack.Areas.Get(c.Area); ok {
		return area.Name
	}
	if len(c.Nations) == 0 || len(c.Nations) >= len(nations) {
		return r.Say("contacts.everywhere")
	}
	var names []string
	for _, nation := range c.Nations {
		names = append(names, r.Say("contacts.nation."+nation))
	}
	return strings.Join(names, ", ")
}

var nations = []string{"england", "wales", "scotland", "northern-ireland"}

func originOf(r *web.Request, c pack.Contact) origin {
	o := origin{
		Certainty: r.Say("contacts.certainty." + string(c.Certainty)),
		Doubt:     c.Doubt,
		Reviewed:  c.Reviewed.Words(),
		ReviewBy:  c.ReviewBy.Words(),
		Overdue:   c.ReviewBy.Before(clock.Today(r.Now)),
		Owner:     c.Owner,
	}
	for _, id := range c.Source {
		if s, ok := r.Pack.Sources.Get(id); ok {
			o.Sources = append(o.Sources, sourceWords(s))
		}
	}
	return o
}

func sourceWords(s pack.Source) string {
	words := s.Title
	if s.Publisher != "" {
		words += ". " + s.Publisher
	}
	if s.Year > 0 {
		words += ", " + strconv.Itoa(s.Year)
	}
	return words
}
