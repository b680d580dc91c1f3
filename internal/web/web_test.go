package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/fault"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

func TestARouteThatStatesNoPermissionIsRefusedAtStart(t *testing.T) {
	_, err := web.New(newCopy().config(t), web.Get("/secret", access.Permission{}, says("")))
	if err == nil || !strings.Contains(err.Error(), "GET /secret") {
		t.Errorf("want an error that names the route, got %v", err)
	}
}

func TestTwoRoutesThatClashAreRefusedAtStart(t *testing.T) {
	_, err := web.New(newCopy().config(t), anyone("/a/{one}", says("")), anyone("/a/{other}", says("")))
	if err == nil || !strings.Contains(err.Error(), "GET /a/{other}") {
		t.Errorf("want an error that names the route, got %v", err)
	}
}

func TestEveryReplyCarriesTheStrictHeaders(t *testing.T) {
	house := newCopy().open(t, anyone("/", says("home"), web.Kept), anyone("/broken", func(*web.Request) (web.Reply, error) { return nil, errors.New("no") }))
	for _, path := range []string{"/", "/", "/?q=1", "/nowhere", "/broken", "/broken/", "//broken", "/x/../broken", "/%ff", web.Asset("waymark.css"), web.Asset("waymark.js")} {
		page := house.Get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
			"Permissions-Policy": "camera=()", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if !strings.Contains(page.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, page.Header.Get(name))
			}
		}
		if policy := page.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is not strict: %s", path, policy)
		}
		if page.Header.Get("Set-Cookie") != "" || page.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: a cookie or a promise of HTTPS: %v", path, page.Header)
		}
	}
}

func TestEachKindOfFailureHasItsStatusAndItsPlainWords(t *testing.T) {
	for kind, want := range map[error]int{
		fault.NotFound: 404, fault.Forbidden: 403, fault.Invalid: 400, fault.Gone: 410, fault.Conflict: 409, fault.TooLarge: 413, errors.New("a disk is full"): 500,
	} {
		house := newCopy().open(t, anyone("/x", func(*web.Request) (web.Reply, error) {
			return nil, fmt.Errorf("open /var/lib: %w", kind)
		}))
		page := house.Get("/x")
		if page.Status != want {
			t.Errorf("%v: status %d, want %d", kind, page.Status, want)
		}
		if strings.Contains(string(page.Body), "/var/lib") || strings.Contains(string(page.Body), "⟦") {
			t.Errorf("%v: the page tells of our insides or lacks its words:\n%s", kind, page.Words())
		}
		if !page.Has("Go to the home page") || !strings.Contains(string(page.Body), `href="tel:999"`) {
			t.Errorf("%v: no way home, or no emergency number:\n%s", kind, page.Words())
		}
	}
}

func TestAMissingPageReadsWell(t *testing.T) {
	page := newCopy().open(t).Get("/nowhere")
	if page.Status != http.StatusNotFound {
		t.Errorf("status %d", page.Status)
	}
	webtest.Golden(t, "missing.page.txt", page.Words())
}

func TestAMistakeOfOursIsLoggedWithoutWhatSomebodyTyped(t *testing.T) {
	c := newCopy()
	house := c.open(t, anyone("/look/{name}", func(r *web.Request) (web.Reply, error) { panic("typed: " + r.URL.Query().Get("q")) }))
	page := house.Get("/look/kemi-adeyemi?q=amina+bello")
	if page.Status != http.StatusInternalServerError || strings.Contains(string(page.Body), "goroutine") {
		t.Errorf("status %d:\n%s", page.Status, page.Words())
	}
	log := strings.ToLower(c.log.String())
	if strings.Contains(log, "amina") || strings.Contains(log, "kemi") {
		t.Errorf("the log holds what somebody typed:\n%s", log)
	}
	if !strings.Contains(log, "route=/look/{name}") || !strings.Contains(log, "panic") {
		t.Errorf("the log does not say where it happened:\n%s", log)
	}
}

func TestTheLogNamesTheRouteAndNeverTheAddress(t *testing.T) {
	c := newCopy()
	house := c.open(t, anyone("/find/{what}", says("found")))
	house.Get("/find/blue-car?q=his+uncle")
	house.Get("/nowhere-like-this?q=his+uncle")
	send(house, "KEMI", "/find/x", nil)
	if log := c.log.String(); strings.Contains(log, "blue") || strings.Contains(log, "uncle") || strings.Contains(log, "nowhere-like") || strings.Contains(log, "KEMI") {
		t.Errorf("the log holds an address:\n%s", log)
	}
	if log := c.log.String(); !strings.Contains(log, "route=/find/{what} status=200") {
		t.Errorf("the log lacks the route:\n%s", log)
	}
}

func TestWhatIsPrivateIsKeptByNobodyAndItsTitleSaysNothing(t *testing.T) {
	house := newCopy().open(t, anyone("/p", func(*web.Request) (web.Reply, error) {
		return web.Page(web.Head{Title: "What you noticed", Private: true, Exit: true}, line("words")), nil
	}))
	page := house.Get("/p")
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	if page.Header.Get("Etag") != "" || !strings.Contains(page.Header.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("headers: %v", page.Header)
	}
	if !strings.Contains(string(page.Body), "<title>Waymark</title>") || strings.Contains(string(page.Body), "What you noticed") {
		t.Error("the title tells what the page is about")
	}
}

func TestAPageThatIsKnownAlreadyIsNotSentAgain(t *testing.T) {
	house := newCopy().open(t, anyone("/p", says("words"), web.Kept))
	for range 2 { // made, then kept
		first := house.Get("/p")
		again := send(house, "GET", "/p", nil, "If-None-Match", first.Header.Get("Etag"))
		if again.Status != http.StatusNotModified || len(again.Body) != 0 {
			t.Errorf("status %d with %d bytes", again.Status, len(again.Body))
		}
	}
}

func TestAKeptPageIsMadeAnewForANewPackANewDayOrAQuery(t *testing.T) {
	c := newCopy()
	made := 0
	house := c.open(t, anyone("/p", func(r *web.Request) (web.Reply, error) {
		made++
		return web.Page(web.Head{}, line(fmt.Sprint("made ", made, " of ", r.Pack.Version()))), nil
	}, web.Kept))
	see := func(path, want string) {
		t.Helper()
		if page := house.Get(path); !page.Has(want) {
			t.Errorf("%s: want %q:\n%s", path, want, page.Words())
		}
	}
	see("/p", "made 1")
	see("/p", "made 1")
	c.live = packOf("2")
	see("/p", "made 2 of test@2")
	see("/p", "made 2")
	c.now = c.now.Add(12*time.Hour - time.Minute)
	see("/p", "made 2")
	c.now = c.now.Add(2 * time.Minute)
	see("/p", "made 3")
	see("/p?q=1", "made 4")
	see("/p", "made 3")
}

func TestAPageThatNamesItsHostIsNeverKeptForAnother(t *testing.T) {
	house := newCopy().open(t, anyone("/feed", func(r *web.Request) (web.Reply, error) {
		return web.Bytes("application/atom+xml", []byte(r.Address("/library"))), nil
	}, web.Kept))
	r, _ := http.NewRequest("GET", "http://evil.example/feed", nil)
	house.Do(r)
	if page := house.Get("/feed"); strings.Contains(string(page.Body), "evil") {
		t.Errorf("one visitor's host reached another: %s", page.Body)
	}
}

func TestARedirectLeadsNowhereElse(t *testing.T) {
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "relative"} {
		house := newCopy().open(t, anyone("/go", func(*web.Request) (web.Reply, error) { return web.Redirect(to), nil }))
		if page := house.Get("/go"); page.Status != http.StatusInternalServerError {
			t.Errorf("%s: status %d, location %q", to, page.Status, page.Header.Get("Location"))
		}
	}
	house := newCopy().open(t, web.Post("/go", access.Anyone, func(*web.Request) (web.Reply, error) { return web.Redirect("/there?x=1"), nil }))
	if page := house.Post("/go", url.Values{}); page.Status != http.StatusSeeOther || page.Header.Get("Location") != "/there?x=1" {
		t.Errorf("status %d, location %q", page.Status, page.Header.Get("Location"))
	}
}

func TestASlashTooManyLeadsToThePage(t *testing.T) {
	house := newCopy().open(t, anyone("/library", says("")))
	if page := house.Get("/library/?q=x"); page.Status != http.StatusMovedPermanently || page.Header.Get("Location") != "/library?q=x" {
		t.Errorf("status %d, location %q", page.Status, page.Header.Get("Location"))
	}
	if page := house.Get("/nowhere/"); page.Status != http.StatusNotFound {
		t.Errorf("status %d", page.Status)
	}
}

func TestHeadTellsWhatGetWould(t *testing.T) {
	house := newCopy().open(t, anyone("/p", says("words")))
	get, head := house.Get("/p"), send(house, "HEAD", "/p", nil)
	if head.Status != http.StatusOK || head.Header.Get("Content-Length") != get.Header.Get("Content-Length") {
		t.Errorf("status %d, length %q, want %q", head.Status, head.Header.Get("Content-Length"), get.Header.Get("Content-Length"))
	}
}

func TestAFileIsSavedUnderItsName(t *testing.T) {
	house := newCopy().open(t, anyone("/f", func(*web.Request) (web.Reply, error) {
		return web.FilePrivate("waymark.json", "application/json", []byte("{}")), nil
	}))
	page := house.Get("/f")
	if page.Header.Get("Content-Disposition") != "attachment; filename=waymark.json" || page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", page.Header)
	}
}

func TestNothingInDataForMachinesEndsTheScriptEarly(t *testing.T) {
	house := newCopy().open(t, anyone("/p", func(*web.Request) (web.Reply, error) {
		return web.Page(web.Head{JSONLD: map[string]string{"name": `</script><script>alert(1)</script>`}}, line("")), nil
	}))
	page := house.Get("/p")
	if body := string(page.Body); strings.Contains(body, "<script>alert") || !strings.Contains(body, `type="application/ld+json"`) {
		t.Error(body)
	}
}
