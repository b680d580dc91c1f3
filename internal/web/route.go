package web

import (
	"fmt"
	"net/http"
	"strings"

	"waymark/internal/access"
)

// bodyLimit is how much a form may hold unless its route says otherwise.
const bodyLimit = 64 << 10

// Route is one address, what it demands of whoever asks, and what answers.
type Route struct {
	method, pattern string
	permission      access.Permission
	handler         Handler
	kept            bool
	body            int64
	files           bool
	verbatim        bool
	prepare         func(*Request) (any, error)
}

// Option changes how a route is served.
type Option func(*Route)

// Get is a page to look at. The pattern is that of net/http, without method and host; "/" means the home page alone.
func Get(pattern string, p access.Permission, h Handler, opts ...Option) Route {
	return newRoute(http.MethodGet, pattern, p, h, opts)
}

// Post is a form that arrives. It must come from a page of this site.
func Post(pattern string, p access.Permission, h Handler, opts ...Option) Route {
	return newRoute(http.MethodPost, pattern, p, h, opts)
}

// Kept says that the reply depends on nothing but the path, the live pack, the language and the day.
// It is kept in memory, ready to send, until the pack or the day changes. A request with a query is always answered afresh.
var Kept Option = func(r *Route) { r.kept = true }

// MaxBody lets a form hold more, or less, than 64 kB.
func MaxBody(n int64) Option { return func(r *Route) { r.body = n } }

// Verbatim lets through what no text holds, such as NUL: for a form whose engine keeps it as a draft beside a problem, so that
// a broken copy costs nobody the rest of the page.
var Verbatim Option = func(r *Route) { r.verbatim = true }

// Prepare does, before the transaction of a form begins, what takes long: hashing a password, scanning a file. Its request
// has its form and its person and no Tx; what it gives is Request.Prepared in the handler.
func Prepare(f func(*Request) (any, error)) Option { return func(r *Route) { r.prepare = f } }

func newRoute(method, pattern string, p access.Permission, h Handler, opts []Option) Route {
	r := Route{method: method, pattern: pattern, permission: p, handler: h, body: bodyLimit}
	for _, opt := range opts {
		opt(&r)
	}
	return r
}

// Pattern is the address as the route was given it; lists for tests and the site map are made from it.
func (r Route) Pattern() string { return r.pattern }

// Method is GET or POST.
func (r Route) Method() string { return r.method }

// Permission is what the route demands.
func (r Route) Permission() access.Permission { return r.permission }

func (r Route) String() string { return r.method + " " + r.pattern }

func (r Route) check() error {
	switch {
	case !strings.HasPrefix(r.pattern, "/"):
		return fmt.Errorf("route %s: a pattern begins with /", r)
	case !r.permission.Stated():
		return fmt.Errorf("route %s states no permission; say who may come in, such as access.Anyone", r)
	case r.handler == nil:
		return fmt.Errorf("route %s has no handler", r)
	case r.prepare != nil && (r.method != http.MethodPost || r.permission == access.Anyone):
		return fmt.Errorf("route %s: only a form that is not for anyone has something to prepare", r)
	case r.kept && (r.method != http.MethodGet || r.permission != access.Anyone):
		return fmt.Errorf("route %s: only the reply to a GET for anyone can be kept", r)
	}
	return nil
}

// mount adds the route to the site, or says which route it cannot stand beside.
func (s *site) mount(route Route) (err error) {
	if err := route.check(); err != nil {
		return err
	}
	defer func() {
		if why := recover(); why != nil { // the mux knows no other way to refuse
			err = fmt.Errorf("route %s: %v", route, why)
		}
	}()
	exact := route.pattern
	if strings.HasSuffix(exact, "/") {
		exact += "{$}" // never everything below it
	}
	s.mux.HandleFunc(route.method+" "+exact, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, route) })
	return nil
}
