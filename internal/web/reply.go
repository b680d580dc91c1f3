package web

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/a-h/templ"
)

// Reply is what a handler wants sent. It is made whole before the first byte leaves, so that an error never follows half a page.
type Reply interface {
	content(*Request) (content, error)
}

// content is a reply made ready.
type content struct {
	status    int
	kind      string // its content type
	body      []byte
	private   bool   // kept by nobody, found by no search engine
	location  string // of a redirect
	download  string // Content-Disposition
	allow     string // of a method refused
	immutable bool
	connects  bool     // a page whose script may talk to this site
	cookies   []string // Set-Cookie
}

// Head is what the shell of a page needs to know.
type Head struct {
	Title       string // "" gives the bare title "Waymark"; otherwise "Title – Waymark"
	Private     bool   // kept by nobody, not indexed, and the title stays bare: concern, cards, contacts, doors
	Exit        bool   // shows the GOV.UK way of leaving a page at once
	Status      int    // 200 when 0
	Wide        bool   // for tables and facets; text stays at 70 characters a line
	Bare        bool   // no navigation: one step of a check
	Description string // for search engines and for those who share the link
	JSONLD      any    // what the page is about, for machines
	Feed        string // the path of an Atom feed of the same
	Section     string // which entry of the navigation is current: home, concern, cards, library, guidance, contacts, about
	Crumbs      []Crumb
	PrintTitle  string // at the top of the paper; "" gives the title, or only "Waymark" when private
}

// Crumb is one step of the way back up.
type Crumb struct{ Label, Href string }

type page struct {
	head Head
	body templ.Component
}

// Page is a page of this site.
func Page(head Head, body templ.Component) Reply { return page{head, body} }

func (p page) content(r *Request) (content, error) {
	var b bytes.Buffer
	b.Grow(16 << 10)
	ctx := context.WithValue(r.Context(), requestKey{}, r)
	if err := shell(r, p.head, p.body).Render(ctx, &b); err != nil {
		return content{}, fmt.Errorf("show page: %w", err)
	}
	status := p.head.Status
	if status == 0 {
		status = http.StatusOK
	}
	return content{status: status, kind: "text/html; charset=utf-8", body: b.Bytes(), private: p.head.Private}, nil
}

type redirect string

// Redirect sends the browser to another path of this site, to be fetched with GET.
func Redirect(path string) Reply { return redirect(path) }

func (to redirect) content(*Request) (content, error) {
	if path := string(to); !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return content{}, fmt.Errorf("a redirect may only lead to a path of this site")
	}
	return content{status: http.StatusSeeOther, location: string(to), private: true}, nil
}

type file struct {
	name, kind string
	body       []byte
	private    bool
}

// File is something to keep: the browser saves it under that name.
func File(name, contentType string, content []byte) Reply {
	return file{name, contentType, content, false}
}

// FilePrivate is a File that no cache between here and the person may keep.
func FilePrivate(name, contentType string, content []byte) Reply {
	return file{name, contentType, content, true}
}

// Bytes is something that is shown rather than saved: a feed, a site map, a list for machines.
func Bytes(contentType string, content []byte) Reply { return file{"", contentType, content, false} }

// BytesPrivate is Bytes that no cache between here and the person may keep: a feed of what somebody searched for.
func BytesPrivate(contentType string, content []byte) Reply {
	return file{"", contentType, content, true}
}

func (f file) content(*Request) (content, error) {
	c := content{status: http.StatusOK, kind: f.kind, body: f.body, private: f.private}
	if f.name != "" {
		c.download = mime.FormatMediaType("attachment", map[string]string{"filename": f.name})
		if c.download == "" {
			return content{}, fmt.Errorf("%q cannot be the name of a file", f.name)
		}
	}
	return c, nil
}
