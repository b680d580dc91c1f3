package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

const formKind = "application/x-www-form-urlencoded"

// listening is a house with a form that repeats nothing.
func listening(t testing.TB) *webtest.House {
	return newCopy().open(t, anyone("/", says("home")), anyone("/find", says("found")),
		web.Post("/answer", access.Anyone, says("thank you")), web.Post("/long", access.Anyone, says("thank you"), web.MaxBody(200<<10)))
}

func TestHostileRequestsGetAClearPageAndTheRightStatus(t *testing.T) {
	house := listening(t)
	long := strings.Repeat("a", 70<<10)
	for _, c := range []struct {
		why, method, path, kind, body string
		want                          int
	}{
		{"too long a form", "POST", "/answer", formKind, "words=" + long, 413},
		{"a route that allows more", "POST", "/long", formKind, "words=" + long, 200},
		{"another kind of body", "POST", "/answer", "application/json", "{}", 415},
		{"no kind at all", "POST", "/answer", "", "words=x", 415},
		{"another alphabet", "POST", "/answer", formKind + "; charset=utf-16", "words=x", 415},
		{"bytes that are no text", "POST", "/answer", formKind, "words=%ff%fe", 400},
		{"a zero byte", "POST", "/answer", formKind, "words=a%00b", 400},
		{"half an escape", "POST", "/answer", formKind, "words=%4", 400},
		{"a query that is no text", "GET", "/find?q=%ff", "", "", 400},
		{"a query with a zero byte", "GET", "/find?q=%00", "", "", 400},
		{"half an escape in a query", "GET", "/find?q=%4", "", "", 400},
		{"a path that is no text", "GET", "/%ff", "", "", 400},
		{"a path with a zero byte", "GET", "/a%00b", "", "", 400},
		{"another method", "POST", "/find", formKind, "", 405},
		{"an invented method", "BREW", "/find", "", "", 405},
		{"a path that climbs", "GET", "/%2e%2e/%2e%2e/etc/passwd", "", "", 404},
		{"an asset that is not there", "GET", "/assets/web.go", "", "", 404},
		{"an asset by way of another folder", "GET", "/assets/../web.go", "", "", 301},
		{"a form sent to another spelling", "POST", "//answer", formKind, "", 404},
		{"nothing there", "GET", "/nowhere", "", "", 404},
	} {
		page := send(house, c.method, c.path, strings.NewReader(c.body), "Content-Type", c.kind)
		if page.Status != c.want {
			t.Errorf("%s: status %d, want %d", c.why, page.Status, c.want)
		}
		if page.Status >= 400 && !page.Has("Go to the home page") {
			t.Errorf("%s: no way home:\n%s", c.why, page.Words())
		}
	}
	if page := send(house, "POST", "/find", nil); page.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("a refused method does not say what is allowed: %v", page.Header)
	}
}

func TestAFormFromAnotherSiteIsRefusedAndFromOursIsTaken(t *testing.T) {
	house := listening(t)
	for _, c := range []struct {
		why     string
		headers []string
		want    int
	}{
		{"another site, as a browser says over HTTPS", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another site, over plain HTTP", []string{"Origin", "http://evil.example"}, 403},
		{"a page that hides where it is", []string{"Origin", "null"}, 403},
		{"our own page, over HTTPS", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"our own page, over plain HTTP on any address", []string{"Origin", "http://waymark.example"}, 200},
	} {
		page := send(house, "POST", "/answer", strings.NewReader("words=x"), append([]string{"Content-Type", formKind}, c.headers...)...)
		if page.Status != c.want {
			t.Errorf("%s: status %d, want %d", c.why, page.Status, c.want)
		}
	}
}

func TestAFormThroughAProxyIsKnownByThePublicAddress(t *testing.T) {
	c := newCopy()
	c.url = "https://waymark.council.example"
	house := c.open(t, web.Post("/answer", access.Anyone, says("thank you")))
	page := send(house, "POST", "/answer", strings.NewReader("words=x"), "Content-Type", formKind, "Origin", "https://waymark.council.example")
	if page.Status != http.StatusOK {
		t.Errorf("status %d", page.Status)
	}
	c.url = "https://waymark.council.example/path"
	if _, err := web.New(c.config(t)); err == nil {
		t.Error("a public address with a path was taken")
	}
}

// serve runs a real server and gives its address.
func serve(t *testing.T) string {
	t.Helper()
	handler, err := web.New(newCopy().config(t), anyone("/", says("home")))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, listener, handler, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

func TestASlowCallerIsCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as our patience with slow callers; `make test` takes it")
	}
	conn, err := net.Dial("tcp", serve(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(20 * time.Second))
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("still connected after %v: %v", time.Since(began), err)
	}
}

func TestTooManyHeadersAreRefused(t *testing.T) {
	conn, err := net.Dial("tcp", serve(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("a", 24<<10))
	status, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(status, "431") {
		t.Errorf("%q, %v", status, err)
	}
}

func FuzzAnyRequestGetsAPageAndNoPanic(f *testing.F) {
	c := newCopy()
	house := c.open(f, anyone("/", says("home"), web.Kept), anyone("/find/{what}", says("found")), web.Post("/answer", access.Anyone, says("thank you")))
	f.Add("GET", "/", "", "")
	f.Add("POST", "/answer", formKind, "words=x&words=y")
	f.Add("GET", "/find/%2e%2e?q=%ff;a", "", "")
	f.Add("GET", "//evil.example/..", "", "")
	f.Fuzz(func(t *testing.T, method, path, kind, body string) {
		target, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(path, "/") || target.Host != "" {
			return
		}
		r, err := http.NewRequest(method, "http://waymark.example/", strings.NewReader(body))
		if err != nil {
			return
		}
		r.URL, r.RequestURI = target, path
		r.Header.Set("Content-Type", kind)
		page := house.Do(r)
		if page.Status >= 500 || strings.Contains(c.log.String(), "panic") {
			t.Errorf("%s %q: status %d\n%s", method, path, page.Status, c.log.String())
		}
		c.log.Reset()
	})
}
