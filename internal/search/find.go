package search

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
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

// collect walks the documents in the order of the index, text and title side by side.
func (x *Index) collect(ctx context.Context, c *collector, plan []sought, all bool) (err error) {
	ctx = x.scored(ctx)
	text, err := x.searcher(ctx, fieldText, plan, all)
	if err != nil || text == nil {
		return err
	}
	defer func() { _ = text.Close() }() // it only read
	title, err := x.searcher(ctx, fieldTitle, plan, false)
	if err != nil {
		return err
	}
	defer func() { _ = title.Close() }()
	state := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(text.DocumentMatchPoolSize()+title.DocumentMatchPoolSize()+4, 0), IndexReader: x.reader}
	entitled, err := title.Next(state)
	if err != nil {
		return err
	}
	for {
		match, err := text.Next(state)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		if match == nil {
			return nil
		}
		if c.found%4096 == 4095 && ctx.Err() != nil {
			return ctx.Err()
		}
		score := match.Score
		if entitled != nil && entitled.IndexInternalID.Compare(match.IndexInternalID) < 0 {
			state.DocumentMatchPool.Put(entitled)
			if entitled, err = title.Advance(state, match.IndexInternalID); err != nil {
				return fmt.Errorf("search titles: %w", err)
			}
		}
		if entitled != nil && entitled.IndexInternalID.Equals(match.IndexInternalID) {
			score += titleCounts * entitled.Score
		}
		doc := x.byDoc[number(match.IndexInternalID)]
		c.take(doc, float32(score)*x.columns.Rank[doc])
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
	written, err := x.reader.Document(strconv.Itoa(int(doc)))
	if err != nil || written == nil {
		return Hit{}, fmt.Errorf("read document %d of the index: %w", doc, err)
	}
	var hit Hit
	var summary, body string
	written.VisitFields(func(f index.Field) {
		switch f.Name() {
		case fieldRef:
			parts := strings.SplitN(string(f.Value()), "\n", 3)
			hit.Kind, hit.ID, hit.Path = parts[0], parts[1], parts[2]
		case fieldShown:
			hit.Title = mark.whole(string(f.Value()))
		case fieldSummary:
			summary = string(f.Value())
		case fieldBody:
			body = string(f.Value())
		}
	})
	hit.Snippet = mark.snippet(summary, body)
	return hit, nil
}
