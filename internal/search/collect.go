package search

import (
	"cmp"
	"container/heap"
	"context"
	"math/bits"
	"slices"
	"strings"
)

// collector takes each document that was met, keeps the best, and counts the facets of all when they are known.
type collector struct {
	*columns
	found   int            // how many documents were met, whatever the filters
	met     set            // which those are
	total   int            // how many of them pass the filters
	filters map[string]set // facet -> the documents that have any of its picked values
	passes  set            // the documents that pass every filter; nil without filters
	best    ranking
	keep    int
	byScore bool
}

// mostFilters is how many facets one query can filter by.
const mostFilters = 60

func (x *Index) collector(q Query) *collector {
	c := &collector{columns: x.columns, met: newSet(x.Len()), filters: map[string]set{}, best: ranking{better: x.columns.order(q.Sort)}}
	c.byScore = q.Sort != ByNewest && q.Sort != ByTitle
	if q.From = max(q.From, 0); q.From <= deepest && q.Size > 0 {
		c.keep = q.From + min(q.Size, mostHits)
	}
	for facet, values := range q.Filters {
		if len(values) > 0 && len(c.filters) < mostFilters && facet != kindFacet {
			c.filters[facet] = c.any(facet, values)
		}
	}
	if len(q.Kinds) > 0 {
		c.filters[kindFacet] = c.any(kindFacet, q.Kinds)
	}
	c.passes = c.passing("")
	return c
}

// any gives the documents that have any of these values.
func (c *collector) any(facet string, values []string) set {
	all := newSet(len(c.Year))
	for n, v := range c.Values {
		if v.Facet == facet && slices.Contains(values, v.Value) {
			for i, bits := range c.Has[n] {
				all[i] |= bits
			}
		}
	}
	return all
}

// passing gives the documents that pass every filter but that of one facet, or nil when no other filter is set.
func (c *collector) passing(but string) set {
	var all set
	for facet, some := range c.filters {
		switch {
		case facet == but:
		case all == nil:
			all = slices.Clone(some)
		default:
			for i := range all {
				all[i] &= some[i]
			}
		}
	}
	return all
}

// order says which of two documents stands first.
func (c *columns) order(sort string) func(a, b ranked) bool {
	switch sort {
	case ByNewest:
		return func(a, b ranked) bool {
			return cmp.Or(cmp.Compare(c.Year[b.doc], c.Year[a.doc]), cmp.Compare(c.Title[a.doc], c.Title[b.doc])) < 0
		}
	case ByTitle:
		return func(a, b ranked) bool { return c.Title[a.doc] < c.Title[b.doc] }
	default:
		return func(a, b ranked) bool {
			if a.score != b.score {
				return a.score > b.score
			}
			return c.Title[a.doc] < c.Title[b.doc]
		}
	}
}

func (c *collector) everything(ctx context.Context) error {
	for doc := range uint32(len(c.Year)) {
		if doc%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c.meet(doc)
		c.rank(doc, 0)
	}
	return nil
}

// meet counts a document.
func (c *collector) meet(doc uint32) {
	c.found++
	c.met.put(doc)
	if c.passed(doc) {
		c.total++
	}
}

// meetAll counts all documents at once.
func (c *collector) meetAll(found set) {
	c.met, c.found = found, found.count()
	c.total = c.found
	if c.passes != nil {
		c.total = slices.Clone(found).and(c.passes).count()
	}
}

// rank keeps a document that passes the filters, if it is among the best.
func (c *collector) rank(doc uint32, score float32) {
	if c.passed(doc) {
		c.best.offer(ranked{doc, score}, c.keep)
	}
}

func (c *collector) passed(doc uint32) bool { return c.passes == nil || c.passes.has(doc) }

// facets counts every value, but that of the kinds. A facet's own filter does not take from its own counts, so that one
// sees what else could be picked.
func (c *collector) facets() (facets map[string][]Count, kinds map[string]int) {
	facets, kinds = map[string][]Count{}, map[string]int{}
	counted := map[string]counting{}
	usual := c.counting("")
	for n, v := range c.Values {
		of := usual
		if c.filters[v.Facet] != nil {
			if _, there := counted[v.Facet]; !there {
				counted[v.Facet] = c.counting(v.Facet)
			}
			of = counted[v.Facet]
		}
		switch count := of.count(c.Has[n]); {
		case count == 0:
		case v.Facet == kindFacet:
			kinds[v.Value] = count
		default:
			facets[v.Facet] = append(facets[v.Facet], Count{v.Value, count})
		}
	}
	for _, counts := range facets {
		slices.SortFunc(counts, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value)) })
	}
	return facets, kinds
}

// counting is a set made ready to be compared with many: only where it holds anything.
type counting struct {
	at   []int32
	bits []uint64
}

func (c *collector) counting(but string) counting {
	passes := c.passes
	if but != "" {
		passes = c.passing(but)
	}
	var some counting
	for i, bits := range c.met {
		if passes != nil {
			bits &= passes[i]
		}
		if bits != 0 {
			some.at, some.bits = append(some.at, int32(i)), append(some.bits, bits)
		}
	}
	return some
}

// count is how many documents are in both.
func (s counting) count(other set) int {
	n := 0
	for i, at := range s.at {
		n += bits.OnesCount64(s.bits[i] & other[at])
	}
	return n
}

// page gives the hits from there on, best first.
func (c *collector) page(from, size int) []ranked {
	slices.SortFunc(c.best.all, func(a, b ranked) int {
		if c.best.better(a, b) {
			return -1
		}
		return 1
	})
	from = min(max(from, 0), len(c.best.all))
	return c.best.all[from:min(from+min(max(size, 0), mostHits), len(c.best.all))]
}

type ranked struct {
	doc   uint32
	score float32
}

// ranking keeps the best few: a heap with the worst of them on top.
type ranking struct {
	all    []ranked
	better func(a, b ranked) bool
}

func (r *ranking) offer(one ranked, keep int) {
	switch {
	case len(r.all) < keep:
		heap.Push(r, one)
	case keep > 0 && r.better(one, r.all[0]):
		r.all[0] = one
		heap.Fix(r, 0)
	}
}

func (r *ranking) Len() int           { return len(r.all) }
func (r *ranking) Less(i, j int) bool { return r.better(r.all[j], r.all[i]) }
func (r *ranking) Swap(i, j int)      { r.all[i], r.all[j] = r.all[j], r.all[i] }

// Push and Pop belong to container/heap.
func (r *ranking) Push(x any) { r.all = append(r.all, x.(ranked)) }

// Pop gives the worst.
func (r *ranking) Pop() any {
	last := r.all[len(r.all)-1]
	r.all = r.all[:len(r.all)-1]
	return last
}
