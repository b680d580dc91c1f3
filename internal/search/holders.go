package search

import (
	"fmt"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// holders gives the documents whose text holds all the words, or any of them. It takes whole lists from Bleve's
// segments instead of asking for one document after the other: where half the library holds a word, most of a search
// would go by in asking.
func (x *Index) holders(plan []sought, all bool) (set, error) {
	var found set
	for _, s := range plan {
		var word set
		for _, w := range s.ways {
			var way set
			for _, term := range w.terms {
				one, err := x.holdersOf(term)
				if err != nil {
					return nil, err
				}
				way = way.and(one)
			}
			word = word.or(way)
		}
		switch {
		case word == nil: // nothing like it is written anywhere
		case all:
			found = found.and(word)
		default:
			found = found.or(word)
		}
	}
	return found, nil
}

// holdersOf gives the documents whose text holds one term.
func (x *Index) holdersOf(term string) (set, error) {
	found := newSet(x.Len())
	first := uint64(0)
	for _, part := range x.reader.Segments() {
		dictionary, err := part.Segment().Dictionary(fieldText)
		if err != nil {
			return nil, fmt.Errorf("look up who holds a word: %w", err)
		}
		list, err := dictionary.PostingsList([]byte(term), nil, nil)
		if err != nil {
			return nil, fmt.Errorf("look up who holds a word: %w", err)
		}
		x.putAll(found, first, list)
		first += uint64(part.FullSize())
	}
	return found, nil
}

// visit gives what is stored of a document.
func (x *Index) visit(doc uint32, field segment.StoredFieldValueVisitor) error {
	at := uint64(x.inBleve[doc])
	for _, part := range x.reader.Segments() {
		if size := uint64(part.FullSize()); at >= size {
			at -= size
			continue
		}
		return part.VisitDocument(at, field)
	}
	return fmt.Errorf("it is not in the index")
}

// putAll adds the documents of a segment's list. The segment's own numbers begin at first.
func (x *Index) putAll(found set, first uint64, list segment.PostingsList) {
	documents := list.Iterator(false, false, false, nil)
	if whole, ok := documents.(segment.OptimizablePostingsIterator); ok {
		if one, only := whole.DocNum1Hit(); only {
			found.put(x.byDoc[first+one])
			return
		}
		if bitmap := whole.ActualBitmap(); bitmap != nil {
			some, few := bitmap.ManyIterator(), [256]uint32{}
			for n := some.NextMany(few[:]); n > 0; n = some.NextMany(few[:]) {
				for _, one := range few[:n] {
					found.put(x.byDoc[first+uint64(one)])
				}
			}
			return
		}
	}
	for one, err := documents.Next(); err == nil && one != nil; one, err = documents.Next() {
		found.put(x.byDoc[first+one.Number()])
	}
}
