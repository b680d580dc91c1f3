package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/db"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// A role is taken away while a page is open. What is sent from it changes nothing, at once.
func TestARoleThatIsTakenAwayIsGoneForThePageThatIsOpen(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		action, _ := formWith(c.tom.sees(path+"/notes/new/write"), "/drafts/")
		id := w.id("tom@ashmere.example")
		membership := regexp.MustCompile(`membership=([0-9a-z]{26})`).FindSubmatch(c.ada.sees("/people/" + id).Body)
		if membership == nil {
			w.Fatal(c.ada.sees("/people/" + id).Main())
		}
		c.ada.led(c.ada.post("/people/"+id+"/take", "membership", string(membership[1])))
		for _, page := range []*webtest.Page{c.tom.post(action, "q.how", "seen", "q.words", "x"), c.tom.get(path), c.tom.post(path+"/address", "why", "I want to know"), c.tom.post("/cases", "q", "Selam"), c.tom.post("/cases/new", "q.called", "x")} {
			if page.Status != http.StatusForbidden && page.Status != http.StatusNotFound || page.Has("Selam") {
				w.Errorf("%d\n%s", page.Status, page.Main())
			}
		}
		c.ada.led(c.ada.post("/people/"+id+"/end", "sure", "yes"))
		if page := c.tom.get("/account"); page.Status != http.StatusSeeOther {
			w.Errorf("somebody who left is still in: %d", page.Status)
		}
		// Who has looked and the weekly list still read, without the name or with it.
		if page := c.ruth.sees(path + "/looked"); strings.Contains(string(page.Body), "⟦") {
			w.Error(page.Main())
		}
		c.ruth.sees("/cases/looks")
		c.ruth.sees(path + "/notes")
	})
}

// Somebody marks looks as expected that were never on their list: of next week, of nobody, or with words for a name.
func TestAWordOnALookIsTakenOnlyForALookThatThereWas(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		ref := strings.TrimPrefix(path, "/cases/")
		c.tom.sees(path)
		tom := w.id("tom@ashmere.example")
		for _, try := range [][2]string{{tom, "2026-11-30"}, {tom, "2026-11-24"}, {"A name in plain words", "2026-11-23"}, {w.id("wes@ashmere.example"), "2026-11-23"}} {
			page := c.ruth.post("/cases/looks", "ref", ref, "person", try[0], "week", try[1], "verdict", "expected")
			if n := w.counted(`select count(id) from look_review`); n != 0 || page.Status >= 500 {
				w.Fatalf("a word on a look of %q in the week of %s is taken (%d)", try[0], try[1], page.Status)
			}
		}
		c.ruth.led(c.ruth.post("/cases/looks", "ref", ref, "person", tom, "week", "2026-11-23", "verdict", "expected"))
		if n := w.counted(`select count(id) from look_review`); n != 1 {
			w.Error("a word on a look that there was is not taken")
		}
	})
}

// Somebody takes the id that another's page was made with, and sends their own words with it.
func TestTheIDOfSomebodyElsesPageIsOfNoUse(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		once := db.NewID(w.clock())
		draft := path + "/notes/new/drafts/" + once
		if page := c.ruth.post(draft+"/save?base=0", "question", "words", "based", "0", "q.words", "Ruth writes"); page.Status != http.StatusOK {
			w.Fatal(page.Status)
		}
		for _, page := range []*webtest.Page{c.tom.get(draft), c.tom.post(draft+"/save?base=0", "question", "words", "based", "0", "q.words", "Tom writes"), c.tom.post(draft, "q.how", "", "q.words", "Tom writes"), c.tom.post(draft + "/discard")} {
			if page.Status >= 500 || page.Has("Ruth writes") {
				w.Errorf("%d\n%s", page.Status, page.Main())
			}
		}
		if page := c.ruth.sees(draft); !strings.Contains(string(page.Body), "Ruth writes") || strings.Contains(string(page.Body), "Tom writes") {
			w.Errorf("Ruth's words are not what they were:\n%s", page.Main())
		}
		// The same for opening a record and for linking two: each is counted for its own sender.
		first := c.ruth.led(c.ruth.post("/cases/new", "q.called", "One", "once", once))
		if second := c.tom.led(c.tom.post("/cases/new", "q.called", "Two", "once", once)); first == second {
			w.Error("one page of two people opened one record")
		}
		if w.failures() != "" {
			w.Errorf("it is a failure of ours:\n%s", w.failures())
		}
	})
}

// A note in Amharic or Tigrinya takes three bytes a sign, nine in a form that is sent, fifteen when a screen locks over it.
// It is no shorter a note for that.
func TestALongNoteInALongScriptIsKeptAsAnyOther(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		long, said := strings.Repeat("ሰላም ነው ", 1_100), strings.Repeat("ትርሕስ ", 790)
		action, _ := formWith(c.ruth.sees(path+"/notes/new/write"), "/drafts/")
		at, _, _ := strings.Cut(action, "?")
		if page := c.ruth.post(at+"/save?base=0", "question", "words", "based", "0", "q.words", long); page.Status != http.StatusOK {
			t.Errorf("while typing: %d", page.Status)
		}
		form := url.Values{"q.how": {"said"}, "q.said": {said}, "q.words": {long}}
		c.ruth.led(c.ruth.post("/account/lock", "next", path, "path", at, "form", form.Encode()))
		c.ruth.unlock()
		if page := c.ruth.sees("/account/kept"); !strings.Contains(string(page.Body), strings.TrimSpace(said)) {
			t.Error("a screen that locked over it lost it")
		}
		if page := c.ruth.send(action, form); page.Status != http.StatusSeeOther {
			t.Errorf("when it is put in: %d\n%s", page.Status, page.Main())
		}
	})
}

// A colleague takes a name that reads like another's, by signs that nobody sees, to stand in "who has looked" as her.
func TestNobodyTakesANameWithSignsThatNobodySees(t *testing.T) {
	quickly(t, func(w *whole) {
		ada := w.first("Ada Min", "ada@ashmere.example", secure)
		for _, name := range []string{"Ruth\u200b Okafor", "\u202eroofakO htuR", "Ruth Okafor\u2066", "Ruth\u00ad Okafor", "Ruth\ufeff Okafor", "Ruth\x1b[31m", "Ruth\nOkafor", "\u2063", "Ruth \u2060Okafor", "\u3164"} {
			page := ada.post("/people/invite", "name", name, "address", "x@ashmere.example", "role", "learner", "team", w.team)
			if page.Status != http.StatusUnprocessableEntity {
				t.Errorf("%q is invited: %d", name, page.Status)
			}
		}
		for _, name := range []string{"می\u200cترا علوی", "न\u094d\u200dय", "O’Brien-Nguyễn", "زهراء", "ሰላም"} {
			if page := ada.post("/people/invite", "name", name, "address", fmt.Sprintf("x%x@ashmere.example", name), "role", "learner", "team", w.team); page.Status != http.StatusOK {
				t.Errorf("%q is not a name: %d\n%s", name, page.Status, page.Main())
			}
		}
	})
}

// A child's name is whatever somebody typed: words of a page, signs that turn a line round, or nothing that can be seen.
func TestANameThatIsAPageOrTurnsALineRoundStaysAName(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		for i, name := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "{{.}} ${x} ⟦case.no⟧", "\u202eevil\u2066", "\u200b\u200b\u200b", "javascript:alert(1)", "a\r\nSet-Cookie: x=1", strings.Repeat("W", 100)} {
			path := c.ruth.opens(name, "15", name)
			man := c.ruth.led(c.ruth.get(path + "/sheets/new/record-person"))
			c.ruth.post(man, "based.name", "", "q.name", name, "based.phone", "", "q.phone", name)
			send, _ := formWith(c.ruth.sees(path+"/files"), "/files/")
			c.ruth.upload(send, "file", "a\u202egpj.jpg", photograph("x"), "q.about", name)
			for _, at := range []string{"/cases", path, path + "/tonight", path + "/tonight/print", path + "/sheets", path + "/missing", path + "/files", path + "/chronology", man} {
				page := c.ruth.sees(at)
				body := string(page.Body)
				if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || strings.Contains(body, `href="javascript:`) {
					t.Errorf("name %d is part of the page %s", i, at)
				}
				for header := range page.Header {
					if header == "Set-Cookie" {
						t.Errorf("name %d set a cookie", i)
					}
				}
				for _, line := range turned(body) {
					t.Errorf("name %d turns the rest of its line round on %s: %q", i, at, line)
				}
			}
		}
	})
}

var isolated = regexp.MustCompile(`(?s)<(bdi|h1|h2|h3|dd|dt|p|li|textarea|td|a|span|strong|blockquote|q)\b[^>]*>([^<]*\x{202e}[^<]*)<`)

// turned gives the places where a sign that turns text round stands in an element with other text behind it, outside of a <bdi>.
func turned(body string) (all []string) {
	for _, m := range isolated.FindAllStringSubmatch(body, -1) {
		if at := strings.LastIndex(m[2], "\u2066"); m[1] != "bdi" && m[1] != "textarea" && at >= 0 && strings.TrimSpace(m[2][at+len("\u2066"):]) != "" {
			all = append(all, m[1]+": "+strings.TrimSpace(m[2]))
		}
	}
	return all
}

// Whoever fills the disk, or sends without end, is stopped before a file is looked at; and nothing of it is left.
func TestTooMuchIsRefusedAndLeavesNothing(t *testing.T) {
	quickly(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		send, _ := formWith(c.ruth.sees(path+"/files"), "/files/")
		page := c.ruth.upload(send, "file", "big.jpg", make([]byte, 40<<20), "q.about", "x")
		if page.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("%d", page.Status)
		}
		if page := c.wes.upload(send, "file", "x.jpg", photograph("x"), "q.about", "x"); page.Status != http.StatusNotFound {
			t.Errorf("another team attaches: %d", page.Status)
		}
		many := url.Values{}
		for i := range 3_000 {
			many.Add(fmt.Sprintf("q.made-up-%d", i), "x")
		}
		if page := c.ruth.send(path+"/sheets/record-child", many); page.Status >= 500 {
			t.Errorf("%d", page.Status)
		}
		if n := w.counted(`select count(id) from answer`); n > 200 {
			t.Errorf("%d fields that no form has are kept", n)
		}
		left, _ := os.ReadDir(filepath.Join(w.private.Config.Data, site.FilesFolder))
		if len(left) > 0 {
			t.Errorf("%d files are left", len(left))
		}
	})
}
