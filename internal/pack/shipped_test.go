package pack

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"waymark/internal/block"
)

func shipped(t *testing.T) *Pack {
	t.Helper()
	p, err := Load(os.DirFS("../../packs/england-wales"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNoShippedTextShowsMarksOfMarkdownOrAPlaceholder(t *testing.T) {
	p := shipped(t)
	resolve := p.Targets(func(to block.Target) block.Text { return block.Text{{Words: "somebody"}} })
	texts := 0
	p.shelves(func(kind string, item *Item, whole any) {
		eachText(reflect.ValueOf(whole).Elem(), func(_ Place, source string, _ []block.Target) {
			body, err := block.Parse(source)
			if err != nil {
				t.Errorf("%s %s: %v", kind, item.ID, err)
			}
			texts++
			if words := body.Resolve(resolve).Words(); strings.ContainsAny(words, "{}*`") || strings.Contains(words, "](") {
				t.Errorf("%s %s shows %q", kind, item.ID, words)
			}
		})
	})
	if texts < 500 {
		t.Errorf("only %d texts were looked at", texts)
	}
}

func TestEveryShippedReferenceLeadsSomewhere(t *testing.T) {
	p := shipped(t)
	resolve := p.Targets(func(to block.Target) block.Text { return nil })
	p.shelves(func(kind string, item *Item, whole any) {
		eachText(reflect.ValueOf(whole).Elem(), func(_ Place, _ string, targets []block.Target) {
			for _, to := range targets {
				switch to.Kind {
				case "chapter", "record", "text":
					if shown := resolve(to); len(shown) != 1 || shown[0].Style != block.Link || shown[0].Words == "" {
						t.Errorf("%s %s: %s shows %v", kind, item.ID, to, shown)
					}
				}
			}
		})
	})
}

func TestWordsToAvoidAreFoundWithOrWithoutTheirShortCut(t *testing.T) {
	p := shipped(t)
	for _, w := range p.Words.All() {
		slow := w
		slow.find.needs = need{}
		for i := range slow.except {
			slow.except[i].needs = need{}
		}
		for _, one := range append(append([]string{}, w.Fail...), w.Pass...) {
			if w.Found(one) != slow.Found(one) {
				t.Errorf("word %s: %q is found as %q and as %q", w.ID, one, w.Found(one), slow.Found(one))
			}
		}
	}
}
