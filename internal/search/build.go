package search

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// building begins the name of a folder in which an index is being built.
const building = "building-"

// shape names the way in which indexes are written. Whoever changes an analyser, the mapping or the columns raises it.
const shape = "s2"

// The fields of the index. Only title and text are searched; text holds the title too, so that all words of a query may
// be asked of one field. The others are stored to be shown.
const (
	fieldTitle   = "title"
	fieldText    = "text"
	fieldShown   = "shown"   // the title as written
	fieldSummary = "summary" // the summary as written
	fieldBody    = "body"    // the body as written
	fieldRef     = "ref"     // kind, id and path, one a line
)

// stored is what is written for one document.
type stored struct {
	Analyser string `json:"-"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Shown    string `json:"shown"`
	Summary  string `json:"summary"`
	Body     string `json:"body"`
	Ref      string `json:"ref"`
}

// BleveType chooses the analyser of this document's words.
func (s stored) BleveType() string { return s.Analyser }

func written(d Document) stored {
	s := stored{Analyser: english, Title: d.Title, Shown: d.Title, Summary: d.Summary, Body: d.Body}
	if d.Language != "" && d.Language != "en" && !strings.HasPrefix(d.Language, "en-") {
		s.Analyser = grams
	}
	s.Text = strings.Join([]string{d.Title, d.Summary, d.Body, d.Also}, "\n")
	s.Ref = d.Kind + "\n" + d.ID + "\n" + d.Path
	return s
}

// layout tells Bleve what to do with each field. No term vectors and no doc values: marks and facets are made without.
func layout() mapping.IndexMapping {
	all := bleve.NewIndexMapping()
	all.DefaultMapping = bleve.NewDocumentDisabledMapping()
	all.DefaultAnalyzer = english
	all.IndexDynamic, all.StoreDynamic, all.DocValuesDynamic = false, false, false
	for _, name := range []string{english, grams} {
		one := bleve.NewDocumentStaticMapping()
		one.DefaultAnalyzer = name
		for _, field := range []string{fieldTitle, fieldText} {
			f := bleve.NewTextFieldMapping()
			f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = name, false, false, false, false
			one.AddFieldMappingsAt(field, f)
		}
		for _, field := range []string{fieldShown, fieldSummary, fieldBody, fieldRef} {
			f := bleve.NewTextFieldMapping()
			f.Index, f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, true, false, false, false
			one.AddFieldMappingsAt(field, f)
		}
		all.AddDocumentMapping(name, one)
	}
	return all
}

// batch is how many documents go to an index in memory at once.
const batch = 2000

func inMemory(docs iter.Seq[Document]) (*Index, error) {
	bare, err := bleve.NewUsing("", layout(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make index: %w", err)
	}
	waiting := bare.NewBatch()
	columns, err := gathered(docs, func(id string, s stored) error {
		if err := waiting.Index(id, s); err != nil || waiting.Size() < batch {
			return err
		}
		err := bare.Batch(waiting)
		waiting = bare.NewBatch()
		return err
	})
	if err == nil && waiting.Size() > 0 {
		err = bare.Batch(waiting)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fill index: %w", err), bare.Close())
	}
	return opened(bare, columns)
}

// gathered puts every document somewhere under its number, and gives the columns of all.
func gathered(docs iter.Seq[Document], put func(id string, s stored) error) (*columns, error) {
	g := newGather()
	for d := range docs {
		s := written(d)
		if err := put(strconv.Itoa(len(g.Year)), s); err != nil {
			return nil, err
		}
		g.add(d)
		g.Words[fieldTitle] += countWords(s.Title)
		g.Words[fieldText] += countWords(s.Text)
	}
	return g.done(), nil
}

func countWords(text string) int {
	n := 0
	eachWord(text, func(string, int, int) bool { n++; return true })
	return n
}

func onDisk(dir, digest string, docs iter.Seq[Document]) (*Index, error) {
	if digest == "" || strings.ContainsAny(digest, `/\.`) {
		return nil, fmt.Errorf("%q cannot be the name of an index; give a digest in letters and digits", digest)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for the index: %w", err)
	}
	home := filepath.Join(dir, shape+"-"+digest)
	x, err := openFolder(home)
	switch {
	case err == nil:
		removeOthers(dir, home)
		return x, nil
	case !errors.Is(err, fs.ErrNotExist):
		// It is derived, so what cannot be read is made again.
		if err := os.RemoveAll(home); err != nil {
			return nil, fmt.Errorf("remove an index that does not open: %w", err)
		}
	}
	beside, err := os.MkdirTemp(dir, building)
	if err != nil {
		return nil, fmt.Errorf("make folder for the index: %w", err)
	}
	defer func() { _ = os.RemoveAll(beside) }() // only still there when something failed, which is told already
	if err := write(beside, docs); err != nil {
		return nil, fmt.Errorf("write index: %w", err)
	}
	if err := os.Rename(beside, home); err != nil && !errors.Is(err, fs.ErrExist) { // another process may have been quicker
		return nil, fmt.Errorf("put index in its place: %w", err)
	}
	x, err = openFolder(home)
	if err != nil {
		return nil, fmt.Errorf("open the index just written: %w", err)
	}
	removeOthers(dir, home)
	return x, nil
}

func write(folder string, docs iter.Seq[Document]) error {
	builder, err := bleve.NewBuilder(filepath.Join(folder, "bleve"), layout(), map[string]any{"buildPathPrefix": folder})
	if err != nil {
		return err
	}
	columns, err := gathered(docs, func(id string, s stored) error { return builder.Index(id, s) })
	if err == nil && len(columns.Year) == 0 {
		err = builder.Index("none", stored{Analyser: english}) // the builder cannot close on nothing at all
	}
	if err = errors.Join(err, builder.Close()); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(folder, "columns"))
	if err != nil {
		return err
	}
	return errors.Join(gob.NewEncoder(file).Encode(columns), file.Sync(), file.Close())
}

func openFolder(home string) (*Index, error) {
	file, err := os.Open(filepath.Join(home, "columns"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	c := &columns{}
	if err := gob.NewDecoder(file).Decode(c); err != nil {
		return nil, err
	}
	bare, err := bleve.OpenUsing(filepath.Join(home, "bleve"), map[string]any{"read_only": true})
	if err != nil {
		return nil, err
	}
	return opened(bare, c)
}

// opened learns which number Bleve gave to each document.
func opened(bare bleve.Index, c *columns) (x *Index, err error) {
	x = &Index{bleve: bare, columns: c}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open index: %w", err), bare.Close())
			x = nil
		}
	}()
	inner, err := bare.Advanced()
	if err != nil {
		return x, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return x, err
	}
	x.reader = reader.(*scorch.IndexSnapshot) // no other index is made here
	x.inBleve = make([]uint32, len(c.Year))
	all, err := x.reader.DocIDReaderAll()
	if err != nil {
		return x, err
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	for range len(c.Year) {
		inside, err := all.Next()
		if err != nil {
			return x, err
		}
		if inside == nil {
			return x, fmt.Errorf("holds fewer than %d documents", len(c.Year))
		}
		id, err := x.reader.ExternalID(inside)
		if err != nil {
			return x, err
		}
		doc, err := strconv.Atoi(id)
		if err != nil || doc >= len(c.Year) {
			return x, fmt.Errorf("holds a document %q that nobody put there", id)
		}
		at := number(inside)
		for len(x.byDoc) <= at {
			x.byDoc = append(x.byDoc, 0)
		}
		x.byDoc[at], x.inBleve[doc] = uint32(doc), uint32(at)
	}
	return x, nil
}

func number(id index.IndexInternalID) int { return int(id.Value()) }

// ours is the name of an index's folder.
var ours = regexp.MustCompile(`^s[0-9]+-`)

// abandoned reports a folder in which nobody has built for an hour: its program was stopped.
func abandoned(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && strings.HasPrefix(e.Name(), building) && time.Since(info.ModTime()) > time.Hour
}

// removeOthers takes away indexes of other content. One that a running program still has open stays readable to it.
func removeOthers(dir, home string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() && path != home && (ours.MatchString(e.Name()) || abandoned(e)) {
			_ = os.RemoveAll(path) // what stays is tried again at the next start
		}
	}
}
