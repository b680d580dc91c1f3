package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/lang"
)

// site is the handler of everything.
type site struct {
	cfg    Config
	about  Site
	words  *lang.Words
	mux    *http.ServeMux
	origin http.CrossOriginProtection
	kept   keeper
	ids    *ids
}

// trust lets forms come from the public address, for a proxy in front that changes the host's name.
func (s *site) trust(url string) error {
	if url == "" {
		return nil
	}
	if err := s.origin.AddTrustedOrigin(url); err != nil {
		return fmt.Errorf("public address %q: write it as https://name, without a path: %w", url, err)
	}
	return nil
}

// ServeHTTP answers what is ready at once, and sends the rest through the routes.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := s.cfg.Now()
	if s.serveKept(w, r, began) || s.serveAsset(w, r, began) {
		return
	}
	c := &call{site: s, w: w, began: began, request: s.request(r, began)}
	defer c.rescue()
	if !wellFormed(r) {
		c.refuse(http.StatusBadRequest, nil)
		return
	}
	if to := cleaned(r.URL); to != "" {
		c.move(to)
		return
	}
	matched, pattern := s.mux.Handler(r)
	if pattern == "" {
		c.unmatched(matched)
		return
	}
	s.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
}

type callKey struct{}

func (s *site) request(r *http.Request, now time.Time) *Request {
	live := s.cfg.Live()
	request := &Request{Request: r, Who: access.Who{}, Now: now, Pack: live, Words: s.words, Site: &s.about, ID: s.ids.next()}
	if s.cfg.Private != nil {
		request.idle = s.cfg.Private.Idle
	}
	if s.cfg.Emergency != nil {
		request.Emergency = s.cfg.Emergency(live)
	}
	return request
}

// answer runs one route: the permission, then the body, then the handler.
func (s *site) answer(w http.ResponseWriter, r *http.Request, route Route) {
	c := r.Context().Value(callKey{}).(*call)
	c.request.Request, c.route = r, &route
	if route.permission != access.Anyone {
		s.answerPrivate(c)
		return
	}
	if !c.request.Who.May(route.permission) {
		c.refuse(http.StatusForbidden, nil)
		return
	}
	if status, err := s.readBody(w, r, route); status != 0 {
		c.refuse(status, err)
		return
	}
	reply, err := route.handler(c.request)
	if err != nil {
		c.fail(err)
		return
	}
	made, err := reply.content(c.request)
	if err != nil {
		c.fail(err)
		return
	}
	c.send(made)
}

// call is one request on its way to its reply.
type call struct {
	site    *site
	w       http.ResponseWriter
	began   time.Time
	request *Request
	route   *Route
	sent    bool
}

// send writes the reply and, where the route says so, keeps it for the next who asks.
func (c *call) send(made content) {
	c.sent = true
	ready := prepare(made)
	if c.route != nil && c.route.kept && made.status == http.StatusOK && !made.private && !c.request.byHost {
		c.site.kept.keep(c.request, c.route.pattern, ready)
	}
	n := ready.serve(c.w, c.request.Request)
	c.log(ready.statusFor(c.request.Request), n)
}

func (c *call) log(status, bytes int) {
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	c.site.log(level, c.request.Request, c.pattern(), status, bytes, c.began, c.request.ID)
}

func (c *call) pattern() string {
	if c.route == nil {
		return "none"
	}
	return c.route.pattern
}

// log writes one line for one request. The address as it was typed, its query and the form are never in it:
// each may hold what somebody noticed about a child.
func (s *site) log(level slog.Level, r *http.Request, pattern string, status, bytes int, began time.Time, id string) {
	s.cfg.Log.LogAttrs(context.Background(), level, "request",
		slog.String("method", knownMethod(r.Method)), slog.String("route", pattern), slog.Int("status", status),
		slog.Float64("ms", float64(s.cfg.Now().Sub(began).Microseconds())/1000), slog.Int("bytes", bytes), slog.String("id", id))
}

// knownMethod keeps invented methods, which may hold anything, out of the log.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// rescue turns a panic into the page that says something went wrong. The log gets where it happened;
// what was panicked with is told only when the Go runtime said it, since anything else may quote a form.
func (c *call) rescue() {
	why := recover()
	if why == nil {
		return
	}
	if err, ok := why.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(why)
	}
	told := fmt.Sprintf("a %T", why)
	var fault runtime.Error
	if err, ok := why.(error); ok && errors.As(err, &fault) {
		told = fault.Error()
	}
	c.site.cfg.Log.Error("panic", slog.String("route", c.pattern()), slog.String("id", c.request.ID),
		slog.String("with", told), slog.String("stack", string(debug.Stack())))
	if !c.sent {
		c.refuse(http.StatusInternalServerError, nil)
	}
}

// unmatched answers what no route takes: another method, another spelling of a path, or nothing at all.
func (c *call) unmatched(matched http.Handler) {
	r := c.request.Request
	told := &overheard{header: http.Header{}}
	matched.ServeHTTP(told, r)
	if told.status == http.StatusMethodNotAllowed {
		made := c.refusal(http.StatusMethodNotAllowed)
		made.allow = told.header.Get("Allow")
		c.send(made)
		return
	}
	if to := c.site.withoutSlash(r); to != "" {
		c.move(to)
		return
	}
	c.refuse(http.StatusNotFound, nil)
}

// withoutSlash finds the page that somebody meant who wrote a slash too many at its end.
func (s *site) withoutSlash(r *http.Request) string {
	short := strings.TrimRight(r.URL.EscapedPath(), "/")
	if short == "" || short == r.URL.EscapedPath() {
		return ""
	}
	again, to := *r, *r.URL
	again.URL, to.Path, to.RawPath = &to, strings.TrimRight(r.URL.Path, "/"), ""
	if _, pattern := s.mux.Handler(&again); pattern == "" {
		return ""
	}
	return withQuery(short, r.URL)
}

// cleaned is the path without doubled slashes and dots, when it was not written so. The mux would lead there itself,
// but without the headers that every reply carries.
func cleaned(u *url.URL) string {
	written := u.EscapedPath()
	clean := path.Clean("/" + written)
	if strings.HasSuffix(written, "/") && clean != "/" {
		clean += "/"
	}
	if clean == written {
		return ""
	}
	return withQuery(clean, u)
}

func withQuery(path string, u *url.URL) string {
	if u.RawQuery == "" {
		return path
	}
	return path + "?" + u.RawQuery
}

// move leads to the right spelling of an address. What is not a plain look at a page has no other spelling.
func (c *call) move(to string) {
	if method := c.request.Method; method != http.MethodGet && method != http.MethodHead {
		c.refuse(http.StatusNotFound, nil)
		return
	}
	c.send(content{status: http.StatusMovedPermanently, location: to})
}

// overheard listens to what the mux would have said.
type overheard struct {
	header http.Header
	status int
}

func (o *overheard) Header() http.Header         { return o.header }
func (o *overheard) WriteHeader(status int)      { o.status = status }
func (o *overheard) Write(b []byte) (int, error) { return io.Discard.Write(b) }
