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
					c.fault(at, "%s uses %s, which has a meaning only in settings and advice", what, to)
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
