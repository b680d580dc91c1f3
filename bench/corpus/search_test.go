package corpus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"waymark/bench/corpus"
	"waymark/internal/search"
)

// texts is how many there are, unless WAYMARK_BENCH_TEXTS says otherwise. The index is kept for the next run.
func texts() int {
	if n, err := strconv.Atoi(os.Getenv("WAYMARK_BENCH_TEXTS")); err == nil {
		return n
	}
	return 5000
}

func open(b *testing.B) (*search.Index, string) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("waymark-bench-index-%d", texts()))
	x, err := search.BuildEach(dir, "seed1", corpus.Documents(1, texts()))
	if err != nil {
		b.Fatal(err)
	}
	folders, _ := filepath.Glob(filepath.Join(dir, "*", "bleve"))
	return x, folders[0]
}

// BenchmarkFind is what the library does: all facets counted, ten hits with their snippets.
func BenchmarkFind(b *testing.B) {
	x, _ := open(b)
	defer x.Close()
	queries := corpus.Queries(3, 1000)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		found, err := x.Find(b.Context(), search.Query{Words: queries[i%len(queries)], Size: 10})
		if err != nil {
			b.Fatal(err)
		}
		if len(found.Hits) > 0 && found.Hits[0].Path == "" {
			b.Fatal("a hit without a path")
		}
	}
}

// match is the bare query: all the words in the text. The analyser is named, because the index has two and Bleve would
// take either for a query that names none.
func match(words string) query.Query {
	q := bleve.NewMatchQuery(words)
	q.SetField("text")
	q.SetOperator(query.MatchQueryOperatorAnd)
	q.Analyzer = "waymark_english"
	return q
}

// BenchmarkBareBleve asks the same of the same index with nothing but a match query: all words, ten ids, no facets.
func BenchmarkBareBleve(b *testing.B) {
	x, folder := open(b)
	defer x.Close()
	bare, err := bleve.OpenUsing(folder, map[string]any{"read_only": true})
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	queries := corpus.Queries(3, 1000)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if _, err := bare.SearchInContext(b.Context(), bleve.NewSearchRequestOptions(match(queries[i%len(queries)]), 10, 0, false)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOfBare asks each query of both, by turns, so that whatever else the machine does falls on both alike. It
// gives how much of the bare query's speed remains, and the slowest of a hundred finds.
func BenchmarkOfBare(b *testing.B) {
	x, folder := open(b)
	defer x.Close()
	bare, err := bleve.OpenUsing(folder, map[string]any{"read_only": true})
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	queries := corpus.Queries(3, 1000)
	var ours, theirs time.Duration
	var each []time.Duration
	for i := 0; b.Loop(); i++ {
		words := queries[i%len(queries)]
		began := time.Now()
		if _, err := x.Find(b.Context(), search.Query{Words: words, Size: 10}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		ours, each = ours+took, append(each, took)
		began = time.Now()
		if _, err := bare.SearchInContext(b.Context(), bleve.NewSearchRequestOptions(match(words), 10, 0, false)); err != nil {
			b.Fatal(err)
		}
		theirs += time.Since(began)
	}
	slices.Sort(each)
	b.ReportMetric(float64(theirs)/float64(ours), "of-bare")
	b.ReportMetric(float64(each[len(each)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(each[len(each)*99/100].Microseconds())/1000, "p99-ms")
}
