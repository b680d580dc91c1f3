package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// policy is what a browser may do with our pages: show them with our own style, script and pictures, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; connect-src 'none'; manifest-src 'self'"

// policyPrivate lets a page of the private half talk to this site while somebody types, and to nobody else.
var policyPrivate = []string{strings.Replace(policy, "connect-src 'none'", "connect-src 'self'", 1)}

// guards are the headers of every reply. Referrer-Policy lets nothing leave the site, yet a post keeps the origin
// by which it is known to be ours, over plain HTTP too.
var guards = []preset{
	{"Content-Security-Policy", []string{policy}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Permissions-Policy", []string{"browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"}},
	{"Referrer-Policy", []string{"same-origin"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
}

// wellFormed reports that path and query are text that can be read.
func wellFormed(r *http.Request) bool {
	if !readable(r.URL.Path) {
		return false
	}
	if r.URL.RawQuery == "" {
		return true
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	return err == nil && readableValues(query)
}

func readableValues(values url.Values) bool {
	for name, all := range values {
		if !readable(name) {
			return false
		}
		for _, value := range all {
			if !readable(value) {
				return false
			}
		}
	}
	return true
}

func readable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// readBody reads a form that was posted, from this site, whole and of sensible size; otherwise it gives the status that says no.
func (s *site) readBody(w http.ResponseWriter, r *http.Request, route Route) (int, error) {
	if route.method != http.MethodPost {
		return 0, nil
	}
	if err := s.origin.Check(r); err != nil {
		return http.StatusForbidden, err
	}
	if route.files {
		form, sent, status := readParts(w, r, route.body)
		if status != 0 {
			return status, nil
		}
		r.Context().Value(callKey{}).(*call).request.sent = sent
		merge(r, form)
		return 0, nil
	}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.Header.Get("Content-Encoding") != "" {
		return http.StatusUnsupportedMediaType, nil
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return http.StatusUnsupportedMediaType, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, route.body))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, nil
	}
	if err != nil {
		return http.StatusBadRequest, nil // cut off, or too slow
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || !route.verbatim && !readableValues(form) {
		return http.StatusBadRequest, nil
	}
	merge(r, form)
	return 0, nil
}

func merge(r *http.Request, form url.Values) {
	r.PostForm, r.Form = form, url.Values{}
	for name, values := range form {
		r.Form[name] = append(r.Form[name], values...)
	}
	for name, values := range r.URL.Query() {
		r.Form[name] = append(r.Form[name], values...)
	}
}
