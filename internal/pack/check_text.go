package pack

import (
	"fmt"
	"reflect"
	"strings"

	"waymark/internal/block"
)

// bodies checks every {reference} in every text.
func (c *checker) bodies() {
	c.shelves(func(kind string, item *Item, whole any) {
		what := fmt.Sprintf("%s %q", oneOf(kind), item.ID)
		spoken := kind == "settings" || kind == "advice"
		eachText(reflect.ValueOf(whole).Elem(), func(at Place, source string, targets []block.Target) {
			for _, to := range targets {
				at := at.down(strings.Count(source[:max(0, strings.Index(source, to.String()))], "\n"))
				if to.ID == "" && !spoken {
					c.fault(at, "%s uses %s, which has a meaning only in settings and advice; write the words out", what, to)
					continue
				}
				c.target(at, to, what)
			}
		})
	})
}

// eachText walks every Markdown text of an item.
func eachText(v reflect.Value, visit func(at Place, source string, targets []block.Target)) {
	switch text := v.Interface().(type) {
	case Text:
		visit(text.At, text.Source, text.Targets())
		return
	case Body:
		visit(text.At, text.Source, text.Targets())
		return
	}
	switch {
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			eachText(v.Index(i), visit)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "Ready" {
				eachText(v.Field(i), visit)
			}
		}
	}
}

func (c *checker) target(at Place, to block.Target, what string) {
	switch to.Kind {
	case "contact":
		if !isRole(to.ID) {
			known(c, at, c.Contacts, to.ID, what)
		}
	case "record":
		known(c, at, c.Records, to.ID, what)
	case "text":
		known(c, at, c.Texts, to.ID, what)
	case "chapter":
		known(c, at, c.Chapters, to.ID, what)
		chapter, ok := c.Chapters.Get(to.ID)
		if ok && to.Anchor != "" && !hasMark(chapter, to.Anchor) {
			c.fault(at, "%s points to the paragraph #%s of chapter %q, which is not there; mend it, or mark the paragraph with {#%s}", what, to.Anchor, to.ID, to.Anchor)
		}
	case "setting":
		if to.ID != "" {
			known(c, at, c.Settings, to.ID, what)
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
