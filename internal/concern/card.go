package concern

import (
	"waymark/internal/block"
	"waymark/internal/fault"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// cardView is a one-minute card: five signs, the first thing to do, whom to call, what never to do.
type cardView struct {
	pack.Setting
	Signs        []block.Text
	First, Never block.Text
	Call         []block.Contact
	Address      string // of the check for this setting, as the code says it
	Version      string
}

// cardCalls is whom every card names. A card is kept and printed, so it does not follow the hour.
var cardCalls = []string{"front-door", "out-of-hours", "police", "emergency"}

// cards lists the cards.
func (c *Concern) cards(r *web.Request) (web.Reply, error) {
	return web.Page(web.Head{Section: "cards", Private: true, Exit: true}, cardsPage(r.Pack.Settings.All())), nil
}

// card shows one card, for a phone and for a sheet of four.
func (c *Concern) card(r *web.Request) (web.Reply, error) {
	s, ok := r.Pack.Settings.Get(r.PathValue("setting"))
	if !ok {
		return nil, fault.Of(fault.NotFound, "card of a setting")
	}
	own := r.Pack.Areas.All()
	area, nation := "", ""
	if len(own) > 0 && own[0].Own {
		area, nation = own[0].ID, own[0].Nation
	}
	a := Answer{Setting: s, At: r.Now}
	resolve := r.Pack.Targets(a.speak(r.Pack, r.Words, c.Directory.Resolver(r.Pack, r.Now, area, nation)))
	view := cardView{
		Setting: s, First: s.Card.First.Text.Resolve(resolve), Never: s.Card.Never.Text.Resolve(resolve),
		Call:    inOrder(c.Directory.Open(r.Pack, r.Now, area, nation, cardCalls...), cardCalls),
		Address: r.Address("/concern/" + s.ID), Version: r.Pack.Version(),
	}
	for _, id := range s.Card.Signs {
		_, sign, _ := r.Pack.Sign(id)
		view.Signs = append(view.Signs, sign.Says.Text.Resolve(resolve))
	}
	return web.Page(web.Head{Section: "cards", Private: true, Exit: true}, cardPage(view)), nil
}

// code draws the code that leads a phone to the check for this setting.
func (c *Concern) code(r *web.Request) (web.Reply, error) {
	s, ok := r.Pack.Settings.Get(r.PathValue("setting"))
	if !ok {
		return nil, fault.Of(fault.NotFound, "code of a setting")
	}
	svg, err := web.QRCode(r.Address("/concern/" + s.ID))
	if err != nil {
		return nil, err
	}
	return web.Bytes("image/svg+xml", svg), nil
}

// indicator shows one shared sign: what it can look like, what else it can mean, and what to do with it.
func (c *Concern) indicator(r *web.Request) (web.Reply, error) {
	i, ok := r.Pack.Indicators.Get(r.PathValue("indicator"))
	if !ok {
		return nil, fault.Of(fault.NotFound, "indicator")
	}
	resolve := r.Pack.Targets(c.Directory.Resolver(r.Pack, r.Now, "", ""))
	view := indicatorView{Indicator: i, Words: i.Says.Text.Resolve(resolve), Looks: i.Looks.Body.Resolve(resolve), Else: i.Else.Body.Resolve(resolve), Do: i.Do.Body.Resolve(resolve)}
	group, _ := r.Pack.Groups.Get(i.Group)
	view.GroupTitle = group.Title
	view.Sources = sourcesOf(r.Pack, i.About)
	for _, s := range r.Pack.Settings.All() {
		for _, sign := range s.Signs {
			if sign.Indicator == i.ID {
				view.InWords = append(view.InWords, inWords{s.ID, s.Name, sign.Says.Words(), sign.About, sourcesOf(r.Pack, sign.About)})
			}
		}
	}
	return web.Page(web.Head{Title: view.Words.Words(), Section: "cards", Crumbs: []web.Crumb{{Label: r.Say("concern.cards.title"), Href: "/cards"}}}, indicatorPage(view)), nil
}

type indicatorView struct {
	pack.Indicator
	Words           block.Text
	Looks, Else, Do block.Body
	GroupTitle      string
	Sources         []pack.Source
	InWords         []inWords
}

// inWords is how one setting says the sign. It has a source and a certainty of its own: a sign may be read in a list for
// the police and only be known from practice in a surgery.
type inWords struct {
	ID, Setting, Says string
	pack.About
	Sources []pack.Source
}

func sourcesOf(p *pack.Pack, about pack.About) []pack.Source {
	var all []pack.Source
	for _, id := range about.Source {
		if s, ok := p.Sources.Get(id); ok {
			all = append(all, s)
		}
	}
	return all
}
