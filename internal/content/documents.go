package content

import (
	"strings"

	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/search"
)

// Documents are the guidance and the pages about this copy as the search finds them: each chapter by all its words, since
// those that somebody types may stand in two of its parts, and each part by its own words and at its anchor.
func Documents(p *pack.Pack) []search.Document {
	var all []search.Document
	refs := plain(p)
	for _, chapter := range p.Chapters.All() {
		body := chapter.Body.Body.Resolve(refs)
		all = append(all, search.Document{
			Kind: "chapter", ID: chapter.ID, Path: "/guidance/" + chapter.ID, Title: chapter.Title,
			Summary: chapter.Summary.Text.Resolve(refs).Words(), Body: body.Words(), Year: chapter.Reviewed.Year,
		})
		all = append(all, parts(chapter, body)...)
	}
	for _, text := range aboutTexts(p) {
		all = append(all, search.Document{
			Kind: "page", ID: text.ID, Path: "/about/" + text.ID, Title: text.Title, Body: text.Body.Body.Resolve(refs).Words(),
			Year: text.Reviewed.Year,
		})
	}
	return all
}

// parts gives one document for each heading and what stands under it. What stands before the first heading belongs to
// the chapter's own page.
func parts(chapter pack.Chapter, body block.Body) []search.Document {
	var all []search.Document
	for i, part := range body {
		if part.Kind != block.Heading || part.Mark.ID == "" {
			continue
		}
		end := i + 1
		for end < len(body) && body[end].Kind != block.Heading {
			end++
		}
		words := strings.TrimSpace(body[i+1 : end].Words())
		if words == "" {
			continue
		}
		all = append(all, search.Document{
			Kind: "paragraph", ID: chapter.ID + "#" + part.Mark.ID, Path: "/guidance/" + chapter.ID + "#" + part.Mark.ID,
			Title: part.Text.Words() + " – " + chapter.Title, Body: words, Year: chapter.Reviewed.Year,
		})
	}
	return all
}
