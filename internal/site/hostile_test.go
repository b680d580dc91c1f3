package site_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

const secure = "herring lantern teacup"

// team is two teams with their people.
type team struct {
	*whole
	ada, ruth, tom, mona, wes *person
}

// teams fills a copy with people: Ruth and Tom work in one team, Mona manages it, and Wes is of another.
func (w *whole) teams() team {
	ada := w.first("Ada Min", "ada@ashmere.example", secure)
	west := ada.addTeam("West team")
	return team{w, ada, ada.invites("Ruth Okafor", "ruth@ashmere.example", secure, "practitioner", w.team), ada.invites("Tom Hale", "tom@ashmere.example", secure, "practitioner", w.team),
		ada.invites("Mona Reid", "mona@ashmere.example", secure, "manager", w.team), ada.invites("Wes Lane", "wes@ashmere.example", secure, "practitioner", west)}
}

// counted asks the database.
func (w *whole) counted(query string, args ...any) (n int64) {
	w.Helper()
	w.must(w.private.DB.Read(context.Background(), "", func(tx *db.Tx) (err error) { n, err = db.One(tx, db.Of[int64], query, args...); return err }))
	return n
}

// privateRoutes are all routes that are not for everybody.
func privateRoutes() []web.Route {
	var all []web.Route
	entrance := &account.Account{Invented: func() []account.Invented { return nil }}
	for _, route := range append((&casework.Casework{}).Routes(), entrance.Routes()...) {
		if route.Permission() != access.Anyone && route.Pattern() != account.DemoPath {
			all = append(all, route)
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Somebody in the same network reads along. Whatever they make a browser ask for over plain HTTP, they get one sentence.
func TestAPlainRequestToAnyPrivateAddressGetsOneSentenceAndNoTransaction(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		before, seen := w.counted(`select count(id) from audit_entry`), w.counted(`select count(id) from session where seen_at > '2026-11-24T18'`)
		w.later(5 * time.Minute)
		all := privateRoutes()
		for _, route := range all {
			at := strings.Replace(route.Pattern(), "{ref}", strings.TrimPrefix(path, "/cases/"), 1)
			at = placeholder.ReplaceAllString(at, strings.Repeat("0", 26))
			for _, change := range []func(*http.Request){
				func(r *http.Request) { r.RemoteAddr, r.Host = "192.168.1.9:5000", "office.test" },
				func(r *http.Request) { r.RemoteAddr, r.Host = "192.168.1.9:5000", "localhost" },
				func(r *http.Request) { r.RemoteAddr, r.Host = "127.0.0.1:5000", "office.test" },
				func(r *http.Request) {
					r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost"
					r.Header.Set("X-Forwarded-Proto", "https")
				},
			} {
				r := httptest.NewRequest(route.Method(), at, strings.NewReader("password="+url.QueryEscape(secure)))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				change(r)
				r.Header.Set("Origin", "http://"+r.Host)
				r.AddCookie(&http.Cookie{Name: webtest.SessionCookie, Value: c.ruth.token})
				page := webtest.Open(t, w.handler).Do(r)
				if page.Status != http.StatusForbidden || !page.Has("This page needs a secure connection") || page.Has("Ruth") || page.Has("Selam") || page.Header.Get("Set-Cookie") != "" {
					t.Errorf("%s from %s as %s: %d\n%s", route, r.RemoteAddr, r.Host, page.Status, page.Main())
				}
			}
		}
		if len(all) < 70 {
			t.Errorf("only %d routes were tried", len(all))
		}
		if n := w.counted(`select count(id) from audit_entry`); n != before {
			t.Errorf("%d entries more are in the log", n-before)
		}
		if n := w.counted(`select count(id) from session where seen_at > '2026-11-24T18'`); n != seen {
			t.Error("a session was written down as in use")
		}
	})
}

var title = regexp.MustCompile(`<title>([^<]*)</title>`)

// A shared computer keeps nothing of a private page, and its tab, its history and its list of downloads say nothing.
func TestEveryPrivatePageIsKeptNowhereAndItsTabSaysNothing(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam Kestrelby", "15", "custody")
		action, _ := formWith(c.ruth.sees(path+"/notes/new/write"), "/drafts/")
		note := c.ruth.led(c.ruth.post(action, "q.how", "seen", "q.words", "words"))
		send, _ := formWith(c.ruth.sees(path+"/files"), "/files/")
		c.ruth.led(c.ruth.upload(send, "file", "Selam Kestrelby.jpg", photograph("x"), "q.about", "a letter"))
		file := regexp.MustCompile(`/files/([0-9a-z]{26})/get`).FindSubmatch(c.ruth.sees(path + "/files").Body)
		known := strings.NewReplacer("{ref}", strings.TrimPrefix(path, "/cases/"), "{note}", note[strings.LastIndex(note, "/")+1:], "{version}", "1",
			"{form}", "record-person", "{sheet}", "record-child", "{question}", "names", "{file}", string(file[1]))
		for _, route := range privateRoutes() {
			at := placeholder.ReplaceAllString(known.Replace(route.Pattern()), strings.Repeat("0", 26))
			for _, who := range []*person{c.ruth, c.ada, {w: w}} {
				if route.Pattern() == "/sign-out" {
					continue
				}
				r := httptest.NewRequest(route.Method(), at, strings.NewReader(""))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if route.Method() == http.MethodPost {
					if strings.HasPrefix(at, "/account/lock") {
						continue
					}
					r.Header.Set("Origin", "http://"+r.Host)
				}
				page := who.house().Do(r)
				if page.Status >= 500 {
					t.Errorf("%s: %d\n%s", route, page.Status, w.failures())
				}
				if got := page.Header.Get("Cache-Control"); got != "no-store" || page.Header.Get("Etag") != "" {
					t.Errorf("%s, %d: may be kept: %q", route, page.Status, got)
				}
				if got := page.Header.Get("X-Robots-Tag"); !strings.Contains(got, "noindex") {
					t.Errorf("%s: %q", route, got)
				}
				if m := title.FindSubmatch(page.Body); m != nil && string(m[1]) != "Waymark" {
					t.Errorf("%s, %d: the tab says %q", route, page.Status, m[1])
				}
				for _, header := range []string{"Location", "Content-Disposition"} {
					if got := page.Header.Get(header); strings.Contains(got, "Selam") || strings.Contains(got, "Kestrelby") {
						t.Errorf("%s: %s is %q", route, header, got)
					}
				}
			}
		}
	})
}

// A page of somebody else's makes a browser send a form. The session's cookie may go along; the form is not taken.
func TestNoFormOfAnotherSiteIsTaken(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		c.ruth.opens("Selam", "15", "custody")
		before := w.counted(`select count(id) from audit_entry`)
		for _, route := range privateRoutes() {
			if route.Method() != http.MethodPost {
				continue
			}
			at := placeholder.ReplaceAllString(route.Pattern(), strings.Repeat("0", 26))
			for _, header := range [][2]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}} {
				r := httptest.NewRequest(http.MethodPost, at, strings.NewReader("id=1&person=1"))
				r.RemoteAddr, r.Host = "127.0.0.1:4000", "localhost"
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set(header[0], header[1])
				r.AddCookie(&http.Cookie{Name: webtest.SessionCookie, Value: c.mona.token})
				page := webtest.Open(t, w.handler).Do(r)
				if page.Status != http.StatusForbidden {
					t.Errorf("%s with %v: %d", route, header, page.Status)
				}
			}
		}
		if n := w.counted(`select count(id) from audit_entry where act <> 'access.refused'`) - w.counted(`select count(id) from audit_entry`) + before; n > before {
			t.Errorf("something was done: %d", n)
		}
	})
}

// Somebody of another team knows the reference of a record and tries every address below it, and ids of one record below
// the address of another.
func TestNothingOfOneRecordIsFoundUnderTheAddressOfAnother(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		a, b := c.ruth.opens("Selam Kestrelby", "15", "custody"), c.wes.opens("Another", "14", "school")
		action, _ := formWith(c.ruth.sees(a+"/notes/new/write"), "/drafts/")
		note := c.ruth.led(c.ruth.post(action, "q.how", "seen", "q.words", "Kestrelby words"))
		draft, _ := formWith(c.ruth.sees(a+"/notes/new/write"), "/drafts/")
		draft, _, _ = strings.Cut(draft, "?")
		c.ruth.post(draft+"/save?base=0", "question", "words", "based", "0", "q.words", "Kestrelby draft")
		send, _ := formWith(c.ruth.sees(a+"/files"), "/files/")
		c.ruth.led(c.ruth.upload(send, "file", "x.jpg", photograph("x"), "q.about", "Kestrelby letter"))
		file := regexp.MustCompile(`/files/[0-9a-z]{26}/get`).Find(c.ruth.sees(a + "/files").Body)
		man := c.ruth.led(c.ruth.get(a + "/sheets/new/record-person"))
		c.ruth.led(c.ruth.post(man, "based.name", "", "q.name", "Baba Kestrelby"))
		c.ruth.sees(man + "/history/name")
		link := "/linked/" + db.NewID(w.clock())
		c.ruth.led(c.ruth.post(a+link, "other", strings.TrimPrefix(c.ruth.opens("Sister", "12", "x"), "/cases/"), "why", "siblings", "words", "Kestrelby sisters"))
		linked, _ := formWith(c.ruth.sees(a+"/linked"), "/end")
		c.mona.led(c.mona.post(a+"/restricted", "person", w.id("tom@ashmere.example"), "why", "Kestrelby reason"))
		restriction := regexp.MustCompile(`name="id" value="([^"]+)"`).FindSubmatch(c.mona.sees(a + "/restricted").Body)
		under := func(path string) string { return b + strings.TrimPrefix(path, a) }
		was := w.counted(`select count(id) from answer`) + w.counted(`select count(note) from note_version`)
		for _, at := range []string{note, note + "/write", note + "/versions/1", draft, a + string(file), man + "/history/name"} {
			page := c.wes.get(under(at))
			if page.Status != http.StatusNotFound || strings.Contains(string(page.Body), "Kestrelby") {
				w.Errorf("%s under another record: %d\n%s\n%s", at, page.Status, page.Main(), w.failures())
			}
			if page := c.wes.get(at); page.Status != http.StatusNotFound || strings.Contains(string(page.Body), "Kestrelby") {
				w.Errorf("another team's %s: %d", at, page.Status)
			}
		}
		for _, try := range []struct {
			at    string
			pairs []string
		}{
			{man, []string{"based.name", "", "q.name", "mine"}}, {man, []string{"settle", "1:name", "seen.name", "1"}}, {man + "/save", []string{"question", "name", "based.name", "", "q.name", "mine"}},
			{man + "/retire", nil}, {draft, []string{"q.how", "seen", "q.words", "mine"}}, {draft + "/save", []string{"question", "words", "based", "0", "q.words", "mine"}}, {draft + "/discard", nil},
			{linked, nil}, {a + "/restricted/lift", []string{"id", string(restriction[1])}}, {note[:strings.LastIndex(note, "/")] + "/new/drafts/" + draft[strings.LastIndex(draft, "/")+1:], []string{"q.how", "seen", "q.words", "mine"}},
		} {
			for _, at := range []string{try.at, under(try.at)} {
				page := c.wes.post(at, try.pairs...)
				if page.Status >= 500 || strings.Contains(string(page.Body), "Kestrelby") || at == try.at && page.Status != http.StatusNotFound {
					w.Errorf("POST %s: %d\n%s", at, page.Status, page.Main())
				}
			}
		}
		for _, at := range []string{note, man, a + "/linked", a + "/notes"} {
			if page := c.ruth.sees(at); !strings.Contains(string(page.Body), "Kestrelby") {
				w.Errorf("%s has lost its words", at)
			}
		}
		if page := c.ruth.sees(a + "/notes"); !page.Has("Kestrelby draft") {
			w.Errorf("somebody else threw the draft away:\n%s", page.Main())
		}
		if page := c.tom.get(a); page.Status != http.StatusNotFound {
			w.Errorf("somebody else lifted the restriction: %d", page.Status)
		}
		if n := w.counted(`select count(a.id) from answer a join casefile k on k.id = a.casefile where k.ref = $1`, strings.TrimPrefix(a, "/cases/")); n == 0 || was == 0 {
			w.Error("nothing was there to be taken")
		}
		if w.failures() != "" {
			w.Errorf("a try of somebody else's is a failure of ours:\n%s", w.failures())
		}
	})
}

// id finds a person by how they sign in.
func (w *whole) id(address string) (id string) {
	w.Helper()
	w.must(w.private.DB.Read(context.Background(), "", func(tx *db.Tx) error {
		all, err := w.private.People.People(tx)
		for _, p := range all {
			if p.Address.Reveal() == address {
				id = p.ID
			}
		}
		return err
	}))
	return id
}

// The record's own log says who tried the door of the address, too.
func TestATryAtTheAddressOfAnotherTeamsChildStandsInThatRecordsLog(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		for i, at := range []string{path + "/address", path + "/address/keep", path + "/sheets/record-child", path + "/restricted", path + "/linked/" + db.NewID(w.clock()), path + "/files/" + db.NewID(w.clock())} {
			if page := c.wes.post(at, "why", "I should like to know"); page.Status != http.StatusNotFound && page.Status != http.StatusUnsupportedMediaType {
				w.Errorf("%s: %d", at, page.Status)
			}
			n := w.counted(`select count(e.id) from audit_entry e join casefile k on k.id = e.casefile where e.act = 'access.refused' and e.who = $1`, w.id("wes@ashmere.example"))
			if want := int64(i + 1); !strings.Contains(at, "/files/") && n != want {
				w.Errorf("after a try at %s, the record knows of %d and not of %d", at, n, want)
			}
		}
		c.wes.post("/cases/looks", "ref", strings.TrimPrefix(path, "/cases/"), "person", "x", "week", "2026-11-23", "verdict", "expected")
	})
}

// A link in a letter leads to signing in, and from there to a page that looks like ours.
func TestNobodyIsLedAwayBySigningIn(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		for _, next := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/%09/evil.example",
			"javascript:alert(1)", "/\u0000/evil.example", "///evil.example", "/\u00a0/evil.example", "/" + strings.Repeat("x", 500)} {
			for name, to := range map[string]string{
				"a page of signing in":  c.ruth.get("/sign-in?next=" + url.QueryEscape(next)).Header.Get("Location"),
				"the lock":              c.ruth.get("/account/lock?next=" + url.QueryEscape(next)).Header.Get("Location"),
				"what was kept":         c.ruth.post("/account/kept", "id", "x", "next", next).Header.Get("Location"),
				"the link of what kept": firstHref(c.ruth.get("/account/kept?next=" + url.QueryEscape(next))),
			} {
				if away(to) {
					t.Errorf("%q leads by %s to %q", next, name, to)
				}
			}
		}
	})
}

func firstHref(page *webtest.Page) string {
	m := regexp.MustCompile(`(?s)<main.*?<a class="govuk-link" href="([^"]*)"`).FindSubmatch(page.Body)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// away reports an address that a browser reads as another site's: it throws away tabs and ends of lines first, and takes
// both kinds of slash for one.
func away(to string) bool {
	to = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimLeft(to, " \t\n\r\x00"))
	return strings.HasPrefix(to, "//") || to != "" && !strings.HasPrefix(to, "/")
}

// A browser is left open. What was typed when the screen locked is shown to that person again, and to nobody else.
func TestWhatWasTypedIsGivenBackToItsWriterAlone(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		w.later(access.LockAfter + time.Minute)
		if to := c.ruth.led(c.ruth.post(path+"/sheets/record-child", "based.language", "", "q.language", "Heldenstreamer")); to != "/account/lock" {
			w.Fatal(to)
		}
		if page := c.ruth.post(path+"/sheets/record-child/save", "question", "dialect", "q.dialect", "Savenstreamer"); page.Status != http.StatusSeeOther {
			w.Errorf("%d", page.Status)
		}
		c.ruth.post("/account/password", "old", secure, "password", "a-secret-of-Ruth", "again", "a-secret-of-Ruth")
		if page := c.ruth.get("/account/kept"); page.Status != http.StatusSeeOther {
			w.Errorf("the locked screen shows what was kept: %d\n%s", page.Status, page.Main())
		}
		// Tom comes to the same browser and signs in as himself, with the cookie that is there.
		there := &person{w: w, token: c.ruth.token, secret: c.tom.secret, address: c.tom.address, secure: secure}
		there.led(there.post("/sign-in", "address", there.address, "password", secure))
		there.led(there.post("/sign-in/code", "code", there.code()))
		page := there.sees("/account/kept")
		if page.Has("Heldenstreamer") {
			w.Error("a colleague sees what was typed")
		}
		for _, id := range w.texts(`select id from held`) {
			there.post("/account/kept", "id", id)
		}
		again := &person{w: w, secret: c.ruth.secret, address: c.ruth.address, secure: secure}
		again.led(again.post("/sign-in", "address", again.address, "password", secure))
		again.led(again.post("/sign-in/code", "code", again.code()))
		page = again.sees("/account/kept")
		if !page.Has("Heldenstreamer") || page.Has("a-secret-of-Ruth") {
			w.Errorf("it is not given back to its writer, or a password is:\n%s", page.Main())
		}
		if action, _ := formWith(page, "/save"); action != "" || !page.Has("Savenstreamer") {
			w.Errorf("what a script sent is sent again by a page, or is not shown:\n%s", page.Main())
		}
		action, body := formWith(page, path+"/sheets/record-child")
		again.led(again.send(action, typed(body, func(_, was string) string { return was })))
		if page := again.sees(path + "/sheets/record-child"); !strings.Contains(string(page.Body), "Heldenstreamer") {
			w.Error("it cannot be put back")
		}
	})
}

// texts asks the database.
func (w *whole) texts(query string, args ...any) (all []string) {
	w.Helper()
	w.must(w.private.DB.Read(context.Background(), "", func(tx *db.Tx) (err error) { all, err = db.All(tx, db.Of[string], query, args...); return err }))
	return all
}
