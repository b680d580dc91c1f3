package content

import (
	"slices"
	"strconv"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// origin is where words come from, how sure they are, and when they are read again.
type origin struct {
	Certainty string
	Doubt     string // said in the open
	Sources   []source
	Reviewed  string
	ReviewBy  string
	Overdue   bool
	Owner     string
}

// source is a line of a list of sources.
type source struct {
	ID    string
	Title string
	By    string // who published it, and when
	URL   string
	Read  string // how much of it was read
}

func originOf(r *web.Request, a pack.About) origin {
	o := origin{
		Certainty: r.Say("content.certainty." + string(a.Certainty)),
		Reviewed:  a.Reviewed.Words(), ReviewBy: a.ReviewBy.Words(), Owner: a.Owner,
		Overdue: overdue(r, a),
		Sources: sourcesOf(r, a.Source),
	}
	if !a.Certainty.Sure() {
		o.Doubt = a.Doubt
	}
	return o
}

func overdue(r *web.Request, a pack.About) bool { return a.ReviewBy.Before(clock.Today(r.Now)) }

func sourcesOf(r *web.Request, ids []string) []source {
	var all []source
	for _, id := range ids {
		s, ok := r.Pack.Sources.Get(id)
		if !ok {
			continue
		}
		by := s.Publisher
		if s.Year > 0 {
			by += ", " + strconv.Itoa(s.Year)
		}
		line := source{ID: s.ID, Title: s.Title, By: by, URL: s.URL}
		if s.Read != "" {
			line.Read = r.Say("content.read." + s.Read)
		}
		all = append(all, line)
	}
	return all
}

// aside is what stands behind a paragraph: whether it must or should be done, what nobody has confirmed, and folded,
// where it was read.
type aside struct {
	Strength string
	Says     string
	origin
}

// asideOf joins what a paragraph says of itself with what its chapter says of all.
func asideOf(r *web.Request, chapter pack.Chapter, mark block.Mark) aside {
	about := chapter.About
	if len(mark.Source) > 0 {
		about.Source = mark.Source
	}
	if mark.Certainty != "" {
		about.Certainty = pack.Certainty(mark.Certainty)
	}
	if mark.Doubt != "" {
		about.Doubt = mark.Doubt
	}
	a := aside{origin: originOf(r, about)}
	if mark.Strength != "" {
		a.Strength = r.Say("content.strength." + mark.Strength)
		a.Says = r.Say("content.strength." + mark.Strength + ".says")
	}
	return a
}

// chapterSources lists every source of a chapter once, in the order in which they are first named.
func chapterSources(r *web.Request, chapter pack.Chapter) []source {
	ids := slices.Clone(chapter.Source)
	for _, part := range chapter.Body.Body {
		ids = append(ids, part.Mark.Source...)
	}
	seen := map[string]bool{}
	return sourcesOf(r, slices.DeleteFunc(ids, func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again
	}))
}
