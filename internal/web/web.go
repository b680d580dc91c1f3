// Package web is the waist of the house: every request comes in and every reply goes out through it.
// It owns the routes with their permissions, the page shell, the components and the assets. What a page says,
// and what happens when a form arrives, belongs to the rooms above.
package web

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/lang"
	"waymark/internal/pack"
)

// Text is what this room says; lang.Read gathers it.
//
//go:embed text/*.yaml
var Text embed.FS

// Config is what a copy of Waymark is built from. Every field but Site, Emergency, Development and Demo is needed.
type Config struct {
	Now         clock.Now
	Live        func() *pack.Pack              // the pack that is live at this moment
	Emergency   func(*pack.Pack) block.Contact // whom every page names for danger now; its number stands in the register
	Words       map[string]*lang.Words         // by language
	Language    string                         // which of them this copy speaks
	Site        Site
	Log         *slog.Logger
	Development bool     // adds /components
	Demo        bool     // says on every page that nothing here is for real use
	Private     *Private // nil: this copy has no accounts and no records
}

// Site is what every page knows about the copy it belongs to.
type Site struct {
	Name       string // of this copy; "" when it has none of its own
	RunBy      string // who runs it
	Reach      string // how to reach them, in words
	URL        string // its public address, without a slash at the end; "" when not set
	Version    string // of the program
	Demo       bool   // set by New from Config.Demo
	OpenSearch string // path of the OpenSearch description; "" when there is none
	Nav        []Entry
	Foot       []Entry
	Staff      []StaffEntry // the navigation of somebody who is signed in
}

// StaffEntry is a link for those who may go there.
type StaffEntry struct {
	Entry
	May access.Permission
}

// Entry is one link of the navigation or of the foot.
type Entry struct {
	Section string // as in Head.Section
	Path    string
	Says    string // a key of the words, such as web.nav.library
}

// Request is one request. It has one moment and one pack from beginning to end.
type Request struct {
	*http.Request
	Who       access.Who
	Tx        *db.Tx // of a route that is not for Anyone, while its handler runs
	Prepared  any    // what Prepare gave
	Now       time.Time
	Pack      *pack.Pack
	Words     *lang.Words
	Site      *Site
	Emergency block.Contact
	ID        string // names the request in the log and on the page that says something went wrong

	Source string // the network address that somebody comes from, for slowing guesses; never written down as it is

	about  string // the case that was asked for
	traces []audit.Entry
	sent   map[string][]Sent
	idle   time.Duration
	byHost bool // the reply names the host that was asked for, so it must not be kept for others
}

// Say gives a line of this request's words.
func (r *Request) Say(key string, pairs ...string) string { return r.Words.Say(key, pairs...) }

// Address is the full address of a path of this site, for feeds, citations and codes to scan.
// Without a public address in the configuration it uses the host that was asked for, and the reply is then never kept.
func (r *Request) Address(path string) string {
	if r.Site.URL != "" {
		return r.Site.URL + path
	}
	r.byHost = true
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host + path
}

type requestKey struct{}

// Of gives the request that a component is being shown for. Outside a request it gives an empty one.
func Of(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{Site: &Site{}}
}

// Say gives a line in the words of the request that a component is being shown for.
func Say(ctx context.Context, key string, pairs ...string) string { return Of(ctx).Say(key, pairs...) }

// Handler answers one request. It returns what to send, or an error of a kind that fault names.
type Handler func(*Request) (Reply, error)

// New builds the handler of the whole site. It refuses a route that states no permission and routes that clash.
func New(cfg Config, routes ...Route) (http.Handler, error) {
	if cfg.Now == nil || cfg.Live == nil || cfg.Log == nil || cfg.Words[cfg.Language] == nil {
		return nil, fmt.Errorf("web needs a clock, a live pack, a log and words in %q", cfg.Language)
	}
	s := &site{cfg: cfg, words: cfg.Words[cfg.Language], about: cfg.Site, mux: http.NewServeMux(), ids: newIDs()}
	s.about.Demo = cfg.Demo
	if err := s.trust(cfg.Site.URL); err != nil {
		return nil, err
	}
	if cfg.Development {
		routes = append(routes, Get("/components", access.Anyone, showComponents))
	}
	for _, route := range routes {
		if route.permission != access.Anyone && route.permission.Stated() && cfg.Private == nil {
			return nil, fmt.Errorf("route %s is not for everybody, but this copy has no database to know people from", route)
		}
		if err := s.mount(route); err != nil {
			return nil, err
		}
	}
	return s, nil
}
