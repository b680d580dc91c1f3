package pack

import (
	"bufio"
	"fmt"
	"reflect"
	"sort"
	"strings"

	"waymark/internal/block"
)

var (
	textType = reflect.TypeOf(Text{})
	bodyType = reflect.TypeOf(Body{})
)

// bodies checks every {reference} in every text.
func (c *checker) bodies() {
	c.shelves(func(kind string, item *Item, whole any) {
		c.walk(reflect.ValueOf(whole).Elem(), item.At, fmt.Sprintf("%s %q", strings.TrimSuffix(kind, "s"), item.ID), kind == "settings" || kind == "advice")
	})
}

func (c *checker) walk(v reflect.Value, at Place, what string, spoken bool) {
	switch {
	case v.Type() == textType:
		c.targets(v.Interface().(Text).Targets(), at, what, spoken)
	case v.Type() == bodyType:
		c.targets(v.Interface().(Body).Targets(), at, what, spoken)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			c.walk(v.Index(i), at, what, spoken)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "Ready" {
				c.walk(v.Field(i), at, what, spoken)
			}
		}
	}
}

func (c *checker) targets(all []block.Target, at Place, what string, spoken bool) {
	for _, to := range all {
		if to.ID == "" && !spoken {
			c.fault(at, "%s uses %s, which has a meaning only in settings and advice", what, to)
			continue
		}
		c.target(at, to, what)
	}
}

func (c *checker) target(at Place, to block.Target, what string) {
	switch to.Kind {
	case "contact":
		if !isRole(to.ID) {
			c.known(at, c.Contacts.byID, "contact", to.ID, what)
		}
	case "record":
		c.known(at, c.Records.byID, "record", to.ID, what)
	case "text":
		c.known(at, c.Texts.byID, "text", to.ID, what)
	case "chapter":
		c.known(at, c.Chapters.byID, "chapter", to.ID, what)
		chapter, ok := c.Chapters.Get(to.ID)
		if ok && to.Anchor != "" && !hasMark(chapter, to.Anchor) {
			c.fault(at, "%s points to the paragraph #%s of chapter %s, which is not there", what, to.Anchor, to.ID)
		}
	case "setting":
		if to.ID != "" {
			c.known(at, c.Settings.byID, "setting", to.ID, what)
		}
	case "lead", "area", "now", "time", "signs":
	default:
		c.fault(at, "%s points to %s, which is no kind of thing; use contact, chapter, record, setting or text", what, to)
	}
}

func hasMark(chapter Chapter, id string) bool {
	for _, part := range chapter.Body.Body {
		if part.Mark.ID == id {
			return true
		}
	}
	return false
}

// words tries each word's own sentences, then looks for the word in all that people read.
func (c *checker) words() {
	for _, w := range c.Words.all {
		if w.find == nil || w.But == "" {
			c.fault(w.At, "word %q needs a pattern (not) and what to say instead (but)", w.ID)
			continue
		}
		for _, sentence := range w.Fail {
			if w.Found(sentence) == "" {
				c.fault(w.At, "word %q should catch %q and does not; mend the pattern or the sentence", w.ID, sentence)
			}
		}
		for _, sentence := range w.Pass {
			if found := w.Found(sentence); found != "" {
				c.fault(w.At, "word %q should let %q pass, but catches %q", w.ID, sentence, found)
			}
		}
		for _, s := range c.said {
			if found := w.Found(s.text); found != "" {
				c.fault(s.place, "says %q; write instead: %s", found, w.But)
			}
		}
	}
}

// Found gives the first use of the word in a text, or nothing. Its exceptions are cut out first.
func (w Word) Found(text string) string {
	for _, e := range w.except {
		text = e.ReplaceAllString(text, "…")
	}
	return w.find.FindString(text)
}

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
		case *Chapter:
			for _, part := range s.Body.Body {
				all = append(all, "paragraphs:"+s.ID+"#"+part.Mark.ID)
			}
		}
	})
	sort.Strings(all)
	return all
}

// published finds ids that were given out once and are gone without a word.
func (c *checker) published() {
	now := map[string]bool{}
	for _, id := range c.Published() {
		now[id] = true
	}
	for _, r := range c.retired {
		if r.Kind == "" || r.ID == "" || r.Why == "" || r.On.IsZero() {
			c.fault(Place{File: "pack.yaml"}, "a retired item needs kind, id, on and why (%s:%s)", r.Kind, r.ID)
		}
		if now[r.Kind+":"+r.ID] {
			c.fault(Place{File: "pack.yaml"}, "%s:%s is retired and yet in the pack; an id that was retired is never used again", r.Kind, r.ID)
		}
		now[r.Kind+":"+r.ID] = true
	}
	scan := bufio.NewScanner(strings.NewReader(c.ids[c.Manifest.ID]))
	for line := 1; scan.Scan(); line++ {
		id := strings.TrimSpace(scan.Text())
		if id != "" && !strings.HasPrefix(id, "#") && !now[id] {
			c.fault(Place{"ids.txt", line, 1}, "%s was published and is gone; ids never change, so bring it back, or list it under `retired` with a reason", id)
		}
	}
}
