package search

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/search"
)

// titleCounts is how much more a word weighs that stands in the title too.
const titleCounts = 2

// Find searches. Whatever was typed, it gives results or says that nothing was found; an error is our own mistake.
func (x *Index) Find(ctx context.Context, q Query) (Results, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return Results{}, ErrClosed
	}
	began := time.Now()
	all, typed := words(q.Words)
	c := x.collector(q)
	if !typed {
		if err := c.everything(ctx); err != nil {
			return Results{}, err
		}
		return x.results(c, q, nil, began)
	}
	plan, err := x.plan(ctx, all)
	if err != nil {
		return Results{}, err
	}
	any := false
	if err = x.collect(ctx, c, plan, true); err == nil && c.found == 0 && len(plan) > 1 {
		any = true
		err = x.collect(ctx, c, plan, false)
	}
	if err != nil {
		return Results{}, err
	}
	found, err := x.results(c, q, plan, began)
	found.Any = any && found.Total > 0
	found.Empty = len(all) == 0
	return found, err
}

// Where so many documents hold the words, how often a text has them says little: those that have them in the title
// stand first, and the rest need no weighing, if there are enough of the first to fill some pages.
const (
	many          = 4096
	enoughInTitle = 100
)

// collect finds the documents, and weighs as many of them as the order needs.
func (x *Index) collect(ctx context.Context, c *collector, plan []sought, all bool) error {
	n := most(plan, all)
	if n <= 0 {
		return nil
	}
	if c.byScore && n <= many {
		return x.weigh(x.scored(ctx), plan, all, func(doc uint32, score float32) {
			c.meet(doc)
			c.rank(doc, score)
		})
	}
	found, err := x.holders(plan, all)
	if err != nil {
		return err
	}
	c.meetAll(found)
	if !c.byScore {
		found.each(func(doc uint32) { c.rank(doc, 0) })
		return ctx.Err()
	}
	entitled, err := x.weighEntitled(x.scored(ctx), c, plan, all)
	if err != nil || entitled >= max(c.keep, enoughInTitle) || entitled == c.total {
		return err
	}
	c.best.all = nil
	return x.weigh(x.scored(ctx), plan, all, c.rank)
}

// weigh walks the documents with the words, and looks beside each whether they stand in its title too.
func (x *Index) weigh(ctx context.Context, plan []sought, all bool, take func(uint32, float32)) error {
	with := builder{x, ctx}
	text, err := with.searcher(fieldText, plan, all)
	if err != nil {
		return err
	}
	inTitle, err := with.searcher(fieldTitle, plan, false)
	if err != nil {
		return closed([]search.Searcher{text}, err)
	}
	title := &beside{Searcher: inTitle}
	defer func() { _ = title.Close() }() // it only read
	return x.walk(ctx, text, func(doc uint32, match *search.DocumentMatch, state *search.SearchContext) error {
		more, err := title.score(state, match)
		take(doc, float32(match.Score+titleCounts*more)*x.columns.Rank[doc])
		return err
	})
}

// weighEntitled weighs alike only the documents that have a word in the title, and says how many of them pass the filters.
func (x *Index) weighEntitled(ctx context.Context, c *collector, plan []sought, all bool) (passed int, err error) {
	with := builder{x, ctx}
	title, err := with.searcher(fieldTitle, plan, false)
	if err != nil {
		return 0, err
	}
	inText, err := with.searcher(fieldText, plan, all)
	if err != nil {
		return 0, closed([]search.Searcher{title}, err)
	}
	text := &beside{Searcher: inText}
	defer func() { _ = text.Close() }() // it only read
	err = x.walk(ctx, title, func(doc uint32, match *search.DocumentMatch, state *search.SearchContext) error {
		if !c.met.has(doc) || !c.passed(doc) {
			return nil
		}
		base, err := text.score(state, match)
		passed++
		c.rank(doc, float32(base+titleCounts*match.Score)*x.columns.Rank[doc])
		return err
	})
	return passed, err
}

// beside is a searcher that follows another.
type beside struct {
	search.Searcher
	at    *search.DocumentMatch
	begun bool
}

// score gives the score of the same document here, or 0 when it was not found here.
func (b *beside) score(state *search.SearchContext, match *search.DocumentMatch) (float64, error) {
	if !b.begun || b.at != nil && b.at.IndexInternalID.Compare(match.IndexInternalID) < 0 {
		b.begun = true
		state.DocumentMatchPool.Put(b.at)
		var err error
		if b.at, err = b.Advance(state, match.IndexInternalID); err != nil {
			return 0, fmt.Errorf("search: %w", err)
		}
	}
	if b.at == nil || !b.at.IndexInternalID.Equals(match.IndexInternalID) {
		return 0, nil
	}
	return b.at.Score, nil
}

// walk goes through what a searcher finds, in the order of the index.
func (x *Index) walk(ctx context.Context, s search.Searcher, see func(uint32, *search.DocumentMatch, *search.SearchContext) error) error {
	defer func() { _ = s.Close() }() // it only read
	state := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+4, 0), IndexReader: x.reader}
	for n := 1; ; n++ {
		match, err := s.Next(state)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		if match == nil {
			return nil
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := see(x.byDoc[number(match.IndexInternalID)], match, state); err != nil {
			return err
		}
		state.DocumentMatchPool.Put(match)
	}
}

// results fetches what is shown of the best.
func (x *Index) results(c *collector, q Query, plan []sought, began time.Time) (Results, error) {
	found := Results{Total: c.total}
	found.Facets, found.Kinds = c.facets()
	mark := newMarker(plan)
	for _, at := range c.page(q.From, q.Size) {
		hit, err := x.hit(at.doc, mark)
		if err != nil {
			return Results{}, err
		}
		found.Hits = append(found.Hits, hit)
	}
	for _, s := range plan {
		if s.near || len(s.ways) == 0 {
			found.Near = append(found.Near, Near{s.word, mark.metFor(s)})
		}
	}
	found.Took = time.Since(began)
	return found, nil
}

func (x *Index) hit(doc uint32, mark *marker) (Hit, error) {
	var hit Hit
	var summary, body string
	err := x.visit(doc, func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case fieldRef:
			parts := strings.SplitN(string(value), "\n", 3)
			hit.Kind, hit.ID, hit.Path = parts[0], parts[1], parts[2]
		case fieldShown:
			hit.Title = mark.whole(string(value))
		case fieldSummary:
			summary = string(value)
		case fieldBody:
			body = string(value)
		}
		return true
	})
	if err != nil {
		return Hit{}, fmt.Errorf("read document %d of the index: %w", doc, err)
	}
	hit.Snippet = mark.snippet(summary, body)
	return hit, nil
}
