package site_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/lang"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// public is one page of every kind that anybody may see; private is every page on which leaving must be easy and the tab
// must not shout.
var (
	public  = []string{"/", "/library", "/library?q=leaflet+igbo", "/library?q=nothingatallhere", "/library/london-toolkit-2011", "/guidance", "/guidance/nrm", "/guidance/changes", "/about", "/about/privacy", "/about/accessibility", "/about/terms", "/about/site-map", "/about/this-copy", "/signs/LM04"}
	private = []string{"/concern", "/concern/schools", "/concern/finished", "/cards", "/cards/schools", "/contacts", "/contacts/police-101", "/under-18", "/not-a-professional"}
	failing = []string{"/nowhere", "/library/no-such-record", "/cards/no-such-setting", "/concern/no-such-setting", "/guidance/no-such-chapter", "/contacts/nobody", "/signs/XX99"}
)

func openWith(t testing.TB, change func(*site.Config)) *webtest.House {
	t.Helper()
	cfg := site.Config{Pack: "england-wales", Now: func() time.Time { return afternoon }}
	change(&cfg)
	s, err := site.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return webtest.Open(t, s.Handler())
}

func TestEveryPageKeepsTheRulesOfTheHouse(t *testing.T) {
	house := open(t, afternoon)
	for _, path := range append(append(append([]string{}, public...), private...), failing...) {
		page := house.Get(path)
		if slices.Contains(failing, path) != (page.Status == http.StatusNotFound) {
			t.Errorf("%s: status %d", path, page.Status)
		}
		if page.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
		if csp := page.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if page.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s tells others where people come from", path)
		}
		body := string(page.Body)
		for _, left := range []string{"⟦", "{contact:", "{lead}", "{chapter:", "{record:", "<no value>", "%!"} {
			if strings.Contains(body, left) {
				t.Errorf("%s shows %q", path, left)
			}
		}
		if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onclick=") {
			t.Errorf("%s has something that the policy forbids", path)
		}
	}
}

func TestNoPrivatePageShoutsOrIsKept(t *testing.T) {
	house := open(t, afternoon)
	for _, path := range private {
		page := house.Get(path)
		if !strings.Contains(string(page.Body), "<title>Waymark</title>") {
			t.Errorf("%s: its tab says more than Waymark", path)
		}
		if !strings.Contains(page.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s may be kept: %q", path, page.Header.Get("Cache-Control"))
		}
		if !strings.Contains(string(page.Body), "govuk-exit-this-page") {
			t.Errorf("%s cannot be left at once", path)
		}
	}
}

func TestNothingThatSomebodyTypesReachesTheLog(t *testing.T) {
	var log bytes.Buffer
	house := openWith(t, func(cfg *site.Config) {
		cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	house.Get("/library?q=Zebedee+Quillfeather")
	house.Get("/library/Zebedee-Quillfeather")
	house.Get("/Zebedee?x=Quillfeather")
	house.Post("/concern", url.Values{"page": {"noticed"}, "q.other-words": {"Zebedee Quillfeather"}, "q.now": {"Zebedee"}, "go": {"page:Zebedee"}})
	house.Post("/concern/file", url.Values{"q.other-words": {"Zebedee Quillfeather"}})
	for _, word := range []string{"Zebedee", "Quillfeather"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log says %q:\n%s", word, log.String())
		}
	}
}

func TestAnAnswerStandsInNoAddressAndItsFileSaysNothing(t *testing.T) {
	house := open(t, afternoon)
	file := house.Post("/concern/file", url.Values{"q.now": {"with-me"}, "q.setting": {"schools"}, "q.signs": {"schools-tired"}, "q.seen.schools-tired": {"saw"}, "q.seen.schools-tired.note": {"At nine, in class."}})
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename=waymark-2026-11-24.json` && got != `attachment; filename="waymark-2026-11-24.json"` {
		t.Errorf("the file is called %s", got)
	}
	webtest.Golden(t, "answers.json", string(file.Body))
	for _, path := range []string{"/concern", "/cards/schools"} {
		for _, part := range strings.Split(string(house.Get(path).Body), "<form")[1:] {
			tag, _, _ := strings.Cut(part, ">")
			if strings.Contains(tag, "/concern") && !strings.Contains(tag, `method="post"`) {
				t.Errorf("%s: a form of the check is not posted: %s", path, tag)
			}
		}
	}
}

func TestANoteThatLooksLikeItHoldsANameIsAskedAbout(t *testing.T) {
	house := open(t, afternoon)
	page := house.Post("/concern", url.Values{"page": {"about"}, "go": {"next"}, "q.setting": {"schools"}, "q.signs": {"schools-tired"}, "q.seen.schools-tired.note": {"On Monday she came with Tesfay."}})
	if !page.Has("Does this hold a name?") || !page.Has("Tesfay") || page.Has("names: Monday") {
		t.Error(page.Words())
	}
}

func TestEveryPageServesEverybody(t *testing.T) {
	house := open(t, afternoon)
	tab := webtest.Browser(t, webtest.Narrow)
	for _, path := range append(append([]string{}, public...), private...) {
		tab.Open(house.URL() + path)
		tab.FitsAcross()
		tab.AxeClean()
	}
	for _, path := range failing[:2] {
		tab.Open(house.URL() + path)
		tab.FitsAcross()
		tab.AxeClean()
	}
}

func TestEveryPageFitsInALongerLanguageAndFromRightToLeft(t *testing.T) {
	for _, language := range []string{lang.Pseudo, lang.PseudoRTL} {
		t.Run(language, func(t *testing.T) {
			house := openWith(t, func(cfg *site.Config) { cfg.Language = language })
			tab := webtest.Browser(t, webtest.Narrow)
			for _, path := range []string{"/", "/concern", "/cards/schools", "/library?q=leaflet", "/library/london-toolkit-2011", "/guidance/nrm", "/contacts", "/about/this-copy"} {
				tab.Open(house.URL() + path)
				tab.FitsAcross()
			}
		})
	}
}

func TestAPageWeighsLittle(t *testing.T) {
	house := open(t, afternoon)
	tab := webtest.Browser(t)
	for _, path := range []string{"/", "/guidance/nrm", "/contacts", "/library"} {
		tab.Open(house.URL() + path)
		var bytes int
		tab.Eval(`[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((n, e) => n + e.encodedBodySize, 0)`, &bytes)
		t.Logf("%s: %d bytes with all that it loads", path, bytes)
		if bytes == 0 || bytes > 100_000 {
			t.Errorf("%s weighs %d bytes", path, bytes)
		}
	}
}

func FuzzTheCheckAnswersWhateverIsPosted(f *testing.F) {
	house := open(f, afternoon)
	for _, seed := range []string{
		"page=now&q.now=danger&go=next", "page=place&q.setting=schools&q.lead=yes&q.area=leeds", "page=noticed&q.setting=schools&q.signs=schools-tired&q.signs=x",
		"page=about&q.setting=schools&q.signs=schools-tired&q.seen.schools-tired=saw&q.seen.schools-tired.note=%F0%9F%98%80", "go=skip", "go=back", "go=page:noticed", "go=page:%00", "page=answer&skipped=1&card=1",
		"q.other-words=" + strings.Repeat("A", 5000), "%", "a=%ff", ";;;", "q.signs=schools-tired&q.signs=schools-tired&go=next",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r, err := http.NewRequest(http.MethodPost, "/concern", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "example.org"
		r.RequestURI = "/concern"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://example.org")
		page := house.Do(r)
		if page.Status >= 500 {
			t.Fatalf("%d for %q:\n%s", page.Status, body, page.Words())
		}
		if strings.Contains(string(page.Body), "goroutine ") {
			t.Fatal("a stack trace")
		}
	})
}
