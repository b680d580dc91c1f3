package content

import (
	"waymark/internal/block"
	"waymark/internal/web"
)

type guidanceView struct {
	Chapters []chapterEntry
	Changes  []change // the newest few
}

type chapterEntry struct {
	Title, Path string
	Summary     block.Text
	Parts       []heading
}

// newest is how many changes stand on the first page of the guidance.
const newest = 3

func (c *Content) guidance(r *web.Request) (web.Reply, error) {
	view := guidanceView{Changes: c.changesOf(r, "")}
	view.Changes = view.Changes[:min(newest, len(view.Changes))]
	for _, chapter := range r.Pack.Chapters.All() {
		path := "/guidance/" + chapter.ID
		e := chapterEntry{Title: chapter.Title, Path: path, Summary: chapter.Summary.Text.Resolve(c.refs(r))}
		for _, part := range headings(chapter.Body.Body) {
			if !part.Deeper {
				part.Href = path + part.Href
				e.Parts = append(e.Parts, part)
			}
		}
		view.Chapters = append(view.Chapters, e)
	}
	head := web.Head{Title: r.Say("content.guidance"), Description: r.Say("content.guidance.intro"), Section: "guidance", Crumbs: crumbs(r, "")}
	return web.Page(head, guidancePage(view)), nil
}
