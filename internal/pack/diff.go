package pack

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"waymark/internal/block"
)

// Difference is one item, sign or paragraph that is not the same in two packs.
type Difference struct {
	Kind  string // contacts, signs, paragraphs …
	ID    string // of a paragraph: chapter#mark
	How   string // new, gone, hidden, changed, or read again
	Name  string // Contact “Childline”, Sign in School or college
	Words string // of a new or gone item: what it says
	Lines []string
	Owner string
}

// The ways in which an item differs.
const (
	New       = "new"
	Gone      = "gone"
	HiddenNow = "hidden" // by a local pack
	Changed   = "changed"
	ReadAgain = "read again" // reviewed, and not a word changed
)

// Differences is all that changed from one pack to another.
type Differences struct {
	Before, After string // pack@version
	All           []Difference
}

// part is an item, a sign or a paragraph, as a reader tells it apart.
type part struct {
	kind, id, name, words string
	about                 About
	value                 reflect.Value
	block                 *block.Block
}

// Diff says what changed, in words that a practitioner reads.
func Diff(before, after *Pack) Differences {
	d := Differences{Before: before.Version(), After: after.Version()}
	was, is := partsOf(before), partsOf(after)
	had, has := map[string]part{}, map[string]bool{}
	for _, one := range was {
		had[one.kind+":"+one.id] = one
	}
	for _, one := range is {
		has[one.kind+":"+one.id] = true
		if old, ok := had[one.kind+":"+one.id]; ok {
			d.compare(old, one)
			continue
		}
		d.All = append(d.All, Difference{Kind: one.kind, ID: one.id, How: New, Name: one.name, Words: one.words, Owner: one.about.Owner})
	}
	for _, one := range was {
		if has[one.kind+":"+one.id] {
			continue
		}
		how := Gone
		if slices.Contains(after.Hidden, one.kind+":"+one.id) {
			how = HiddenNow
		}
		d.All = append(d.All, Difference{Kind: one.kind, ID: one.id, How: how, Name: one.name, Words: one.words, Owner: one.about.Owner})
	}
	slices.SortStableFunc(d.All, func(a, b Difference) int { return cmp.Compare(kindOrder(a.Kind), kindOrder(b.Kind)) })
	return d
}

func (d *Differences) compare(old, one part) {
	var lines, dates []string
	if one.block != nil {
		lines = bodyLines("the words", block.Body{*old.block}, block.Body{*one.block})
		if old.block.Mark.Strength != one.block.Mark.Strength {
			lines = append(lines, changed("how strongly", old.block.Mark.Strength, one.block.Mark.Strength))
		}
		more, _ := fieldLines(reflect.ValueOf(markAbout(*old.block)), reflect.ValueOf(markAbout(*one.block)), "")
		lines = append(lines, more...)
	} else {
		lines, dates = fieldLines(old.value, one.value, "")
	}
	how := Changed
	switch {
	case len(lines) == 0 && len(dates) == 0:
		return
	case len(lines) == 0:
		how = ReadAgain
	}
	d.All = append(d.All, Difference{Kind: one.kind, ID: one.id, How: how, Name: one.name, Lines: lines, Owner: one.about.Owner})
}

// markAbout is what a paragraph's own mark says, without what it has from its chapter: a change there is told once.
func markAbout(b block.Block) About {
	return About{Source: b.Mark.Source, Certainty: Certainty(b.Mark.Certainty), Doubt: b.Mark.Doubt}
}

// partsOf takes a pack apart into what is compared.
func partsOf(p *Pack) []part {
	m := p.Layers[0]
	all := []part{{kind: "pack", id: "pack", name: "The pack", about: About{Owner: m.Owner}, value: reflect.ValueOf(m)}}
	p.shelves(func(kind string, item *Item, whole any) {
		title := titleOf(whole)
		name := capital(oneOf(kind)) + " “" + short(title) + "”"
		if kind == "advice" || title == "" {
			name = capital(oneOf(kind)) + " “" + item.ID + "”"
		}
		if c, ok := whole.(*Contact); ok {
			for _, phone := range c.Phones {
				title += ", " + phone.Number
			}
		}
		all = append(all, part{kind: kind, id: item.ID, name: name, words: title, about: item.About, value: reflect.ValueOf(whole).Elem()})
		switch s := whole.(type) {
		case *Setting:
			for i := range s.Signs {
				sign := &s.Signs[i]
				all = append(all, part{kind: "signs", id: sign.ID, name: "Sign in " + s.Name, words: sign.Says.Words(), about: sign.About, value: reflect.ValueOf(sign).Elem()})
			}
		case *Chapter:
			for i := range s.Body.Body {
				b := &s.Body.Body[i]
				name := "Paragraph of “" + s.Title + "”"
				if b.Kind == block.Heading {
					name = "Heading of “" + s.Title + "”"
				}
				all = append(all, part{kind: "paragraphs", id: s.ID + "#" + b.Mark.ID, name: name, words: wordsOf(*b), about: s.About, block: b})
			}
		}
	})
	return all
}

func kindOrder(kind string) int {
	for i, k := range kindNames {
		if k.list == kind {
			return i
		}
	}
	return len(kindNames)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// short cuts a long title between words.
func short(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return s[:strings.LastIndex(s[:most], " ")+1] + "…"
}

// String is what `pack diff` prints: a line of counts, who should look, then every change by kind.
func (d Differences) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "From %s to %s: %s.\n", d.Before, d.After, d.counts())
	if len(d.All) == 0 {
		return out.String()
	}
	out.WriteString(d.lookers() + "In longer texts, words that went stand in [-…-] and words that came in {+…+}.\n")
	kind := ""
	for i, one := range d.All {
		if one.Kind != kind {
			kind = one.Kind
			fmt.Fprintf(&out, "\n%s\n", kindNames[kindOrder(kind)].head)
			if again := d.readAgain(i); again != "" {
				out.WriteString("  Read again, not a word changed: " + again + ".\n")
			}
		}
		switch one.How {
		case New:
			out.WriteString("  New " + one.whole() + "\n")
		case Gone:
			out.WriteString("  Gone: " + one.whole() + "\n")
		case HiddenNow:
			out.WriteString("  Hidden by the local pack: " + one.whole() + "\n")
		case Changed:
			fmt.Fprintf(&out, "  %s: %s\n", one.called(), strings.Join(one.Lines, ";\n    "))
		}
	}
	return out.String()
}

// inPlace are the kinds whose name is that of the place where they stand, so that they need their id to be told apart.
func (d Difference) inPlace() bool { return d.Kind == "signs" || d.Kind == "paragraphs" }

// whole is an item that came or went, with all its words: sign in School (schools-tired): “Worn out”.
func (d Difference) whole() string {
	name := strings.ToLower(d.Name[:1]) + d.Name[1:]
	if !d.inPlace() {
		name, _, _ = strings.Cut(name, " “")
	}
	return fmt.Sprintf("%s (%s): “%s”", name, d.ID, strings.ReplaceAll(d.Words, "\n", " / "))
}

// called tells a changed item apart.
func (d Difference) called() string {
	if d.inPlace() {
		return d.Name + " (" + d.ID + ")"
	}
	return d.Name
}

// toRing reports a contact with a number that nobody rang yet.
func (d Difference) toRing() bool {
	return d.Kind == "contacts" && (d.How == New || d.How == Changed && strings.Contains(strings.Join(d.Lines, " "), labels["number"]))
}

func (d Differences) counts() string {
	n := map[string]int{}
	for _, one := range d.All {
		n[one.How]++
	}
	if len(n) == 0 {
		return "nothing changed that a reader would see"
	}
	var parts []string
	for _, how := range []string{New, Changed, Gone, HiddenNow, ReadAgain} {
		if n[how] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[how], how))
		}
	}
	return strings.Join(parts, ", ")
}

// lookers names those who answer for what changed.
func (d Differences) lookers() string {
	n := map[string]int{}
	var ring []string
	for _, one := range d.All {
		if one.How == ReadAgain {
			continue
		}
		n[one.Owner]++
		if one.toRing() {
			ring = append(ring, one.ID)
		}
	}
	owners := make([]string, 0, len(n))
	for owner, count := range n {
		owners = append(owners, fmt.Sprintf("%s (%d)", owner, count))
	}
	slices.Sort(owners)
	said := ""
	if len(owners) > 0 {
		said = "Who should look: " + strings.Join(owners, ", ") + ".\n"
	}
	if len(ring) > 0 {
		said += "Before this goes live, ring the new numbers: " + strings.Join(ring, ", ") + ".\n"
	}
	return said
}

func (d Differences) readAgain(from int) string {
	var ids []string
	for _, one := range d.All[from:] {
		if one.Kind == d.All[from].Kind && one.How == ReadAgain {
			ids = append(ids, one.ID)
		}
	}
	return strings.Join(ids, ", ")
}
