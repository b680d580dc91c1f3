// Package search owns the one index of published words; library and guidance share it. The index is derived from the
// live pack and is never the truth: it is built beside the old one and put in its place together with the pack.
// Bleve finds and scores; the counting of facets, the order and the marked snippets are made here, in one pass.
// What a person typed goes in as words and is kept nowhere.
package search

import (
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// ErrClosed says that the index was replaced while somebody was about to ask it. Ask the one that took its place.
var ErrClosed = errors.New("this index has been replaced")

// Document is one thing that can be found.
type Document struct {
	Kind     string // what it is to the site: record, chapter, paragraph, setting, contact, indicator
	ID       string // unique within its kind
	Path     string // where it is shown
	Title    string
	Summary  string // found and shown
	Body     string // found, and shown where the words stand in it
	Also     string // found, never shown: other words that people type for it
	Language string // of these words, BCP 47; "" is English
	Year     int    // 0 when unknown: last among the newest
	Facets   map[string][]string
	Rank     float64 // multiplies the score; 0 counts as 1
}

// Query is what somebody looks for. Its zero value finds everything.
type Query struct {
	Words   string              // as they were typed
	Filters map[string][]string // per facet: any of these values
	Kinds   []string            // none: every kind
	Sort    string              // ByRelevance, ByNewest or ByTitle; anything else counts as ByRelevance
	From    int
	Size    int // how many hits; 0 counts without showing any
}

// The orders of results. Without words, relevance is the order of titles.
const (
	ByRelevance = "relevance"
	ByNewest    = "newest"
	ByTitle     = "title"
)

// Results is what was found.
type Results struct {
	Total  int
	Hits   []Hit
	Facets map[string][]Count // of each facet, what could be picked beside the other filters, most first
	Kinds  map[string]int     // of every kind, whatever kinds were asked for
	Any    bool               // nothing holds all the words, so these hold at least one
	Near   []Near             // words that stand nowhere, and what was looked for instead
	Empty  bool               // words were typed, but none that can be looked for
	Took   time.Duration
}

// Count is one value of a facet.
type Count struct {
	Value string
	N     int
}

// Near is a word that is written nowhere, with words that are nearly the same and are. With none, it was left out.
type Near struct {
	Word    string
	Instead []string
}

// Hit is one thing found.
type Hit struct {
	Kind, ID, Path string
	Title          []Piece
	Snippet        []Piece
}

// Piece is a run of words; the marked ones are what was looked for.
type Piece struct {
	Words  string
	Marked bool
}

// Plain joins pieces without their marks.
func Plain(pieces []Piece) string {
	var all []byte
	for _, p := range pieces {
		all = append(all, p.Words...)
	}
	return string(all)
}

// Index is an index that is open. Any number may search it at once.
type Index struct {
	bleve   bleve.Index
	reader  *scorch.IndexSnapshot
	columns *columns
	byDoc   []uint32 // Bleve's number of a document -> ours
	inBleve []uint32 // our number of a document -> Bleve's

	mu     sync.RWMutex // held for reading by each search, for writing by Close
	closed bool
}

// Build opens the index of these documents. With a folder it is kept there under its digest: found there it is opened,
// otherwise it is built beside and renamed, and older ones are removed. Without a folder it lives in memory.
// The digest must change whenever the documents do.
func Build(dir, digest string, docs []Document) (*Index, error) {
	return BuildEach(dir, digest, slices.Values(docs))
}

// BuildEach is Build for more documents than one wants to hold. They are only asked for when there is no index yet.
func BuildEach(dir, digest string, docs iter.Seq[Document]) (*Index, error) {
	if dir == "" {
		return inMemory(docs)
	}
	return onDisk(dir, digest, docs)
}

// Len is how many documents can be found.
func (x *Index) Len() int { return len(x.columns.Year) }

// Close waits for the searches that have begun, then gives everything back. Later searches get ErrClosed.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	return errors.Join(x.reader.Close(), x.bleve.Close())
}
