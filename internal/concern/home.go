package concern

import (
	"waymark/internal/block"
	"waymark/internal/fault"
	"waymark/internal/web"
)

// home is the first page: danger, then three doors.
func (c *Concern) home(r *web.Request) (web.Reply, error) {
	return web.Page(web.Head{Section: "home", Description: r.Say("concern.home.about")}, homePage()), nil
}

// door is a short page for somebody who is not a professional: whom to talk to and what will happen.
func (c *Concern) door(text string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		passage, ok := r.Pack.Texts.Get(text)
		if !ok {
			return nil, fault.Of(fault.NotFound, "text %s", text)
		}
		resolve := r.Pack.Targets(c.Directory.Resolver(r.Pack, r.Now, "", ""))
		return web.Page(web.Head{Private: true, Exit: true}, doorPage(passage.Title, passage.Body.Resolve(resolve), c.doorContacts(r, passage.Body.Targets()))), nil
	}
}

// doorContacts are those that the text names, each once.
func (c *Concern) doorContacts(r *web.Request, targets []block.Target) []block.Contact {
	var wanted []string
	for _, to := range targets {
		if to.Kind == "contact" {
			wanted = added(wanted, to.ID)
		}
	}
	return c.Directory.Open(r.Pack, r.Now, "", "", wanted...)
}
