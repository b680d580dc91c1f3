package site

import (
	"encoding/xml"
	"slices"

	"waymark/internal/content"
	"waymark/internal/library"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// places are the pages of the rooms that the site map shows beside the guidance.
func places(r *web.Request) []content.Place {
	all := []content.Place{
		{Under: r.Say("web.nav.concern"), Says: r.Say("concern.door.worried"), Path: "/concern"},
		{Under: r.Say("web.nav.concern"), Says: r.Say("concern.door.under18"), Path: "/under-18"},
		{Under: r.Say("web.nav.concern"), Says: r.Say("concern.door.neighbour"), Path: "/not-a-professional"},
		{Under: r.Say("web.nav.contacts"), Says: r.Say("web.nav.contacts"), Path: "/contacts"},
		{Under: r.Say("web.nav.library"), Says: r.Say("web.nav.library"), Path: "/library"},
		{Under: r.Say("web.nav.cards"), Says: r.Say("web.nav.cards"), Path: "/cards"},
	}
	for _, s := range r.Pack.Settings.All() {
		all = append(all, content.Place{Under: r.Say("web.nav.cards"), Says: s.Name, Path: "/cards/" + s.ID})
	}
	return all
}

// public lists the pages that search engines may know. The check, the register and the doors are not among them.
func public(p *pack.Pack) []string {
	return slices.Concat([]string{"/"}, content.Paths(p), library.Paths(p))
}

// robots lets search engines read what is public and nothing that somebody asks.
func (s *Site) robots(r *web.Request) (web.Reply, error) {
	text := "User-agent: *\nDisallow: /concern\nDisallow: /library?\nSitemap: " + r.Address("/sitemap.xml") + "\n"
	return web.Bytes("text/plain; charset=utf-8", []byte(text)), nil
}

type urlset struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL
}

type sitemapURL struct {
	XMLName xml.Name `xml:"url"`
	Loc     string   `xml:"loc"`
}

func (s *Site) sitemap(r *web.Request) (web.Reply, error) {
	var set urlset
	for _, path := range public(r.Pack) {
		set.URLs = append(set.URLs, sitemapURL{Loc: r.Address(path)})
	}
	raw, err := xml.MarshalIndent(set, "", " ")
	if err != nil {
		return nil, err
	}
	return web.Bytes("application/xml; charset=utf-8", append([]byte(xml.Header), raw...)), nil
}
