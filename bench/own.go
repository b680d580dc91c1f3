package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"waymark/bench/corpus"
)

// facets are those that the invented texts have.
var facets = []string{"format", "kind", "language", "nation", "setting", "state", "type", "year"}

// ownIndex makes an index as Bleve's manual would for the same page: facets counted from its columns, marks from the
// places of words that it keeps. It takes long, so it stays for the next run.
func ownIndex(dir string, texts int) (string, error) {
	home := filepath.Join(dir, "own-"+fingerprint(texts))
	if _, err := os.Stat(home); err == nil {
		return home, nil
	}
	all, one := bleve.NewIndexMapping(), bleve.NewDocumentStaticMapping()
	for _, name := range []string{"title", "text"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.IncludeInAll, f.DocValues = "en", false, false
		one.AddFieldMappingsAt(name, f)
	}
	for _, name := range facets {
		f := bleve.NewKeywordFieldMapping()
		f.Store, f.IncludeInAll, f.IncludeTermVectors = false, false, false
		one.AddFieldMappingsAt(name, f)
	}
	all.DefaultMapping = one
	temporary, err := os.MkdirTemp(dir, "own-building-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temporary)
	builder, err := bleve.NewBuilder(filepath.Join(temporary, "bleve"), all, map[string]any{"buildPathPrefix": temporary})
	if err != nil {
		return "", err
	}
	n, made := 0, false
	for d := range shown(corpus.Documents(seed, texts), texts, &made) {
		fields := map[string]any{"title": d.Title, "text": d.Title + "\n" + d.Summary + "\n" + d.Body}
		for name, values := range d.Facets {
			fields[name] = values
		}
		if err := builder.Index(strconv.Itoa(n), fields); err != nil {
			return "", err
		}
		n++
	}
	if err := builder.Close(); err != nil {
		return "", fmt.Errorf("build Bleve's own index: %w", err)
	}
	return home, os.Rename(filepath.Join(temporary, "bleve"), home)
}

// withAll is what the library shows, asked of Bleve.
func withAll(words string) *bleve.SearchRequest {
	q := bleve.NewMatchQuery(words)
	q.SetField("text")
	q.SetOperator(query.MatchQueryOperatorAnd)
	r := bleve.NewSearchRequestOptions(q, 10, 0, false)
	for _, name := range facets {
		r.AddFacet(name, bleve.NewFacetRequest(name, 50))
	}
	r.Highlight = bleve.NewHighlight()
	r.Highlight.Fields = []string{"title", "text"}
	r.Fields = []string{"title"}
	return r
}
