package content

import (
	"slices"

	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/web"
)

type guidanceView struct {
	Parts   []guidancePart
	Changes []change // the newest few
}

// guidancePart is the chapters under one heading. Those without a part stand last, under none.
type guidancePart struct {
	Title    string
	Chapters []chapterEntry
}

type chapterEntry struct {
	Title, Path string
	Summary     block.Text
}

// newest is how many changes stand on the first page of the guidance.
const newest = 3

func (c *Content) guidance(r *web.Request) (web.Reply, error) {
	view := guidanceView{Changes: c.changesOf(r, "")}
	view.Changes = view.Changes[:min(newest, len(view.Changes))]
	byPart := map[string][]chapterEntry{}
	for _, chapter := range r.Pack.Chapters.All() {
		path := "/guidance/" + chapter.ID
		e := chapterEntry{Title: chapter.Title, Path: path, Summary: chapter.Summary.Text.Resolve(c.refs(r))}
		byPart[chapter.Part] = append(byPart[chapter.Part], e)
	}
	for _, part := range append(slices.Clone(r.Pack.Parts.All()), pack.Named{}) {
		if chapters := byPart[part.ID]; len(chapters) > 0 {
			view.Parts = append(view.Parts, guidancePart{part.Title, chapters})
		}
	}
	head := web.Head{Wide: true, Title: r.Say("content.guidance"), Description: r.Say("content.guidance.intro"), Section: "guidance", Crumbs: crumbs(r, "")}
	return web.Page(head, guidancePage(view)), nil
}
