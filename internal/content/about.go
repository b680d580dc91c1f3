package content

import (
	"waymark/internal/block"
	"waymark/internal/pack"
	"waymark/internal/web"
)

type aboutView struct {
	Title string
	Body  block.Body
	About origin
	More  []Place // on the first page: the other pages about this copy
}

func (c *Content) about(r *web.Request) (web.Reply, error) {
	view := aboutView{Title: r.Say("content.about")}
	if text, ok := r.Pack.Texts.Get("about"); ok {
		view = c.passage(r, text)
	}
	for _, text := range aboutTexts(r.Pack) {
		view.More = append(view.More, Place{Says: text.Title, Path: "/about/" + text.ID})
	}
	view.More = append(view.More, Place{Says: r.Say("content.copy"), Path: "/about/this-copy"}, Place{Says: r.Say("content.map"), Path: "/about/site-map"})
	head := web.Head{Title: view.Title, Section: "about", Crumbs: crumbs(r, "")}
	return web.Page(head, aboutPage(view)), nil
}

// text shows one of the texts about this copy. A text that another room shows has its page under its own id.
func (c *Content) text(r *web.Request) (web.Reply, error) {
	text, ok := r.Pack.Texts.Get(r.PathValue("text"))
	switch {
	case !ok:
		return nil, notFound("a text")
	case !isAbout(text.ID):
		return web.Redirect("/" + text.ID), nil
	}
	view := c.passage(r, text)
	return web.Page(web.Head{Title: view.Title, Section: "about", Crumbs: crumbs(r, "about")}, aboutPage(view)), nil
}

func (c *Content) passage(r *web.Request, text pack.Passage) aboutView {
	return aboutView{Title: text.Title, Body: text.Body.Body.Resolve(c.refs(r)), About: originOf(r, text.About)}
}
