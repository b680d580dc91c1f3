package webtest

import "net/http"

// SessionCookie is the cookie that web gives to somebody who signs in.
const SessionCookie = "__Host-waymark"

// As gives the same site as a browser on this machine sees it that holds the token of a session; "" for none.
// Routes that are not for everybody answer only on such a road.
func (h *House) As(token string) *House {
	return &House{t: h.t, handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr, r.Host = "127.0.0.1:4000", "localhost"
		if r.Header.Get("Origin") != "" {
			r.Header.Set("Origin", "http://localhost")
		}
		if token != "" {
			r.AddCookie(&http.Cookie{Name: SessionCookie, Value: token})
		}
		h.handler.ServeHTTP(w, r)
	})}
}

// Cookie is the value of a cookie that the page set, and whether it did.
func (p *Page) Cookie(name string) (string, bool) {
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if c.Name == name {
			return c.Value, true
		}
	}
	return "", false
}

// Handler is the site itself, for a test that serves it in a way of its own.
func (h *House) Handler() http.Handler { return h.handler }
