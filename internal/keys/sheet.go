package keys

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strconv"

	"waymark/internal/clock"
	"waymark/internal/lang"
	"waymark/internal/seal"
)

// Text is what the sheet says.
//
//go:embed text
var Text embed.FS

//go:embed sheet.html
var sheetHTML string

var sheetPage = template.Must(template.New("sheet").Funcs(template.FuncMap{"add": func(a, b int) int { return a + b }}).Parse(sheetHTML))

type sheet struct {
	Lang, Tab                     string
	Lines, How, Keep, Asked, Gone string
	Boxes                         []string
	Parts                         []sheetPart
}

type sheetPart struct {
	Title, What, Foot string
	Lines             []string
	Keep, Asked, Gone []string
}

// WriteSheet parts the master key in three and writes them for print, one page for each of three people, with what they
// need to know. copyName is what this copy of Waymark is called; it may be empty. Nothing on it says what Waymark is for:
// a page that is found by chance should make nobody curious.
func WriteSheet(w io.Writer, m seal.Master, words *lang.Words, copyName string, made clock.Date) error {
	parts, err := m.Split()
	if err != nil {
		return fmt.Errorf("part the master key: %w", err)
	}
	if copyName == "" {
		copyName = words.Say("keys.sheet.thiscopy")
	}
	page := sheet{Lang: words.Tag, Tab: words.Say("keys.sheet.tab")}
	for line, key := range map[*string]string{&page.Lines: "lines", &page.How: "how", &page.Keep: "keep", &page.Asked: "asked", &page.Gone: "gone"} {
		*line = words.Say("keys.sheet." + key)
	}
	for _, key := range []string{"who", "where", "since", "ask"} {
		page.Boxes = append(page.Boxes, words.Say("keys.sheet."+key))
	}
	for _, part := range parts {
		say := func(key string) string {
			return words.Say("keys.sheet."+key, "number", strconv.Itoa(part.Number()), "all", strconv.Itoa(seal.Shares), "copy", copyName, "fingerprint", m.Fingerprint(), "made", made.Words())
		}
		list := func(key string, n int) (all []string) {
			for i := range n {
				all = append(all, say(key+"."+strconv.Itoa(i+1)))
			}
			return all
		}
		lines := part.Reveal()
		page.Parts = append(page.Parts, sheetPart{
			Title: say("title"), What: say("what"), Foot: say("foot"), Lines: lines[:],
			Keep: list("keep", 4), Asked: list("asked", 2), Gone: list("gone", 3),
		})
	}
	return sheetPage.Execute(w, page)
}
