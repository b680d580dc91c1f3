package search

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// columns holds, for each document by number, what is counted, filtered and sorted by. It is small and stays in memory:
// asking Bleve for these values one document at a time would cost more than finding the document.
type columns struct {
	Values []value  // every value of every facet; a document's kind is one of them
	Start  []uint32 // document -> where its values begin in Of; one more than there are documents
	Of     []uint16 // numbers of values
	Year   []int16
	Rank   []float32
	Title  []uint32       // document -> its place in the order of titles
	Words  map[string]int // field -> how many words all documents have in it
}

type value struct{ Facet, Value string }

// kindFacet is the facet under which columns keep the kind; no room may use the name.
const kindFacet = "\x00kind"

// mostValues is how many different values all facets may have together, so that a value fits its number.
const mostValues = 1 << 16

// values gives the numbers of a document's values.
func (c *columns) values(doc uint32) []uint16 { return c.Of[c.Start[doc]:c.Start[doc+1]] }

// gather builds columns one document at a time.
type gather struct {
	columns
	numbers map[value]uint16
	titles  []string
}

func newGather() *gather {
	g := &gather{numbers: map[value]uint16{}}
	g.Start = []uint32{0}
	g.Words = map[string]int{}
	return g
}

func (g *gather) add(d Document) {
	g.put(kindFacet, d.Kind)
	for _, facet := range sortedKeys(d.Facets) {
		for i, v := range d.Facets[facet] {
			if facet != kindFacet && !slices.Contains(d.Facets[facet][:i], v) {
				g.put(facet, v)
			}
		}
	}
	g.Start = append(g.Start, uint32(len(g.Of)))
	g.Year = append(g.Year, int16(min(max(d.Year, 0), 9999)))
	rank := d.Rank
	if rank <= 0 {
		rank = 1
	}
	g.Rank = append(g.Rank, float32(rank))
	g.titles = append(g.titles, d.Title)
}

func (g *gather) put(facet, v string) {
	key := value{facet, v}
	n, known := g.numbers[key]
	if !known {
		if len(g.Values) == mostValues {
			return
		}
		n = uint16(len(g.Values))
		g.numbers[key] = n
		g.Values = append(g.Values, key)
	}
	g.Of = append(g.Of, n)
}

// done puts the titles in order, as people sort them.
func (g *gather) done() *columns {
	order := make([]uint32, len(g.titles))
	keys := make([]string, len(g.titles))
	collator, buffer := collate.New(language.BritishEnglish, collate.Loose, collate.Numeric), &collate.Buffer{}
	for i, title := range g.titles {
		order[i] = uint32(i)
		keys[i] = string(collator.KeyFromString(buffer, title))
		buffer.Reset()
	}
	slices.SortStableFunc(order, func(a, b uint32) int {
		return cmp.Or(strings.Compare(keys[a], keys[b]), strings.Compare(g.titles[a], g.titles[b]))
	})
	g.Title = make([]uint32, len(order))
	for place, doc := range order {
		g.Title[doc] = uint32(place)
	}
	g.titles = nil
	return &g.columns
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
