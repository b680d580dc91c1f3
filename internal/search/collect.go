package search

import (
	"cmp"
	"container/heap"
	"context"
	"math/bits"
	"slices"
	"strings"
)

// collector takes each document that was met, counts its facets and keeps the best.
// A facet's own filter does not take from its own counts, so that one sees what else could be picked.
type collector struct {
	*columns
	met, total int
	counts     []uint32
	wanted     []uint64 // value -> the bit of the filter that it satisfies
	belongs    []uint64 // value -> the bit of the filter on its facet
	all        uint64   // the bits of all filters
	best       ranking
	keep       int
}

// mostFilters is how many facets one query can filter by.
const mostFilters = 60

func (x *Index) collector(q Query) *collector {
	c := &collector{columns: x.columns, counts: make([]uint32, len(x.columns.Values)), best: ranking{better: x.columns.order(q.Sort)}}
	if q.From = max(q.From, 0); q.From <= deepest && q.Size > 0 {
		c.keep = q.From + min(q.Size, mostHits)
	}
	filters := map[string][]string{}
	for facet, values := range q.Filters {
		if len(values) > 0 && len(filters) < mostFilters {
			filters[facet] = values
		}
	}
	delete(filters, kindFacet)
	if len(q.Kinds) > 0 {
		filters[kindFacet] = q.Kinds
	}
	c.wanted, c.belongs = make([]uint64, len(c.Values)), make([]uint64, len(c.Values))
	bit := uint64(1)
	for facet, values := range filters {
		for n, v := range c.Values {
			if v.Facet == facet {
				c.belongs[n] = bit
				if slices.Contains(values, v.Value) {
					c.wanted[n] = bit
				}
			}
		}
		c.all |= bit
		bit <<= 1
	}
	return c
}

// order says which of two documents stands first.
func (c *columns) order(sort string) func(a, b ranked) bool {
	switch sort {
	case ByNewest:
		return func(a, b ranked) bool {
			return cmp.Or(cmp.Compare(c.Year[b.doc], c.Year[a.doc]), cmp.Compare(b.score, a.score), cmp.Compare(c.Title[a.doc], c.Title[b.doc])) < 0
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
		if c.met++; c.met%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c.take(doc, 0)
	}
	return nil
}

func (c *collector) take(doc uint32, score float32) {
	values := c.values(doc)
	if missing := c.missing(values); missing != 0 {
		if bits.OnesCount64(missing) == 1 {
			for _, v := range values {
				if c.belongs[v] == missing {
					c.counts[v]++
				}
			}
		}
		return
	}
	c.total++
	for _, v := range values {
		c.counts[v]++
	}
	c.best.offer(ranked{doc, score}, c.keep)
}

// missing gives the bits of the filters that the document does not satisfy.
func (c *collector) missing(values []uint16) uint64 {
	if c.all == 0 {
		return 0
	}
	var has uint64
	for _, v := range values {
		has |= c.wanted[v]
	}
	return c.all &^ has
}

func (c *collector) facets() map[string][]Count {
	all := map[string][]Count{}
	for n, count := range c.counts {
		if v := c.Values[n]; count > 0 && v.Facet != kindFacet {
			all[v.Facet] = append(all[v.Facet], Count{v.Value, int(count)})
		}
	}
	for _, counts := range all {
		slices.SortFunc(counts, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value)) })
	}
	return all
}

func (c *collector) kinds() map[string]int {
	all := map[string]int{}
	for n, count := range c.counts {
		if v := c.Values[n]; count > 0 && v.Facet == kindFacet {
			all[v.Value] = int(count)
		}
	}
	return all
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
