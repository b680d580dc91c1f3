// Package webtest is what a test of a page needs: the real handler, a page read as words, and a real browser.
// Only external test packages import it.
package webtest

import (
	"flag"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// House is a site under test.
type House struct {
	t       testing.TB
	handler http.Handler
	once    sync.Once
	server  *httptest.Server
}

// Open gives the site that the handler answers for.
func Open(t testing.TB, handler http.Handler) *House {
	t.Helper()
	return &House{t: t, handler: handler}
}

// Page is what came back.
type Page struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// Get asks for a path, query included.
func (h *House) Get(path string) *Page {
	return h.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form, as a browser does from a page of the same site.
func (h *House) Post(path string, form url.Values) *Page {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+r.Host)
	return h.Do(r)
}

// Do sends any request.
func (h *House) Do(r *http.Request) *Page {
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return &Page{t: h.t, Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

// URL is where a browser finds the site, on this machine. The server stops with the test.
func (h *House) URL() string {
	h.once.Do(func() {
		h.server = httptest.NewServer(h.handler)
		h.t.Cleanup(h.server.Close)
	})
	return h.server.URL
}

// PlainURL is the site under a name that no browser trusts more than any other: plain HTTP, not this machine,
// as a phone in the same office sees it. Only browsers of this package find it.
func (h *House) PlainURL() string {
	_, port, err := net.SplitHostPort(strings.TrimPrefix(h.URL(), "http://"))
	if err != nil {
		h.t.Fatal(err)
	}
	return "http://office.test:" + port
}

// Has reports that the words stand on the page, as somebody reads them.
func (p *Page) Has(words string) bool {
	return strings.Contains(flat(p.Words()), flat(words))
}

// Words is the page as text: what its golden file holds.
func (p *Page) Words() string { return wordsOf(p.Body) }

// Main is the part of the words that belongs to this page alone, without masthead and foot.
func (p *Page) Main() string { return mainOf(p.Body) }

// Golden compares the main part of the page with testdata/<name>.page.txt; -update writes it.
func (p *Page) Golden(name string) {
	p.t.Helper()
	Golden(p.t, name+".page.txt", p.Main())
}

// Golden compares words with a file of testdata; -update writes it.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden file yet; look at what -update writes: %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (- kept, + now; -update writes it anew)\n%s", path, diff)
	}
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
