package content

import (
	"cmp"
	"slices"
	"strconv"

	"waymark/internal/clock"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// copyView says in truth what this copy is and what nobody has checked in it.
type copyView struct {
	Runs, Live, Counts []web.Row
	Hidden             []string
	Unrung             []item       // contacts whose number nobody here has rung
	Overdue            []item       // items that should have been read again by now
	Unsure             []unsureKind // items that need confirmation
	UnsureCount        string
}

type unsureKind struct {
	Title  string
	Doubts []unsureDoubt
}

// unsureDoubt is one sentence of doubt and what it is said of.
type unsureDoubt struct {
	Doubt string
	Items []item
}

func (c *Content) thisCopy(r *web.Request) (web.Reply, error) {
	all := items(r, plain(r.Pack))
	view := copyView{Runs: runs(r), Live: live(r), Hidden: r.Pack.Hidden, Counts: counts(r, all)}
	var unsure []item
	for _, one := range all {
		if overdue(r, one.About) && one.whole() {
			view.Overdue = append(view.Overdue, one)
		}
		if one.unsure() {
			unsure = append(unsure, one)
		}
		if one.unrung {
			view.Unrung = append(view.Unrung, one)
		}
	}
	slices.SortStableFunc(view.Overdue, func(a, b item) int {
		return cmp.Compare(a.About.ReviewBy.String(), b.About.ReviewBy.String())
	})
	view.Unsure, view.UnsureCount = byKindAndDoubt(r, unsure), strconv.Itoa(len(unsure))
	head := web.Head{Title: r.Say("content.copy"), Section: "about", Crumbs: crumbs(r, "about")}
	return web.Page(head, copyPage(view)), nil
}

func runs(r *web.Request) []web.Row {
	rows := []web.Row{{Key: r.Say("content.copy.who"), Value: cmp.Or(r.Site.RunBy, r.Say("content.copy.nobody"))}}
	if r.Site.Reach != "" {
		rows = append(rows, web.Row{Key: r.Say("content.copy.reach"), Value: r.Site.Reach})
	}
	if r.Site.Name != "" {
		rows = append(rows, web.Row{Key: r.Say("content.copy.name"), Value: r.Site.Name})
	}
	for _, area := range r.Pack.Areas.All() {
		if area.Own {
			rows = append(rows, web.Row{Key: r.Say("content.copy.area"), Value: area.Name})
		}
	}
	rows = append(rows, web.Row{Key: r.Say("content.copy.program"), Value: cmp.Or(r.Site.Version, r.Say("content.copy.unknown"))})
	if r.Site.Demo {
		rows = append(rows, web.Row{Key: r.Say("content.copy.demo"), Value: r.Say("content.copy.demo.yes")})
	}
	return rows
}

// live names the content layer by layer, the national one first.
func live(r *web.Request) []web.Row {
	var rows []web.Row
	for _, layer := range r.Pack.Layers {
		rows = append(rows, web.Row{Key: layer.Title, Of: layerLine(layer)})
	}
	return append(rows, web.Row{Key: r.Say("content.copy.digest"), Of: code(r.Pack.Digest[:min(16, len(r.Pack.Digest))])})
}

// counts says how much there is of each kind.
func counts(r *web.Request, all []item) []web.Row {
	var rows []web.Row
	n := map[string]int{}
	for _, one := range all {
		n[one.Kind]++
	}
	for _, kind := range kinds {
		if n[kind] > 0 {
			rows = append(rows, web.Row{Key: r.Say("content.kind." + kind), Value: strconv.Itoa(n[kind])})
		}
	}
	return rows
}

// byKindAndDoubt puts together what is unsure for the same reason, so that a long list can be read.
func byKindAndDoubt(r *web.Request, unsure []item) []unsureKind {
	var groups []unsureKind
	for _, kind := range kinds {
		var doubts []unsureDoubt
		at, n := map[string]int{}, 0
		for _, one := range unsure {
			if one.Kind != kind {
				continue
			}
			n++
			i, known := at[one.About.Doubt]
			if !known {
				i = len(doubts)
				at[one.About.Doubt] = i
				doubts = append(doubts, unsureDoubt{Doubt: one.About.Doubt})
			}
			doubts[i].Items = append(doubts[i].Items, one)
		}
		if n > 0 {
			title := r.Say("content.kind."+kind) + " (" + strconv.Itoa(n) + ")"
			groups = append(groups, unsureKind{title, doubts})
		}
	}
	return groups
}

// confirmed reports that somebody here rang the number and that it is not time to ring it again, or that it is one of
// those that are the same everywhere.
func confirmed(r *web.Request, c pack.Contact) bool {
	if (c.Role == "emergency" || c.Role == "police") && c.Area == "" {
		return true
	}
	return c.Confirmed != nil && !c.ReviewBy.Before(clock.Today(r.Now))
}
