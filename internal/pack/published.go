package pack

import (
	"bufio"
	"maps"
	"slices"
	"strings"
)

// Published lists every id of the last layer as ids.txt keeps them: kind:id, sorted.
func (p *Pack) Published() []string {
	var all []string
	p.shelves(func(kind string, item *Item, whole any) {
		if item.From != p.Manifest.ID {
			return
		}
		all = append(all, kind+":"+item.ID)
		switch s := whole.(type) {
		case *Setting:
			for _, sign := range s.Signs {
				all = append(all, "signs:"+sign.ID)
			}
		case *Form:
			asked := map[string]bool{}
			for _, page := range s.Pages {
				for _, q := range page.Questions {
					if !asked[q.ID] {
						asked[q.ID] = true
						all = append(all, "questions:"+s.ID+"#"+q.ID)
					}
				}
			}
		case *Chapter:
			for _, part := range s.Body.Body {
				all = append(all, "paragraphs:"+s.ID+"#"+part.Mark.ID)
			}
		}
	})
	slices.Sort(all)
	return all
}

// RecordIDs gives the ids.txt of a pack that is published now: every id it had before, and every new one, sorted.
// Comments at the head stay there; one further down stays above its id.
func RecordIDs(p *Pack, before string) string {
	head, comments := []string{}, map[string][]string{}
	var above []string
	ids := map[string]bool{}
	for _, line := range lines(before) {
		switch {
		case strings.HasPrefix(line, "#"):
			above = append(above, line)
		case line == "" && len(ids) == 0:
			head, above = append(head, above...), nil
		case line != "":
			ids[line] = true
			comments[line] = append(comments[line], above...)
			above = nil
		}
	}
	if head = append(head, above...); len(head) == 0 {
		head = []string{"# Every id ever published. `waymark pack check --record` adds to it; nothing is ever taken out."}
	}
	for _, id := range p.Published() {
		ids[id] = true
	}
	out := append(head, "")
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		out = append(append(out, comments[id]...), id)
	}
	return strings.Join(out, "\n") + "\n"
}

// lines gives the lines of a text without the space around them.
func lines(text string) []string {
	var all []string
	scan := bufio.NewScanner(strings.NewReader(text))
	scan.Buffer(nil, largestFile+1)
	for scan.Scan() {
		all = append(all, strings.TrimSpace(scan.Text()))
	}
	return all
}

// published finds ids that were given out once and are gone without a word.
func (c *checker) published() {
	now := map[string]bool{}
	for _, id := range c.Published() {
		now[id] = true
	}
	for _, r := range c.retired {
		id := r.Kind + ":" + r.ID
		if r.Kind == "" || r.ID == "" || r.Why == "" || r.On.IsZero() {
			c.fault(r.At, "the retired item %s needs its kind, id, on (the day) and why", id)
		}
		if now[id] {
			c.fault(r.At, "%s is retired and yet in the pack; an id that was retired is never used again, so give the item a new id, or take it out of `retired`", id)
		}
	}
	for _, r := range c.retired {
		now[r.Kind+":"+r.ID] = true
	}
	for i, id := range lines(c.ids[c.Manifest.ID]) {
		if id != "" && !strings.HasPrefix(id, "#") && !now[id] {
			c.fault(Place{File: "ids.txt", Line: i + 1, Column: 1}, "%s was published and is gone; an id never changes, so bring it back, or say under `retired` why it went", id)
		}
	}
}
