package content

import (
	"slices"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// change is an entry of "what changed", with who has to act on it.
type change struct {
	ID       string
	On       string
	Says     block.Text
	WhoActs  string
	Doubt    string
	Sources  []source
	Chapters []chapterLink
}

// changedDay is what changed on one day.
type changedDay struct {
	On      string
	Changes []change
}

func (c *Content) changes(r *web.Request) (web.Reply, error) {
	var days []changedDay
	for _, one := range c.changesOf(r, "") {
		if last := len(days) - 1; last >= 0 && days[last].On == one.On {
			days[last].Changes = append(days[last].Changes, one)
			continue
		}
		days = append(days, changedDay{one.On, []change{one}})
	}
	head := web.Head{Title: r.Say("content.changes"), Description: r.Say("content.changes.intro"), Section: "guidance", Crumbs: crumbs(r, "guidance")}
	return web.Page(head, changesPage(days)), nil
}

// changesOf gives what changed in a chapter, or in all of them, the newest first. What lies ahead is not told yet.
func (c *Content) changesOf(r *web.Request, chapter string) []change {
	var all []change
	for _, one := range r.Pack.Changes.All() {
		if clock.Today(r.Now).Before(one.On) || chapter != "" && !slices.Contains(one.Chapters, chapter) {
			continue
		}
		all = append(all, c.change(r, one))
	}
	return all
}

func (c *Content) change(r *web.Request, of pack.Change) change {
	one := change{ID: of.ID, On: of.On.Words(), Says: of.Says.Text.Resolve(c.refs(r)), WhoActs: of.WhoActs, Sources: sourcesOf(r, of.Source)}
	if !of.Certainty.Sure() {
		one.Doubt = of.Doubt
	}
	for _, id := range of.Chapters {
		if chapter, ok := r.Pack.Chapters.Get(id); ok {
			one.Chapters = append(one.Chapters, linkTo(chapter))
		}
	}
	return one
}
