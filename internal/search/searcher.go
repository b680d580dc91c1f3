package search

import (
	"context"
	"fmt"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"
)

// scored tells Bleve's searchers to weigh words by BM25, with the true length of a document. Left alone, Bleve takes
// the number of different words of the whole index for the sum of all lengths, and every document looks too long.
func (x *Index) scored(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, search.GetScoringModelCallbackKey, search.GetScoringModelCallbackFn(func() string { return index.BM25Scoring }))
	return context.WithValue(ctx, search.BM25StatsKey, &search.BM25Stats{DocCount: float64(x.Len()), FieldCardinality: x.columns.Words})
}

// builder makes Bleve's searchers for a plan.
type builder struct {
	*Index
	ctx context.Context
}

// searcher finds the documents that hold all the words in a field, or any of them. Without words it gives none.
func (b builder) searcher(field string, plan []sought, all bool) (search.Searcher, error) {
	var each []search.Searcher
	for _, s := range plan {
		one, err := b.anyWay(field, s.ways)
		if err != nil {
			return nil, closed(each, err)
		}
		if one != nil {
			each = append(each, one)
		}
	}
	if all {
		return b.together(each)
	}
	return b.either(each)
}

func (b builder) anyWay(field string, ways []way) (search.Searcher, error) {
	var each []search.Searcher
	for _, w := range ways {
		var terms []search.Searcher
		for _, term := range w.terms {
			one, err := searcher.NewTermSearcher(b.ctx, b.reader, term, field, w.boost, search.SearcherOptions{})
			if err != nil {
				return nil, closed(append(each, terms...), err)
			}
			terms = append(terms, one)
		}
		one, err := b.together(terms)
		if err != nil {
			return nil, closed(each, err)
		}
		each = append(each, one)
	}
	return b.either(each)
}

func (b builder) together(each []search.Searcher) (search.Searcher, error) {
	switch len(each) {
	case 0:
		return nil, nil
	case 1:
		return each[0], nil
	}
	all, err := searcher.NewConjunctionSearcher(b.ctx, b.reader, each, search.SearcherOptions{})
	if err != nil {
		return nil, closed(each, err)
	}
	return all, nil
}

func (b builder) either(each []search.Searcher) (search.Searcher, error) {
	switch len(each) {
	case 0:
		return nil, nil
	case 1:
		return each[0], nil
	}
	any, err := searcher.NewDisjunctionSearcher(b.ctx, b.reader, each, 1, search.SearcherOptions{})
	if err != nil {
		return nil, closed(each, err)
	}
	return any, nil
}

// closed gives back what was opened before something failed.
func closed(each []search.Searcher, err error) error {
	for _, s := range each {
		_ = s.Close() // the first failure is the one to tell
	}
	return fmt.Errorf("prepare search: %w", err)
}
