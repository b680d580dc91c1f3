package content

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/web"
)

type chapterView struct {
	Title         string
	Summary       block.Text
	Contents      []heading
	Body          block.Body
	Aside         func(block.Block) templ.Component
	About         origin
	Sources       []source
	See           []seeGroup
	Changes       []change
	Before, After chapterLink
}

type heading struct {
	Says, Href string
	Deeper     bool
}

type chapterLink struct{ Title, Path string }

// seeGroup is what to go on with: tools, other chapters, the library.
type seeGroup struct {
	Title string
	Links []block.Text
}

func (c *Content) chapter(r *web.Request) (web.Reply, error) {
	chapter, ok := r.Pack.Chapters.Get(r.PathValue("chapter"))
	if !ok {
		return nil, notFound("a chapter")
	}
	refs := c.refs(r)
	view := chapterView{
		Title:   chapter.Title,
		Summary: chapter.Summary.Text.Resolve(refs),
		Body:    chapter.Body.Body.Resolve(refs),
		About:   originOf(r, chapter.About),
		Sources: chapterSources(r, chapter),
		See:     c.see(r, chapter),
		Changes: c.changesOf(r, chapter.ID),
	}
	view.Contents = headings(view.Body)
	view.Aside = func(part block.Block) templ.Component {
		if part.Kind == block.Heading {
			return templ.NopComponent
		}
		return paragraphAside(asideOf(r, chapter, part.Mark))
	}
	view.Before, view.After = neighbours(r.Pack, chapter.ID)
	head := web.Head{Wide: true, Title: chapter.Title, Description: view.Summary.Words(), Section: "guidance", Crumbs: crumbs(r, "guidance"),
		JSONLD: map[string]any{"@context": "https://schema.org", "@type": "Article", "headline": chapter.Title,
			"description": view.Summary.Words(), "dateModified": chapter.Reviewed.String(), "isAccessibleForFree": true}}
	return web.Page(head, chapterPage(view)), nil
}

// headings lists what stands in a chapter, by the anchors that never change.
func headings(body block.Body) []heading {
	var all []heading
	for _, part := range body {
		if part.Kind == block.Heading && part.Mark.ID != "" {
			all = append(all, heading{part.Text.Words(), "#" + part.Mark.ID, part.Level > 2})
		}
	}
	return all
}

func neighbours(p *pack.Pack, id string) (before, after chapterLink) {
	all := p.Chapters.All()
	at := slices.IndexFunc(all, func(c pack.Chapter) bool { return c.ID == id })
	if at > 0 {
		before = linkTo(all[at-1])
	}
	if at+1 < len(all) {
		after = linkTo(all[at+1])
	}
	return before, after
}

func linkTo(c pack.Chapter) chapterLink { return chapterLink{c.Title, "/guidance/" + c.ID} }

// seeKinds are the kinds of thing that a chapter sends its reader on to, in their order on the page.
var seeKinds = []string{"setting", "chapter", "record", "text", "contact"}

func (c *Content) see(r *web.Request, chapter pack.Chapter) []seeGroup {
	refs := c.refs(r)
	var groups []seeGroup
	for _, kind := range seeKinds {
		group := seeGroup{Title: r.Say("content.see." + kind)}
		for _, one := range chapter.See {
			if of, rest, ok := strings.Cut(one, ":"); ok && of == kind {
				id, anchor, _ := strings.Cut(rest, "#")
				group.Links = append(group.Links, refs(block.Target{Kind: kind, ID: id, Anchor: anchor}))
			}
		}
		if len(group.Links) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}
