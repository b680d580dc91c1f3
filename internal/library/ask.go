package library

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/search"
)

// facetNames are the ways to narrow the library, in the order in which they are shown.
var facetNames = []string{"kind", "setting", "type", "nation", "audience", "language", "format", "year", "state"}

// What an address may hold; the rest of it is passed over.
const (
	longestWords = 200 // letters, as the search box allows
	longestValue = 60
	mostValues   = 20 // of one facet
	lastPage     = 500
	pageSize     = 10
)

// ask is what somebody asks of the library. It stands in the address and nowhere else.
type ask struct {
	Words  string
	Picked map[string][]string // per facet
	Sort   string              // "" is the usual order
	Page   int                 // 1 is the first
}

// read takes from an address what is understood and passes over the rest: anybody may write anything there.
func read(query url.Values) ask {
	a := ask{Words: bounded(query.Get("q"), longestWords), Picked: map[string][]string{}, Page: 1}
	for _, facet := range facetNames {
		for _, value := range query[facet] {
			value = bounded(value, longestValue)
			if value != "" && len(a.Picked[facet]) < mostValues && !slices.Contains(a.Picked[facet], value) {
				a.Picked[facet] = append(a.Picked[facet], value)
			}
		}
	}
	if sort := query.Get("sort"); sort == search.ByNewest || sort == search.ByTitle || sort == search.ByRelevance && a.Words != "" {
		a.Sort = sort
	}
	if page, err := strconv.Atoi(query.Get("page")); err == nil && page > 1 {
		a.Page = min(page, lastPage)
	}
	return a
}

// bounded keeps the beginning of a text, in one line.
func bounded(s string, letters int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s[:min(len(s), letters*utf8.UTFMax)], "")), " ")
	if runes := []rune(s); len(runes) > letters {
		return strings.TrimSpace(string(runes[:letters]))
	}
	return s
}

// order is the order of the results: with words the best first, without them the newest.
func (a ask) order() string {
	switch {
	case a.Sort != "":
		return a.Sort
	case a.Words != "":
		return search.ByRelevance
	}
	return search.ByNewest
}

func (a ask) query() search.Query {
	return search.Query{
		Words: a.Words, Filters: a.Picked, Kinds: []string{kind}, Sort: a.order(), From: (a.Page - 1) * pageSize, Size: pageSize,
	}
}

// narrowed reports that any facet was picked.
func (a ask) narrowed() bool { return len(a.Picked) > 0 }

// toggled picks a value, or gives it up again. Either leads back to the first page.
func (a ask) toggled(facet, value string) ask {
	next := a
	next.Page, next.Picked = 1, map[string][]string{}
	for f, values := range a.Picked {
		next.Picked[f] = slices.Clone(values)
	}
	if i := slices.Index(next.Picked[facet], value); i >= 0 {
		next.Picked[facet] = slices.Delete(next.Picked[facet], i, i+1)
	} else {
		next.Picked[facet] = append(next.Picked[facet], value)
	}
	if len(next.Picked[facet]) == 0 {
		delete(next.Picked, facet)
	}
	return next
}

func (a ask) widened() ask { return ask{Words: a.Words, Sort: a.Sort, Page: 1} }

func (a ask) sorted(by string) ask {
	a.Sort, a.Page = by, 1
	return a
}

func (a ask) turned(page int) ask {
	a.Page = page
	return a
}

// picked is what a form goes on with when the words change.
func (a ask) picked() url.Values {
	values := url.Values{}
	for facet, all := range a.Picked {
		values[facet] = all
	}
	if a.Sort != "" {
		values.Set("sort", a.Sort)
	}
	return values
}

// href is the address of this ask, always spelt in the same way.
func (a ask) href(path string) string {
	values := a.picked()
	if a.Words != "" {
		values.Set("q", a.Words)
	}
	if a.Page > 1 {
		values.Set("page", strconv.Itoa(a.Page))
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
