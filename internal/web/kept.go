package web

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"waymark/internal/clock"
	"waymark/internal/pack"
)

// keeperLimit is how much may be kept, in bytes of plain pages; what comes after is made afresh each time.
const keeperLimit = 32 << 20

// keeper holds replies that are the same for everyone until the pack or the day changes.
// A reply that was begun under one shelf is put on that shelf, so an old page never reaches a new day.
type keeper struct{ current atomic.Pointer[shelf] }

type shelf struct {
	pack    *pack.Pack
	until   time.Time
	pages   sync.Map // path -> *keptPage
	holding atomic.Int64
}

type keptPage struct {
	ready   *ready
	pattern string
}

func (s *shelf) good(live *pack.Pack, now time.Time) bool {
	return s != nil && s.pack == live && now.Before(s.until)
}

// find gives what is kept for a path, if it is still good.
func (k *keeper) find(path string, live *pack.Pack, now time.Time) *keptPage {
	today := k.current.Load()
	if !today.good(live, now) {
		return nil
	}
	found, ok := today.pages.Load(path)
	if !ok {
		return nil
	}
	return found.(*keptPage)
}

// keep puts a reply on the shelf of the request's own pack and day.
func (k *keeper) keep(r *Request, pattern string, made *ready) {
	if !keepable(r.Request) {
		return
	}
	today := k.current.Load()
	if !today.good(r.Pack, r.Now) {
		fresh := &shelf{pack: r.Pack, until: clock.Today(r.Now).AddDays(1).At(0, 0)}
		if !k.current.CompareAndSwap(today, fresh) {
			return // somebody else changed it; the next request keeps this page
		}
		today = fresh
	}
	if today.holding.Add(int64(len(made.plain)+len(made.gzip))) > keeperLimit {
		return
	}
	today.pages.Store(r.URL.Path, &keptPage{made, pattern})
}

// keepable is a request for one path, spelt in one way, without a query.
func keepable(r *http.Request) bool {
	return r.URL.RawQuery == "" && r.URL.RawPath == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
}

// serveKept answers with a kept page, if there is one. This is the busiest path of the program: it makes no Request,
// and it writes its line in the log only when somebody debugs, since the line would cost more than the reply.
func (s *site) serveKept(w http.ResponseWriter, r *http.Request, now time.Time) bool {
	if !keepable(r) {
		return false
	}
	found := s.kept.find(r.URL.Path, s.cfg.Live(), now)
	if found == nil {
		return false
	}
	n := found.ready.serve(w, r)
	s.logQuietly(r, found.pattern, found.ready.statusFor(r), n, now)
	return true
}

func (s *site) logQuietly(r *http.Request, pattern string, status, bytes int, began time.Time) {
	if s.cfg.Log.Enabled(r.Context(), slog.LevelDebug) {
		s.log(slog.LevelDebug, r, pattern, status, bytes, began, s.ids.next())
	}
}
