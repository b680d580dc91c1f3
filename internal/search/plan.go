package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"
)

// way is one way in which a word can be met: all of these terms stand in the document.
type way struct {
	terms []string
	boost float64
}

// sought is a word of the query with every way to meet it.
type sought struct {
	asked
	ways []way
	near bool // it is written nowhere; the ways are those of words that are nearly the same
}

// How much less a word counts that is only nearly what was typed, and how many such words are tried.
const (
	beginsAlike = 0.6
	oneTypo     = 0.5
	twoTypos    = 0.3
	mostNear    = 8
)

// plan looks each word up. Only a word that is written nowhere costs a search for its neighbours.
func (x *Index) plan(ctx context.Context, all []asked) ([]sought, error) {
	plan := make([]sought, len(all))
	for i, word := range all {
		s := sought{asked: word}
		if latin(word.folded) {
			term := stem(word.folded)
			n, err := x.count(ctx, term)
			if err != nil {
				return nil, err
			}
			if n > 0 {
				s.ways = append(s.ways, way{[]string{term}, 1})
			}
		}
		pieces := cut(word.folded)
		found, err := x.holdsAll(ctx, pieces)
		if err != nil {
			return nil, err
		}
		if found {
			s.ways = append(s.ways, way{pieces, 1})
		}
		if len(s.ways) == 0 && latin(word.folded) {
			s.near = true
			if s.ways, err = x.neighbours(word.folded); err != nil {
				return nil, err
			}
		}
		plan[i] = s
	}
	return plan, nil
}

// count is how many documents hold the term.
func (x *Index) count(ctx context.Context, term string) (int, error) {
	reader, err := x.reader.TermFieldReader(ctx, []byte(term), fieldText, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("look up a word: %w", err)
	}
	return int(reader.Count()), reader.Close()
}

func (x *Index) holdsAll(ctx context.Context, terms []string) (bool, error) {
	for _, term := range terms {
		if n, err := x.count(ctx, term); err != nil || n == 0 {
			return false, err
		}
	}
	return len(terms) > 0, nil
}

// neighbour is a term of the index that is nearly the one looked for.
type neighbour struct {
	term  string
	boost float64
	count uint64
}

// neighbours finds terms that begin with the word, and those that differ from it by the fewest letters.
func (x *Index) neighbours(folded string) ([]way, error) {
	term := stem(folded)
	if utf8.RuneCountInString(term) < 3 {
		return nil, nil
	}
	longer, err := x.reader.FieldDictPrefix(fieldText, []byte(term))
	if err != nil {
		return nil, fmt.Errorf("look up a beginning: %w", err)
	}
	near, err := entries(longer, beginsAlike)
	if err != nil {
		return nil, err
	}
	most := typos(folded)
	for wrong := 1; wrong <= most; wrong++ {
		alike, err := x.mistyped(term, wrong)
		if err != nil {
			return nil, err
		}
		if len(alike) > 0 {
			near = append(near, alike...)
			break
		}
	}
	slices.SortStableFunc(near, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(b.boost, a.boost), cmp.Compare(b.count, a.count), strings.Compare(a.term, b.term))
	})
	var ways []way
	seen := map[string]bool{term: true}
	for _, n := range near {
		if !seen[n.term] && len(ways) < mostNear {
			seen[n.term] = true
			ways = append(ways, way{[]string{n.term}, n.boost})
		}
	}
	return ways, nil
}

func (x *Index) mistyped(term string, wrong int) ([]neighbour, error) {
	fuzzy, ok := x.reader.(index.IndexReaderFuzzy)
	if !ok {
		return nil, nil
	}
	_, first := utf8.DecodeRuneInString(term)
	dict, err := fuzzy.FieldDictFuzzy(fieldText, term, wrong, term[:first])
	if err != nil {
		return nil, fmt.Errorf("look up a mistyped word: %w", err)
	}
	boost := oneTypo
	if wrong > 1 {
		boost = twoTypos
	}
	return entries(dict, boost)
}

func entries(dict index.FieldDict, boost float64) (all []neighbour, err error) {
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return all, cmp.Or(err, dict.Close())
		}
		all = append(all, neighbour{e.Term, boost, e.Count})
	}
}

// scored tells Bleve's searchers to weigh words by BM25, with the true length of a document. Left alone, Bleve takes
// the number of different words of the whole index for the sum of all lengths, and every document looks too long.
func (x *Index) scored(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, search.GetScoringModelCallbackKey, search.GetScoringModelCallbackFn(func() string { return index.BM25Scoring }))
	return context.WithValue(ctx, search.BM25StatsKey, &search.BM25Stats{DocCount: float64(x.Len()), FieldCardinality: x.columns.Words})
}

// searcher finds the documents that hold all the words in a field, or any of them.
func (x *Index) searcher(ctx context.Context, field string, plan []sought, all bool) (search.Searcher, error) {
	var each []search.Searcher
	for _, s := range plan {
		one, err := x.anyWay(ctx, field, s.ways)
		if err != nil {
			return nil, closed(each, err)
		}
		if one != nil {
			each = append(each, one)
		}
	}
	if all {
		return x.together(ctx, each)
	}
	return x.either(ctx, each)
}

func (x *Index) anyWay(ctx context.Context, field string, ways []way) (search.Searcher, error) {
	var each []search.Searcher
	for _, w := range ways {
		var terms []search.Searcher
		for _, term := range w.terms {
			one, err := searcher.NewTermSearcher(ctx, x.reader, term, field, w.boost, search.SearcherOptions{})
			if err != nil {
				return nil, closed(append(each, terms...), err)
			}
			terms = append(terms, one)
		}
		one, err := x.together(ctx, terms)
		if err != nil {
			return nil, closed(each, err)
		}
		each = append(each, one)
	}
	return x.either(ctx, each)
}

func (x *Index) together(ctx context.Context, each []search.Searcher) (search.Searcher, error) {
	switch len(each) {
	case 0:
		return nil, nil
	case 1:
		return each[0], nil
	}
	all, err := searcher.NewConjunctionSearcher(ctx, x.reader, each, search.SearcherOptions{})
	if err != nil {
		return nil, closed(each, err)
	}
	return all, nil
}

func (x *Index) either(ctx context.Context, each []search.Searcher) (search.Searcher, error) {
	switch len(each) {
	case 0:
		return nil, nil
	case 1:
		return each[0], nil
	}
	any, err := searcher.NewDisjunctionSearcher(ctx, x.reader, each, 1, search.SearcherOptions{})
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
