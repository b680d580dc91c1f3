// Package content shows what Waymark says at length: the guidance, chapter by chapter, what changed in it, and the
// pages about this copy. It adds no word of its own to the guidance; it says where each paragraph comes from and how
// sure it is.
package content

import (
	"embed"
	"fmt"
	"strings"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/fault"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// Text is what this room says; lang.Read gathers it.
//
//go:embed text/*.yaml
var Text embed.FS

// Content is the room of guidance and of the pages about this copy.
type Content struct {
	// Refs says what stands for {contact:…} in a text. Its answer must hold for the whole day, since pages are kept
	// until the day changes. Nil names contacts without their numbers.
	Refs func(*web.Request) block.Resolver
	// Places are the pages of the other rooms, for the site map. Nil shows those of this room alone.
	Places func(*web.Request) []Place
}

// Place is one page on the site map.
type Place struct{ Under, Says, Path string }

// Routes are the pages of this room.
func (c *Content) Routes() []web.Route {
	return []web.Route{
		web.Get("/guidance", access.Anyone, c.guidance, web.Kept),
		web.Get("/guidance/changes", access.Anyone, c.changes, web.Kept),
		web.Get("/guidance/paper", access.Anyone, c.paper, web.Kept),
		web.Get("/guidance/{chapter}", access.Anyone, c.chapter, web.Kept),
		web.Get("/about", access.Anyone, c.about, web.Kept),
		web.Get("/about/site-map", access.Anyone, c.siteMap, web.Kept),
		web.Get("/about/this-copy", access.Anyone, c.thisCopy, web.Kept),
		web.Get("/about/{text}", access.Anyone, c.text, web.Kept),
	}
}

// Paths lists the pages of this room, for sitemap.xml.
func Paths(p *pack.Pack) []string {
	paths := []string{"/guidance", "/guidance/changes", "/guidance/paper", "/about", "/about/site-map", "/about/this-copy"}
	for _, chapter := range p.Chapters.All() {
		paths = append(paths, "/guidance/"+chapter.ID)
	}
	for _, text := range aboutTexts(p) {
		paths = append(paths, "/about/"+text.ID)
	}
	return paths
}

// refs resolves every reference of a text.
func (c *Content) refs(r *web.Request) block.Resolver {
	if c.Refs == nil {
		return plain(r.Pack)
	}
	return r.Pack.Targets(c.Refs(r))
}

// plain resolves references without numbers: a contact is named, and that is all.
func plain(p *pack.Pack) block.Resolver {
	return p.Targets(func(to block.Target) block.Text {
		c, ok := p.Contacts.Get(to.ID)
		if all := p.Role(to.ID, ""); !ok && len(all) > 0 {
			c, ok = all[0], true
		}
		switch {
		case ok && c.Short != "":
			return block.Text{{Words: c.Short}}
		case ok:
			return block.Text{{Words: c.Name}}
		}
		return block.Text{{Words: to.ID}}
	})
}

func crumbs(r *web.Request, section string) []web.Crumb {
	up := []web.Crumb{{Label: r.Say("web.nav.home"), Href: "/"}}
	if section != "" {
		up = append(up, web.Crumb{Label: r.Say("web.nav." + section), Href: "/" + section})
	}
	return up
}

func notFound(what string) error { return fmt.Errorf("show %s: %w", what, fault.NotFound) }

// aboutTexts are the texts that are pages about this copy. The others are passages of other rooms' pages.
func aboutTexts(p *pack.Pack) []pack.Passage {
	var texts []pack.Passage
	for _, text := range p.Texts.All() {
		if isAbout(text.ID) {
			texts = append(texts, text)
		}
	}
	return texts
}

func isAbout(id string) bool {
	return id == "accessibility" || id == "privacy" || id == "terms" || strings.HasPrefix(id, "about-")
}
