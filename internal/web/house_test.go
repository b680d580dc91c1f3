package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/access"
	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/lang"
	"waymark/internal/pack"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

// noon is a working day at lunch time.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, clock.London)

// copyOf is a small copy of Waymark that a test can change while it runs.
type copyOf struct {
	now      time.Time
	live     *pack.Pack
	log      bytes.Buffer
	language string
	url      string
	demo     bool
}

func newCopy() *copyOf { return &copyOf{now: noon, live: packOf("1"), language: "en"} }

// clock is the copy's own.
func (c *copyOf) clock() clock.Now { return func() time.Time { return c.now } }

func packOf(version string) *pack.Pack {
	return &pack.Pack{Layers: []pack.Manifest{{ID: "test", Version: version}}}
}

func (c *copyOf) config(t testing.TB) web.Config {
	t.Helper()
	words, err := lang.Read(web.Text)
	if err != nil {
		t.Fatal(err)
	}
	return web.Config{
		Now: func() time.Time { return c.now }, Live: func() *pack.Pack { return c.live },
		Emergency: func(*pack.Pack) block.Contact {
			return block.Contact{ID: "help", Name: "Help at once", Always: true, Universal: true, Numbers: []block.Number{{Shown: "999", Dial: "999"}}}
		},
		Words: words, Language: c.language, Log: slog.New(slog.NewTextHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Site: web.Site{URL: c.url, RunBy: "A partnership", Nav: []web.Entry{
			{Section: "concern", Path: "/concern", Says: "web.nav.concern"}, {Section: "cards", Path: "/cards", Says: "web.nav.cards"},
			{Section: "library", Path: "/library", Says: "web.nav.library"}, {Section: "guidance", Path: "/guidance", Says: "web.nav.guidance"},
			{Section: "contacts", Path: "/contacts", Says: "web.nav.contacts"}, {Section: "about", Path: "/about", Says: "web.nav.about"}},
			Foot: []web.Entry{{Path: "/privacy", Says: "web.foot.privacy"}}},
		Development: true, Demo: c.demo,
	}
}

// open starts the copy with these routes.
func (c *copyOf) open(t testing.TB, routes ...web.Route) *webtest.House {
	t.Helper()
	handler, err := web.New(c.config(t), routes...)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Open(t, handler)
}

// says is a handler that shows one line.
func says(words string) web.Handler {
	return func(*web.Request) (web.Reply, error) { return web.Page(web.Head{Title: "A page"}, line(words)), nil }
}

func line(words string) templ.Component { return web.TextOf(block.Text{{Words: words}}) }

func anyone(pattern string, h web.Handler, opts ...web.Option) web.Route {
	return web.Get(pattern, access.Anyone, h, opts...)
}

// send serves a request that was made by hand.
func send(h *webtest.House, method, path string, body io.Reader, headers ...string) *webtest.Page {
	r, err := http.NewRequest(method, "http://waymark.example"+path, body)
	if err != nil {
		panic(err)
	}
	r.Host = "waymark.example"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.Do(r)
}

// formSample is a page with one field and one button.
func formSample() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, `<h1>A form</h1><form method="post" action="/answer">`); err != nil {
			return err
		}
		if err := web.Input(web.Field{Name: "words", Label: "A line"}).Render(ctx, w); err != nil {
			return err
		}
		if err := web.Button(web.Press{Says: "Go on"}).Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, `</form>`)
		return err
	})
}
