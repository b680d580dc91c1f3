package content

import "waymark/internal/web"

type placeGroup struct {
	Title  string
	Places []Place
}

// siteMap lists every page that somebody may look for: the other rooms' first, then the guidance and what is about this copy.
func (c *Content) siteMap(r *web.Request) (web.Reply, error) {
	var places []Place
	if c.Places != nil {
		places = c.Places(r)
	}
	guidance, about := r.Say("content.guidance"), r.Say("content.about")
	places = append(places, Place{guidance, r.Say("content.map.guidance"), "/guidance"})
	for _, chapter := range r.Pack.Chapters.All() {
		places = append(places, Place{guidance, chapter.Title, "/guidance/" + chapter.ID})
	}
	places = append(places, Place{guidance, r.Say("content.changes"), "/guidance/changes"}, Place{guidance, r.Say("content.paper"), "/guidance/paper"}, Place{about, about, "/about"})
	for _, text := range aboutTexts(r.Pack) {
		places = append(places, Place{about, text.Title, "/about/" + text.ID})
	}
	places = append(places, Place{about, r.Say("content.copy"), "/about/this-copy"})
	head := web.Head{Title: r.Say("content.map"), Section: "about", Crumbs: crumbs(r, "about")}
	return web.Page(head, mapPage(grouped(places))), nil
}

// grouped puts places under their headings, each heading once, in the order in which it first comes.
func grouped(places []Place) []placeGroup {
	var groups []placeGroup
	at := map[string]int{}
	for _, place := range places {
		i, known := at[place.Under]
		if !known {
			i = len(groups)
			at[place.Under] = i
			groups = append(groups, placeGroup{Title: place.Under})
		}
		groups[i].Places = append(groups[i].Places, place)
	}
	return groups
}
