package search

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// columns holds what documents are counted, filtered and sorted by. It is small and stays in memory: asking Bleve for
// these values one document at a time would cost more than finding the document.
type columns struct {
	Values []value        // every value of every facet; a document's kind is one of them
	Has    []set          // value -> the documents that have it
	Year   []int16        // document -> year
	Rank   []float32      // document -> what its score is multiplied by
	Title  []uint32       // document -> its place in the order of titles
	Words  map[string]int // field -> how many words all documents have in it
}

type value struct{ Facet, Value string }

// kindFacet is the facet under which columns keep the kind; no room may use the name.
const kindFacet = "\x00kind"

// mostValues is how many different values all facets may have together. Facets are for picking from; more than this
// nobody reads, and each value takes a bit for each document.
const mostValues = 4096

// set is some of the documents: a bit for each.
type set []uint64

func newSet(documents int) set { return make(set, (documents+63)/64) }

func (s set) put(doc uint32)      { s[doc/64] |= 1 << (doc % 64) }
func (s set) has(doc uint32) bool { return s[doc/64]&(1<<(doc%64)) != 0 }

// and leaves what is in both, and or gives what is in either, each in the first set; with nothing there, it is the second.
func (s set) and(other set) set {
	if s == nil {
		return other
	}
	for i := range s {
		s[i] &= other[i]
	}
	return s
}

func (s set) or(other set) set {
	if s == nil {
		return other
	}
	for i := range s {
		s[i] |= other[i]
	}
	return s
}

// each goes through the documents of a set.
func (s set) each(see func(doc uint32)) {
	for i, bits64 := range s {
		for ; bits64 != 0; bits64 &= bits64 - 1 {
			see(uint32(i*64 + bits.TrailingZeros64(bits64)))
		}
	}
}

// count is how many there are.
func (s set) count() int {
	n := 0
	for _, bits64 := range s {
		n += bits.OnesCount64(bits64)
	}
	return n
}

// grown is the set with room for one document more.
func (s set) grown(doc int) set {
	for len(s) <= doc/64 {
		s = append(s, 0)
	}
	return s
}

// gather builds columns one document at a time.
type gather struct {
	columns
	numbers map[value]int
	titles  []string
}

func newGather() *gather {
	g := &gather{numbers: map[value]int{}}
	g.Words = map[string]int{}
	return g
}

func (g *gather) add(d Document) {
	g.put(kindFacet, d.Kind)
	for _, facet := range sortedKeys(d.Facets) {
		for _, v := range d.Facets[facet] {
			if facet != kindFacet {
				g.put(facet, v)
			}
		}
	}
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
		n = len(g.Values)
		g.numbers[key] = n
		g.Values, g.Has = append(g.Values, key), append(g.Has, nil)
	}
	doc := len(g.Year)
	g.Has[n] = g.Has[n].grown(doc)
	g.Has[n].put(uint32(doc))
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
	for n := range g.Has {
		g.Has[n] = g.Has[n].grown(max(len(order)-1, 0))
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
