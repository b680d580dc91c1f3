package web

import (
	"context"
	"io"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"waymark/internal/block"
)

// BodyOf shows a longer text as it is.
func BodyOf(body block.Body) templ.Component { return bodyOf(parts(body), nil) }

// BodyMarked shows a chapter: every part with a mark has its anchor and a link to it, and aside, if given, says behind
// the part where it comes from and how sure it is.
func BodyMarked(body block.Body, aside func(block.Block) templ.Component) templ.Component {
	if aside == nil {
		aside = func(block.Block) templ.Component { return templ.NopComponent }
	}
	return bodyOf(parts(body), aside)
}

// TextOf shows one line.
func TextOf(text block.Text) templ.Component { return textOf(text) }

// part is a block with the id that it has on its page.
type part struct {
	block.Block
	id string
}

// parts gives every heading an id: its mark, or its words with hyphens, told apart by a number where two are alike.
func parts(body block.Body) []part {
	all := make([]part, len(body))
	seen := map[string]int{}
	for i, b := range body {
		all[i] = part{b, b.Mark.ID}
		if b.Kind == block.Heading && b.Mark.ID == "" {
			all[i].id = slug(b.Text.Words())
		}
		if id := all[i].id; id != "" {
			if seen[id]++; seen[id] > 1 {
				all[i].id = id + "-" + string(rune('0'+seen[id]%10))
			}
		}
	}
	return all
}

func slug(words string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(words) {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

func bodySampleText() block.Body {
	body, err := block.Parse("## A heading\n\nA paragraph with **strong** and *stressed* words and a [link](/components).\n{#sample-1}\n\n- one thing\n- another thing\n\n1. First do this.\n2. Then do that.\n\n> Words that somebody said.\n")
	if err != nil {
		panic(err) // it stands above
	}
	return body
}

// textOf writes the spans one behind the other. It is written by hand because templ sets spaces between its elements,
// and here the only spaces are those of the words themselves.
func textOf(text block.Text) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, s := range text {
			writeSpan(&b, s)
			b.WriteString(templ.EscapeString(s.After))
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}

func writeSpan(b *strings.Builder, s block.Span) {
	words, href := templ.EscapeString(s.Words), templ.EscapeString(string(templ.URL(s.Href)))
	switch s.Style {
	case block.Strong:
		b.WriteString("<strong>" + words + "</strong>")
	case block.Stress:
		b.WriteString("<em>" + words + "</em>")
	case block.Link:
		away := "" // a link that leads away keeps to ourselves where somebody came from
		if !strings.HasPrefix(s.Href, "/") && !strings.HasPrefix(s.Href, "#") {
			away = ` rel="noreferrer"`
		}
		b.WriteString(`<a class="govuk-link" href="` + href + `"` + away + `>` + words + `</a>`)
	case block.Phone:
		b.WriteString(`<a class="govuk-link wm-phone" href="` + href + `"><bdi dir="ltr">` + words + `</bdi></a>`)
	case block.Ref:
		b.WriteString(templ.EscapeString(refWords(s)))
	default:
		b.WriteString(words)
	}
}

// refWords is what stands for a reference that nobody resolved: plain words, never braces.
func refWords(s block.Span) string {
	if s.Words != "" {
		return s.Words
	}
	return strings.ReplaceAll(strings.TrimSpace(s.To.Kind+" "+s.To.ID), "-", " ")
}
