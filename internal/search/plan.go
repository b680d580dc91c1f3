package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"
)

// way is one way in which a word can be met: all of these terms stand in the document.
type way struct {
	terms []string
	boost float64
	count int // how many documents hold the rarest of them
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
				s.ways = append(s.ways, way{[]string{term}, 1, n})
			}
		}
		pieces := cut(word.folded)
		n, err := x.rarest(ctx, pieces)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			s.ways = append(s.ways, way{pieces, 1, n})
		}
		if len(s.ways) == 0 && latin(word.folded) {
			s.near = true
			if s.ways, err = x.neighbours(ctx, word.folded); err != nil {
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

// rarest is how many documents hold the rarest of the terms: 0 as soon as one is nowhere.
func (x *Index) rarest(ctx context.Context, terms []string) (int, error) {
	least := 0
	for i, term := range terms {
		n, err := x.count(ctx, term)
		if err != nil || n == 0 {
			return 0, err
		}
		if i == 0 || n < least {
			least = n
		}
	}
	return least, nil
}

// most is how many documents can hold all the words, or any of them.
func most(plan []sought, all bool) int {
	sum, least := 0, -1
	for _, s := range plan {
		n := 0
		for _, w := range s.ways {
			n += w.count
		}
		sum += n
		if n > 0 && (least < 0 || n < least) {
			least = n
		}
	}
	if all {
		return least
	}
	return sum
}

// neighbour is a term of the index that is nearly the one looked for.
type neighbour struct {
	term  string
	boost float64
	count uint64
}

// neighbours finds terms that begin with the word, and those that differ from it by the fewest letters.
func (x *Index) neighbours(ctx context.Context, folded string) ([]way, error) {
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
			in, err := x.count(ctx, n.term)
			if err != nil {
				return nil, err
			}
			ways = append(ways, way{[]string{n.term}, n.boost, in})
		}
	}
	return ways, nil
}

func (x *Index) mistyped(term string, wrong int) ([]neighbour, error) {
	_, first := utf8.DecodeRuneInString(term)
	dict, err := x.reader.FieldDictFuzzy(fieldText, term, wrong, term[:first])
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
