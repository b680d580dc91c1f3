package library

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/pack"
	"waymark/internal/search"
	"waymark/internal/web"
)

// beside is how many finds of the guidance stand beside those of the library.
const beside = 3

// shownFirst is how many facets are shown at once; the others stand folded below them.
const shownFirst = 4

// searchView is the search page.
type searchView struct {
	Box      web.Find
	Count    string   // how many there are, in words
	Told     []string // what was done to the words to find anything
	First    []web.Facet
	More     []web.Facet
	MoreOpen bool
	Picked   []pick
	Clear    string
	Orders   []order
	Hits     []hit
	Guidance []search.Hit
	Turn     web.Turn
	Empty    empty
	Feed     string
}

// pick is a value that narrows the results, and the address without it.
type pick struct{ Says, Href string }

// order is an order of the results; the one they are in has no address.
type order struct{ Says, Href string }

// hit is one result.
type hit struct {
	search.Hit
	About []string // publisher, date, kind
	State string   // in words, when it is not in use as it is
}

// empty is what to try when nothing was found.
type empty struct {
	Show         bool
	Widen, All   string // addresses; "" when they would change nothing
	Unsearchable bool   // only words too common to look for
}

func (l *Library) search(r *web.Request) (web.Reply, error) {
	a := read(r.URL.Query())
	found, err := l.find(r.Context(), a.query())
	if err != nil {
		return nil, err
	}
	if a.Page > 1 && len(found.Hits) == 0 && found.Total > 0 { // an old link to a page that is no more
		return web.Redirect(a.turned(1).href("/library")), nil
	}
	view := searchView{
		Box:   web.Find{Action: "/library", Value: a.Words, Keep: a.picked(), Label: r.Say("library.box")},
		Count: count(r, found.Total), Told: told(r, found), Orders: orders(r, a), Hits: hits(r, found.Hits),
		Turn: turn(a, found.Total), Feed: a.turned(1).href("/library/feed.xml"),
	}
	view.First, view.More, view.MoreOpen = facetsOf(r, a, found)
	for _, facet := range facetNames {
		for _, value := range a.Picked[facet] {
			view.Picked = append(view.Picked, pick{label(r, facet, value), a.toggled(facet, value).href("/library")})
		}
	}
	if a.narrowed() {
		view.Clear = a.widened().href("/library")
	}
	if found.Total == 0 {
		view.Empty = empty{Show: true, Widen: view.Clear, Unsearchable: found.Empty}
		if a.Words != "" {
			view.Empty.All = "/library"
		}
	}
	if a.Words != "" && a.Page == 1 {
		if view.Guidance, err = l.elsewhere(r.Context(), a.Words, found.Kinds); err != nil {
			return nil, err
		}
	}
	// What somebody looks for is theirs: a page that shows it is kept by nobody.
	head := web.Head{Title: r.Say("library.title"), Description: r.Say("library.lead"), Section: "library", Wide: true, Feed: view.Feed, Private: r.URL.RawQuery != ""}
	return web.Page(head, searchPage(view)), nil
}

// find asks the index that is live, and once more when it was replaced in between.
func (l *Library) find(ctx context.Context, q search.Query) (search.Results, error) {
	found, err := l.Index().Find(ctx, q)
	if errors.Is(err, search.ErrClosed) {
		found, err = l.Index().Find(ctx, q)
	}
	if err != nil {
		return found, fmt.Errorf("search the library: %w", err)
	}
	return found, nil
}

// elsewhere gives the best finds outside the library. The count by kind says beforehand whether there are any.
func (l *Library) elsewhere(ctx context.Context, words string, counts map[string]int) ([]search.Hit, error) {
	var kinds []string
	for k, n := range counts {
		if k != kind && n > 0 {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	found, err := l.find(ctx, search.Query{Words: words, Kinds: kinds, Size: beside})
	return found.Hits, err
}

func count(r *web.Request, n int) string {
	switch n {
	case 0:
		return r.Say("library.count.none")
	case 1:
		return r.Say("library.count.one")
	}
	return r.Say("library.count.many", "n", strconv.Itoa(n))
}

// told says what was done to find anything, so that nobody takes a near word for theirs.
func told(r *web.Request, found search.Results) []string {
	var lines []string
	if found.Total == 0 {
		return nil
	}
	for _, near := range found.Near {
		if len(near.Instead) == 0 {
			lines = append(lines, r.Say("library.near.none", "word", near.Word))
			continue
		}
		lines = append(lines, r.Say("library.near", "word", near.Word, "instead", strings.Join(near.Instead, ", ")))
	}
	if found.Any {
		lines = append(lines, r.Say("library.any"))
	}
	return lines
}

func orders(r *web.Request, a ask) []order {
	all := []string{search.ByNewest, search.ByTitle}
	if a.Words != "" {
		all = []string{search.ByRelevance, search.ByNewest, search.ByTitle}
	}
	var out []order
	for _, by := range all {
		one := order{Says: r.Say("library.sort." + by)}
		if by != a.order() {
			one.Href = a.sorted(by).href("/library")
		}
		out = append(out, one)
	}
	return out
}

// hits joins what was found with the record as it stands now.
func hits(r *web.Request, found []search.Hit) []hit {
	var all []hit
	for _, h := range found {
		record, ok := r.Pack.Records.Get(h.ID)
		if !ok {
			continue // the index is one swap behind; the live pack is the truth
		}
		one := hit{Hit: h, About: aboutLine(r, record)}
		if record.State != "current" {
			one.State = label(r, "state", record.State)
		}
		all = append(all, one)
	}
	return all
}

func aboutLine(r *web.Request, record pack.Record) []string {
	line := []string{label(r, "kind", record.Kind), record.Publisher}
	if record.Published != "" {
		line = append(line, when(record.Published))
	}
	return line
}

// facetsOf gives what can be picked: the main facets, and those that stand folded.
func facetsOf(r *web.Request, a ask, found search.Results) (first, more []web.Facet, open bool) {
	for i, name := range facetNames {
		f := web.Facet{Title: r.Say("library.facet." + name), Open: len(a.Picked[name]) > 0}
		counts := found.Facets[name]
		for _, value := range a.Picked[name] {
			if !slices.ContainsFunc(counts, func(c search.Count) bool { return c.Value == value }) {
				counts = append(counts, search.Count{Value: value})
			}
		}
		if name == "year" {
			slices.SortStableFunc(counts, func(x, y search.Count) int { return strings.Compare(yearKey(y.Value), yearKey(x.Value)) })
		}
		for _, c := range counts {
			f.Values = append(f.Values, web.FacetValue{
				Says: label(r, name, c.Value), Count: c.N, Href: a.toggled(name, c.Value).href("/library"), On: slices.Contains(a.Picked[name], c.Value),
			})
		}
		if len(counts) == 0 || len(counts) == 1 && counts[0].N == found.Total && !f.Open {
			continue // picking it would change nothing
		}
		if i < shownFirst {
			first = append(first, f)
			continue
		}
		more, open = append(more, f), open || f.Open
	}
	return first, more, open
}

// yearKey puts what has no known year last.
func yearKey(value string) string {
	if value == unknown {
		return ""
	}
	return value
}

func turn(a ask, total int) web.Turn {
	pages := min((total+pageSize-1)/pageSize, lastPage)
	t := web.Turn{Page: a.Page, Of: pages}
	if a.Page > 1 {
		t.Before = a.turned(a.Page - 1).href("/library")
	}
	if a.Page < pages {
		t.After = a.turned(a.Page + 1).href("/library")
	}
	return t
}
