// Package block holds written content as parts: headings, paragraphs, lists, steps and contacts.
// It is parsed once from Markdown when a pack loads; pages show it and print sets it, and neither sees Markdown.
package block

import (
	"strings"
	"time"
)

// Kind is the kind of a block.
type Kind int

// The kinds of block. Markdown offers more; a pack may not.
const (
	Paragraph Kind = iota
	Heading
	Bullets
	Steps
	Quote
)

// Block is one part of a longer text.
type Block struct {
	Kind  Kind
	Level int    // of a heading: 2 to 4
	Text  Text   // of a heading, a paragraph or a quote
	Items []Text // of bullets and steps
	Mark  Mark   // its anchor and its source, where it has them
}

// Mark is what may stand behind a paragraph of a chapter: {#id source=a,b certainty=… strength=… doubt="…"}.
type Mark struct {
	ID        string
	Source    []string
	Certainty string
	Strength  string
	Doubt     string
	Line      int // in the file, for errors; 1 is the first line of the text that was parsed
}

// Body is a longer text.
type Body []Block

// Text is a run of words in one line or paragraph.
type Text []Span

// Style is how a span is set.
type Style int

// The styles of a span. Ref is a place-holder such as {contact:front-door}, replaced before it is shown.
const (
	Plain Style = iota
	Strong
	Stress
	Link
	Phone
	Ref
)

// Span is a piece of a line: words in one style.
type Span struct {
	Style Style
	Words string
	Href  string // of a link: a full https address or a path of this site; of a phone: a tel: address
	To    Target // of a Ref
	After string // words that follow a link or phone without being pressed, such as "free, 24 hours"
}

// Target names what a {kind:id#anchor} points to. {lead} has the kind "lead" and nothing else.
type Target struct{ Kind, ID, Anchor string }

func (t Target) String() string {
	s := t.Kind
	if t.ID != "" {
		s += ":" + t.ID
	}
	if t.Anchor != "" {
		s += "#" + t.Anchor
	}
	return "{" + s + "}"
}

// Words gives plain text, for search, titles and files. References show as they were written unless resolved before.
func (t Text) Words() string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.Style == Ref:
			b.WriteString(s.To.String())
		default:
			b.WriteString(s.Words)
		}
		b.WriteString(s.After)
	}
	return b.String()
}

// Words gives the plain text of all blocks, one block a line.
func (b Body) Words() string {
	var lines []string
	for _, part := range b {
		if part.Kind == Bullets || part.Kind == Steps {
			for _, item := range part.Items {
				lines = append(lines, item.Words())
			}
			continue
		}
		lines = append(lines, part.Text.Words())
	}
	return strings.Join(lines, "\n")
}

// Targets lists every reference in the text.
func (t Text) Targets() []Target {
	var all []Target
	for _, s := range t {
		if s.Style == Ref {
			all = append(all, s.To)
		}
	}
	return all
}

// Targets lists every reference in all blocks.
func (b Body) Targets() []Target {
	var all []Target
	for _, part := range b {
		all = append(all, part.Text.Targets()...)
		for _, item := range part.Items {
			all = append(all, item.Targets()...)
		}
	}
	return all
}

// Resolver says what stands in the place of a reference.
type Resolver func(Target) Text

// Resolve gives the text with every reference replaced.
func (t Text) Resolve(r Resolver) Text {
	if r == nil || len(t.Targets()) == 0 {
		return t
	}
	var out Text
	for _, s := range t {
		if s.Style == Ref {
			out = append(out, r(s.To)...)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Resolve gives the body with every reference replaced.
func (b Body) Resolve(r Resolver) Body {
	out := make(Body, len(b))
	for i, part := range b {
		part.Text = part.Text.Resolve(r)
		items := make([]Text, len(part.Items))
		for j, item := range part.Items {
			items[j] = item.Resolve(r)
		}
		part.Items = items
		out[i] = part
	}
	return out
}

// Contact is somebody to ring, with what is known about this moment. It is a block of its own on pages and in print.
type Contact struct {
	ID, Role    string
	Name, Short string
	Numbers     []Number
	Email, URL  string
	What, When  Text
	Find        Text      // how to find the number, when this copy does not know it
	Hours       string    // in words: Monday to Friday, 9am to 5pm
	Always      bool      // day and night, every day
	HoursKnown  bool      // whether opening hours are known at all
	Open        bool      // now; only meaningful when HoursKnown
	Until       time.Time // when it closes, if open and not always
	Opens       time.Time // when it opens next, if closed
	Confirmed   bool      // somebody here rang it and wrote down when
	ConfirmedOn string    // in words
	ConfirmedBy string
	Universal   bool // the emergency and police numbers, which need no local confirmation
	Local       bool // belongs to one area
}

// Number is one telephone number, as it is read aloud and as it is dialled.
type Number struct{ Shown, Dial, Label, Note string }

// Reachable reports that a call can be made now: it has a number and is not known to be closed.
func (c Contact) Reachable() bool {
	return len(c.Numbers) > 0 && (c.Always || !c.HoursKnown || c.Open)
}

// Sure reports that the number may be relied on: confirmed here, or the same everywhere.
func (c Contact) Sure() bool { return c.Confirmed || c.Universal }
