package site_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/db"
	"waymark/internal/webtest"
)

// everyField are the names of fields that any private form reads, and some that none does.
var everyField = []string{"q", "q.names", "q.name", "q.called", "q.about", "q.words", "q.how", "q.made-up-" + strings.Repeat("x", 50), "based.names", "based.name", "seen.name", "settle", "page", "next", "once", "team",
	"person", "why", "words", "id", "verdict", "week", "ref", "outcome", "other", "answer", "role", "address", "name", "sort", "reach", "area", "question", "based", "base", "back", "sure", "membership", "path", "form"}

// nasty are values that no page sends.
var nasty = []string{"\x00", "\xff\xfe", "1:\x00", "1:\xff", "1:name", "-1", "99999999999999999999", "+1", "'; drop table casefile; --", "\u202e\u0000\ufffe", strings.Repeat("x", 3_000), "2026-11-23", "🪨"}

// Somebody sends what no page sends, to every private address: in every field, in the address and behind it. They are told
// no, in whichever words, and nothing fails.
func TestNothingThatIsSentMakesTheProgramFail(t *testing.T) {
	inWhole(t, func(w *whole) {
		c := w.teams()
		path := c.ruth.opens("Selam", "15", "custody")
		action, _ := formWith(c.ruth.sees(path+"/notes/new/write"), "/drafts/")
		note := c.ruth.led(c.ruth.post(action, "q.how", "seen", "q.words", "words"))
		man := c.ruth.led(c.ruth.get(path + "/sheets/new/record-person"))
		c.ruth.led(c.ruth.post(man, "based.name", "", "q.name", "Baba"))
		known := strings.NewReplacer("{ref}", strings.TrimPrefix(path, "/cases/"), "{note}", note[strings.LastIndex(note, "/")+1:], "{form}", "record-person",
			"{sheet}", man[strings.LastIndex(man, "/")+1:], "{question}", "name", "{once}", db.NewID(w.clock()))
		failed := func(p *webtest.Page, what ...string) {
			if p.Status >= 500 {
				w.Errorf("%q: %d", what, p.Status)
			}
		}
		for _, route := range privateRoutes() {
			pattern := route.Pattern()
			if strings.HasPrefix(pattern, "/account") || strings.HasPrefix(pattern, "/sign-") { // they count tries, and end the session
				continue
			}
			who := c.mona
			if !strings.HasPrefix(pattern, "/cases") && !strings.HasPrefix(pattern, "/passes") {
				who = c.ada
			}
			for _, value := range nasty {
				at := placeholder.ReplaceAllString(known.Replace(pattern), strings.Repeat("0", 26))
				if route.Method() == http.MethodPost {
					form := url.Values{}
					for _, field := range everyField {
						form.Set(field, value)
					}
					failed(who.send(at, form), route.String(), value)
					failed(who.send(at+"?page="+url.QueryEscape(value), url.Values{"settle": {value}, "q.name": {value}, "based.name": {value}}), route.String(), value)
					failed(who.upload(at, "file", value, []byte(value), "q.about", value, "once", value), route.String(), value)
					failed(who.upload(at, "check", value, []byte(value)), route.String(), value)
					continue
				}
				query := url.Values{}
				for _, field := range []string{"page", "before", "after", "state", "team", "mine", "next", "membership", "done", "kinds", "kind", "source", "from", "to", "from.year", "from.month", "from.day", "to.year", "base", "role"} {
					query.Set(field, value)
				}
				failed(who.get(at+"?"+query.Encode()), route.String(), value)
				for _, name := range placeholder.FindAllString(pattern, -1) {
					odd := placeholder.ReplaceAllString(known.Replace(strings.Replace(pattern, name, url.PathEscape(value), 1)), strings.Repeat("0", 26))
					r := httptest.NewRequest(http.MethodGet, "/", nil)
					u, err := url.Parse(odd)
					if err != nil {
						continue
					}
					r.URL = u
					failed(who.keep(who.house().Do(r)), odd)
				}
			}
		}
		if said := w.failures(); strings.Contains(said, "level=ERROR") {
			w.Errorf("%.3000s", said)
		}
		if page := c.ruth.sees(note); !page.Has("words") {
			w.Error("the record has changed")
		}
	})
}
