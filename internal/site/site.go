// Package site builds the whole: it loads the packs, makes the index, mounts every room and hands each what it asked for.
// Pack and index are replaced together, in one swap; a pack that does not load leaves the old one where it is.
package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"waymark/internal/account"
	"waymark/internal/block"
	"waymark/internal/casework"
	"waymark/internal/clock"
	"waymark/internal/concern"
	"waymark/internal/contacts"
	"waymark/internal/content"
	"waymark/internal/lang"
	"waymark/internal/library"
	"waymark/internal/pack"
	"waymark/internal/search"
	"waymark/internal/web"
	"waymark/packs"
)

// Config is what a copy is built from. Only Pack is needed.
type Config struct {
	Pack        string // id of a pack that came with the program, such as england-wales
	LocalPack   string // a folder whose pack extends it; "" for none
	Data        string // a folder for what is derived; "" keeps the index in memory
	Language    string // of the program's own words; "" is English
	Site        web.Site
	Now         clock.Now
	Log         *slog.Logger
	Development bool
	Demo        bool
	Private     *Private      // nil: the public half alone
	Road        web.Road      // over which connections records may travel
	Idle        time.Duration // after which a screen locks itself
}

// Site is a running copy.
type Site struct {
	cfg      Config
	words    map[string]*lang.Words
	live     atomic.Pointer[live]
	swap     sync.Mutex
	handler  http.Handler
	invented []account.Invented // the people of a demonstration
	cases    *casework.Casework // nil in a copy without records
}

// live is what is replaced together.
type live struct {
	pack  *pack.Pack
	index *search.Index
}

// Open loads the packs and builds the handler.
func Open(cfg Config) (*Site, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Language == "" {
		cfg.Language = "en"
	}
	words, err := Words()
	if err != nil {
		return nil, err
	}
	if words[cfg.Language] == nil {
		return nil, fmt.Errorf("the program has no words in %q; add text/%s.yaml to its rooms", cfg.Language, cfg.Language)
	}
	s := &Site{cfg: cfg, words: words}
	if _, err := s.Reload(); err != nil {
		return nil, err
	}
	return s, s.mount()
}

// Words gathers what every room says, by language.
func Words() (map[string]*lang.Words, error) {
	return lang.Read(web.Text, account.Text, casework.Text, concern.Text, contacts.Text, content.Text, library.Text)
}

// Handler answers every request of the copy.
func (s *Site) Handler() http.Handler { return s.handler }

// Pack is the pack that is live.
func (s *Site) Pack() *pack.Pack { return s.live.Load().pack }

// Index is the index that is live.
func (s *Site) Index() *search.Index { return s.live.Load().index }

// LoadPack loads the pack that a copy with these settings would show, and runs every room's checks on it.
func LoadPack(id, local string) (*pack.Pack, error) {
	words, err := Words()
	if err != nil {
		return nil, err
	}
	var fsys fs.FS
	if local != "" {
		if fsys, err = folder(local); err != nil {
			return nil, err
		}
	} else if fsys, err = packs.Open(id); err != nil {
		return nil, err
	}
	return pack.Load(fsys, packs.Open, Checks(words["en"])...)
}

func folder(path string) (fs.FS, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder that can be read", path)
	}
	return os.DirFS(path), nil
}

// Checks are what the rooms want to be true of every pack.
func Checks(words *lang.Words) []pack.Check {
	return []pack.Check{concern.Examples(directory{}, words)}
}

// Reload reads the pack again and makes it live when it is good. It reports whether anything changed.
// With an error, what was live stays live.
func (s *Site) Reload() (changed bool, err error) {
	s.swap.Lock()
	defer s.swap.Unlock()
	p, err := LoadPack(s.cfg.Pack, s.cfg.LocalPack)
	if err != nil {
		return false, err
	}
	old := s.live.Load()
	if old != nil && old.pack.Digest == p.Digest {
		return false, nil
	}
	docs := documents(p)
	index, err := search.Build(s.indexFolder(), digest(docs), docs)
	if err != nil {
		return false, fmt.Errorf("build the index: %w", err)
	}
	s.live.Store(&live{p, index})
	if old != nil {
		if err := old.index.Close(); err != nil {
			s.cfg.Log.Warn("the index before could not be closed", "error", err)
		}
	}
	s.cfg.Log.Info("pack live", "version", p.Version(), "warnings", len(p.Warnings))
	return true, nil
}

func (s *Site) indexFolder() string {
	if s.cfg.Data == "" {
		return ""
	}
	return filepath.Join(s.cfg.Data, "index")
}

// Close gives the index back. Requests that have begun are answered first.
func (s *Site) Close() error { return s.live.Load().index.Close() }

func documents(p *pack.Pack) []search.Document {
	all := library.Documents(p)
	all = append(all, content.Documents(p)...)
	all = append(all, contacts.Documents(p)...)
	return append(all, concern.Documents(p)...)
}

// digest names the index by what is in it: the same pack under a newer program may be found by other words.
func digest(docs []search.Document) string {
	sum := sha256.New()
	for _, d := range docs {
		fmt.Fprintf(sum, "%v\n", d)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// directory gives the concern check what the register knows.
type directory struct{}

func (directory) Open(p *pack.Pack, at time.Time, area, nation string, wanted ...string) []block.Contact {
	return contacts.Open(p, at, area, nation, wanted...)
}

func (directory) Resolver(p *pack.Pack, at time.Time, area, nation string) block.Resolver {
	return contacts.Resolver(p, at, area, nation)
}
