package corpus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"

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
		q := bleve.NewMatchQuery(strings.ToLower(queries[i%len(queries)]))
		q.SetField("text")
		q.SetOperator(1)
		if _, err := bare.SearchInContext(b.Context(), bleve.NewSearchRequestOptions(q, 10, 0, false)); err != nil {
			b.Fatal(err)
		}
	}
}
