package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"waymark/bench/corpus"
	"waymark/internal/search"
	"waymark/internal/web"
)

const (
	seed       = 1    // of the texts
	askedSeed  = 3    // of what is asked
	asked      = 1000 // different queries
	serveIndex = "serve-index"
	aimSearch  = "at least 0.7 of the bare query; p99 under 10 ms"
)

// search asks for the same words by turns of us, with all facets and ten marked hits, and of Bleve's bare query for ten
// ids, in the same index and the same process, over HTTP.
func (b *bench) search(ctx context.Context) error {
	dir, err := b.indexFolder()
	if err != nil {
		return err
	}
	began := time.Now()
	made := false
	x, err := search.BuildEach(dir, fingerprint(b.texts), shown(corpus.Documents(seed, b.texts), b.texts, &made))
	if err != nil {
		return err
	}
	took := time.Since(began)
	if err := x.Close(); err != nil {
		return err
	}
	own := ""
	if b.own {
		if own, err = ownIndex(dir, b.texts); err != nil {
			return err
		}
	}
	if made {
		b.note("search: the index of %s texts was built in %s", grouped(float64(b.texts)), took.Round(time.Second))
	}
	size, err := sizeOf(dir, "own")
	if err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	s, err := launch(ctx, address, "/find?q=", b.dir, os.Stderr, nil, program, serveIndex, address, dir, fingerprint(b.texts), own)
	if err != nil {
		return err
	}
	defer s.stop()
	what := fmt.Sprintf("search of %s texts, facets and marked hits", grouped(float64(b.texts)))
	for _, connections := range []int{8, 1} {
		contenders := []contender{asking(s, "/find?q=", connections), asking(s, "/bare?q=", connections)}
		if own != "" {
			contenders = append(contenders, asking(s, "/own?q=", connections))
		}
		f, err := b.byTurns(ctx, contenders)
		if err != nil {
			return err
		}
		aim := ""
		if connections == 8 {
			aim = aimSearch
		}
		at := fmt.Sprintf("%s, %d connections", what, connections)
		b.row(at, f[0].speed()+"; "+f[0].waits(), "bare Bleve: "+f[1].speed()+"; "+f[1].waits(), fmt.Sprintf("%.2f of the queries", ratio(f[0].rates, f[1].rates)), aim)
		if own != "" {
			b.row(at, "as above", "Bleve's own facets and marks: "+f[2].speed()+"; "+f[2].waits(), fmt.Sprintf("%.1f times the queries", ratio(f[0].rates, f[2].rates)), "")
		}
	}
	resident, err := status(s.pid(), "VmRSS")
	if err != nil {
		return err
	}
	anonymous, err := status(s.pid(), "RssAnon")
	if err != nil {
		return err
	}
	b.row("index of these texts", fmt.Sprintf("%d MB on disk; %.0f MB resident while it is asked, %.0f MB of them not from files", size>>20, resident, anonymous), "", "", "")
	return nil
}

func asking(s *server, path string, connections int) contender {
	l := load{address: s.address, connections: connections}
	for _, words := range corpus.Queries(askedSeed, asked) {
		l.requests = append(l.requests, get(s.address, path+url.QueryEscape(words), false))
	}
	return contender{l, []int{s.pid()}}
}

// indexFolder is kept between runs, one for each number of texts, so that only the first run builds.
func (b *bench) indexFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "waymark-bench", fmt.Sprintf("texts-%d", b.texts))
	b.note("search: the index is kept for the next run in the user's cache folder, waymark-bench")
	return dir, os.MkdirAll(dir, 0o700)
}

// fingerprint changes when the texts do.
func fingerprint(texts int) string {
	sum := sha256.New()
	for d := range corpus.Documents(seed, min(20, texts)) {
		fmt.Fprintf(sum, "%v\n", d)
	}
	return fmt.Sprintf("seed%d-%s", seed, hex.EncodeToString(sum.Sum(nil))[:12])
}

// shown says how far the building is.
func shown(docs iter.Seq[search.Document], n int, made *bool) iter.Seq[search.Document] {
	return func(give func(search.Document) bool) {
		*made = true
		done := 0
		for d := range docs {
			if !give(d) {
				return
			}
			if done++; done*10/n != (done-1)*10/n {
				fmt.Fprintf(os.Stderr, "  building the index: %d %%\n", done*100/n)
			}
		}
	}
}

func sizeOf(dir, except string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if strings.HasPrefix(entry.Name(), except) {
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}

// bare is all the words in the text, ten ids and nothing else. The analyser is named, because the index has two and
// Bleve would take either for a query that names none.
func bare(words string) *bleve.SearchRequest {
	q := bleve.NewMatchQuery(words)
	q.SetField("text")
	q.SetOperator(query.MatchQueryOperatorAnd)
	q.Analyzer = "waymark_english"
	return bleve.NewSearchRequestOptions(q, 10, 0, false)
}

// serveTheIndex is a program of its own, so that its memory and processor time can be told from those of the callers.
func serveTheIndex(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("%s is for the bench itself", serveIndex)
	}
	address, dir, print, own := args[0], args[1], args[2], args[3]
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	x, err := search.BuildEach(dir, print, func(func(search.Document) bool) { panic("the index should be there") })
	if err != nil {
		return err
	}
	defer x.Close()
	folders, err := filepath.Glob(filepath.Join(dir, "*"+print, "bleve"))
	if err != nil || len(folders) != 1 {
		return fmt.Errorf("found %d indexes, not one: %w", len(folders), err)
	}
	theirs, err := bleve.OpenUsing(folders[0], map[string]any{"read_only": true})
	if err != nil {
		return err
	}
	defer theirs.Close()
	mux := http.NewServeMux()
	answer := func(path string, find func(ctx context.Context, words string) (any, error)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			found, err := find(r.Context(), r.FormValue("q"))
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			raw, err := json.Marshal(found)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(raw)))
			_, _ = w.Write(raw) // whoever asked may be gone
		})
	}
	answer("/find", func(ctx context.Context, words string) (any, error) {
		return x.Find(ctx, search.Query{Words: words, Size: 10})
	})
	answer("/bare", func(ctx context.Context, words string) (any, error) {
		found, err := theirs.SearchInContext(ctx, bare(words))
		return idsOf(found), err
	})
	if own != "" {
		all, err := bleve.OpenUsing(own, map[string]any{"read_only": true})
		if err != nil {
			return err
		}
		defer all.Close()
		answer("/own", func(ctx context.Context, words string) (any, error) { return all.SearchInContext(ctx, withAll(words)) })
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return web.Serve(ctx, listener, mux, slog.New(slog.DiscardHandler))
}

func idsOf(found *bleve.SearchResult) (ids []string) {
	if found != nil {
		for _, hit := range found.Hits {
			ids = append(ids, hit.ID)
		}
	}
	return ids
}
