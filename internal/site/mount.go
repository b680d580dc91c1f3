package site

import (
	"fmt"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/concern"
	"waymark/internal/contacts"
	"waymark/internal/content"
	"waymark/internal/library"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// mount makes the rooms, hands each what it asked for, and builds the handler.
func (s *Site) mount() error {
	check := &concern.Concern{Directory: directory{}}
	register := &contacts.Contacts{}
	shelves := &library.Library{Index: s.Index, Refs: refs}
	guidance := &content.Content{Refs: refs, Places: places}
	routes := []web.Route{
		web.Get("/health", access.Anyone, s.health),
		web.Get("/robots.txt", access.Anyone, s.robots),
		web.Get("/sitemap.xml", access.Anyone, s.sitemap, web.Kept),
	}
	routes = append(routes, check.Routes()...)
	routes = append(routes, register.Routes()...)
	routes = append(routes, shelves.Routes()...)
	routes = append(routes, guidance.Routes()...)
	private, staff, records := s.records()
	routes = append(routes, records...)
	about := s.cfg.Site
	about.Staff = staff
	about.OpenSearch = "/opensearch.xml"
	about.Nav = []web.Entry{
		{Section: "concern", Path: "/concern", Says: "web.nav.concern"}, {Section: "cards", Path: "/cards", Says: "web.nav.cards"},
		{Section: "guidance", Path: "/guidance", Says: "web.nav.guidance"}, {Section: "library", Path: "/library", Says: "web.nav.library"},
		{Section: "contacts", Path: "/contacts", Says: "web.nav.contacts"},
	}
	if private != nil {
		about.Nav = append(about.Nav, web.Entry{Section: "account", Path: private.SignIn, Says: "web.nav.signin"})
	}
	about.Foot = []web.Entry{
		{Path: "/about", Says: "web.foot.about"}, {Path: "/about/privacy", Says: "web.foot.privacy"},
		{Path: "/about/accessibility", Says: "web.foot.accessibility"}, {Path: "/about/terms", Says: "web.foot.terms"},
		{Path: "/about/site-map", Says: "web.foot.sitemap"},
	}
	handler, err := web.New(web.Config{
		Now: s.cfg.Now, Live: s.Pack, Emergency: s.emergency, Words: s.words, Language: s.cfg.Language,
		Site: about, Log: s.cfg.Log, Development: s.cfg.Development, Demo: s.cfg.Demo, Private: private,
	}, routes...)
	if err != nil {
		return fmt.Errorf("mount the rooms: %w", err)
	}
	s.handler = handler
	return nil
}

// refs turns contacts in public texts into names and numbers. Pages with them are kept for a day, so that what they say
// is that of noon, not that of whoever asked first.
func refs(r *web.Request) block.Resolver {
	return contacts.Resolver(r.Pack, clock.Today(r.Now).At(12, 0), "", "")
}

// emergency is whom every page names for danger now.
func (s *Site) emergency(p *pack.Pack) block.Contact {
	found := contacts.Open(p, s.cfg.Now(), "", "", "emergency")
	return found[0] // a pack without one does not load
}

// health says that the copy answers and what it shows; nothing about anyone.
func (s *Site) health(r *web.Request) (web.Reply, error) {
	return web.Bytes("text/plain; charset=utf-8", []byte("ok\n"+r.Pack.Version()+"\n"+clock.Today(r.Now).String()+"\n")), nil
}
