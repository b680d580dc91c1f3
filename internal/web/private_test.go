package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

var ctx = context.Background()

var words = db.Schema{Room: "words", Files: fstest.MapFS{"schema/0900_word.sql": {Data: []byte("-- +goose Up\ncreate table word (id text primary key);\n")}}}

// people knows a practitioner, the same one before a locked screen, and an administrator, by their tokens.
type people struct{ touched int }

func (p *people) Authenticate(_ *db.Tx, token string) (access.Who, error) {
	who := access.Who{ID: token, Name: seal.Hide("Ruth Example"), SecondFactor: true, Seen: noon.UTC()}
	switch token {
	case "practitioner", "stale":
		who.Held = map[string][]access.Role{"team": {access.Practitioner}}
	case "locked":
		who.Held, who.Locked = map[string][]access.Role{"team": {access.Practitioner}}, true
	case "administrator":
		who.Held = map[string][]access.Role{"": {access.Administrator}}
	default:
		return access.Who{}, fault.Of(fault.NotFound, "session")
	}
	if token == "stale" {
		who.Seen = who.Seen.AddDate(0, 0, -1)
	}
	return who, nil
}

func (p *people) Touch(*db.Tx, access.Who) error { p.touched++; return nil }

type held struct{ path, words string }

func (h *held) Hold(_ *db.Tx, who access.Who, path string, form url.Values) error {
	h.path, h.words = who.ID+" "+path, form.Get("words")
	return nil
}

// record is a room with a page to look at and a form to send.
func record(ran *int) []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}", access.ReadCases, func(r *web.Request) (web.Reply, error) {
			*ran++
			if r.PathValue("ref") == "NOTMINE" {
				return nil, fault.Of(fault.NotFound, "a case")
			}
			r.Trace(audit.Entry{Act: audit.CaseViewed, Case: "c1"})
			return web.Page(web.Head{Title: "A record"}, line("the record")), nil
		}),
		web.Post("/cases/{ref}", access.WriteCases, func(r *web.Request) (web.Reply, error) {
			*ran++
			if _, err := r.Tx.Exec(`insert into word (id) values ($1)`, r.PostForm.Get("words")); err != nil {
				return nil, err
			}
			r.Trace(audit.Entry{Act: audit.CaseChanged, Case: "c1"})
			if r.PostForm.Get("words") == "broken" {
				return nil, errors.New("broken")
			}
			return web.Redirect("/cases/X"), nil
		}),
		web.Post("/cases/{ref}/files", access.WriteCases, func(r *web.Request) (web.Reply, error) {
			*ran++
			var all []string
			for _, f := range r.Sent("file") {
				all = append(all, f.Name+"="+string(f.Body))
			}
			return web.Bytes("text/plain", []byte(r.PostForm.Get("words")+" "+strings.Join(all, " "))), nil
		}, web.Upload(1000)),
		web.Get("/sign-in", access.Arriving, func(r *web.Request) (web.Reply, error) {
			return web.WithSession(web.Redirect("/"), "token"), nil
		}),
	}
}

func withPeople(t *testing.T, test func(t *testing.T, house *webtest.House, d *db.DB, p *people, h *held, ran *int)) {
	webtest.OnBothAt(t, newCopy().clock(), func(t *testing.T, d *db.DB) {
		c, p, h, ran := newCopy(), &people{}, &held{}, new(int)
		cfg := c.config(t)
		cfg.Private = &web.Private{DB: d, People: p, Held: h, SignIn: "/sign-in", Unlock: "/account/lock"}
		handler, err := web.New(cfg, record(ran)...)
		if err != nil {
			t.Fatal(err)
		}
		test(t, webtest.Open(t, handler), d, p, h, ran)
	}, audit.Schema, words)
}

func counted(t *testing.T, d *db.DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := d.Read(ctx, "", func(tx *db.Tx) (err error) { n, err = db.One(tx, db.Of[int64], query, args...); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAPlainRequestGetsNothing(t *testing.T) {
	withPeople(t, func(t *testing.T, house *webtest.House, d *db.DB, _ *people, _ *held, ran *int) {
		for _, r := range []*http.Request{httptest.NewRequest("GET", "/cases/X", nil), httptest.NewRequest("GET", "/sign-in", nil), httptest.NewRequest("POST", "/cases/X", strings.NewReader("words=x"))} {
			r.AddCookie(&http.Cookie{Name: webtest.SessionCookie, Value: "practitioner"})
			page := house.Do(r)
			if page.Status != http.StatusForbidden || !page.Has("This page needs a secure connection") || page.Has("the record") || page.Has("Ruth") || page.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %d\n%s", r.Method, r.URL.Path, page.Status, page.Words())
			}
		}
		if *ran != 0 || counted(t, d, `select count(id) from audit_entry`) != 0 {
			t.Error("a handler ran")
		}
	})
}

func TestALookIsTracedBeforeTheReplyAndAChangeWithItself(t *testing.T) {
	withPeople(t, func(t *testing.T, house *webtest.House, d *db.DB, p *people, _ *held, _ *int) {
		me := house.As("practitioner")
		page := me.Get("/cases/X")
		if page.Status != 200 || !page.Has("the record") || !page.Has("Signed in as Ruth Example") || page.Header.Get("Cache-Control") != "no-store" ||
			!strings.Contains(page.Header.Get("Content-Security-Policy"), "connect-src 'self'") {
			t.Errorf("%d %v\n%s", page.Status, page.Header, page.Words())
		}
		if n := counted(t, d, `select count(id) from audit_entry where act = $1 and who = $2`, string(audit.CaseViewed), "practitioner"); n != 1 {
			t.Errorf("%d traces of one look", n)
		}
		if page := me.Post("/cases/X", url.Values{"words": {"kept"}}); page.Status != http.StatusSeeOther {
			t.Errorf("%d\n%s", page.Status, page.Words())
		}
		if page := me.Post("/cases/X", url.Values{"words": {"broken"}}); page.Status != http.StatusInternalServerError {
			t.Errorf("%d", page.Status)
		}
		if counted(t, d, `select count(id) from word`) != 1 || counted(t, d, `select count(id) from audit_entry where act = $1`, string(audit.CaseChanged)) != 1 {
			t.Error("the change and its trace are not one")
		}
		if p.touched != 0 {
			t.Error("a fresh session was written down again")
		}
		house.As("stale").Get("/cases/X")
		if p.touched != 1 {
			t.Error("a session in use was not written down")
		}
	})
}

func TestWhoMayNotComeInIsLedAwayAndTheRefusalIsTraced(t *testing.T) {
	withPeople(t, func(t *testing.T, house *webtest.House, d *db.DB, _ *people, h *held, ran *int) {
		if page := house.As("").Get("/cases/X"); page.Status != 303 || page.Header.Get("Location") != "/sign-in?next=%2Fcases%2FX" {
			t.Errorf("a stranger: %d %s", page.Status, page.Header.Get("Location"))
		}
		if page := house.As("ended").Post("/cases/X", url.Values{"words": {"x"}}); page.Status != 303 || page.Header.Get("Location") != "/sign-in" {
			t.Errorf("a session that has ended: %d %s", page.Status, page.Header.Get("Location"))
		}
		if page := house.As("administrator").Get("/cases/X"); page.Status != 403 || !page.Has("This is not yours to open") {
			t.Errorf("an administrator: %d\n%s", page.Status, page.Words())
		}
		if page := house.As("locked").Post("/cases/X", url.Values{"words": {"half a sentence"}}); page.Status != 303 || page.Header.Get("Location") != "/account/lock" || h.path != "locked /cases/X" || h.words != "half a sentence" {
			t.Errorf("a locked screen: %d %s, held %q %q", page.Status, page.Header.Get("Location"), h.path, h.words)
		}
		if *ran != 0 {
			t.Error("a handler ran for somebody who may not come in")
		}
		if page := house.As("practitioner").Get("/cases/NOTMINE"); page.Status != 404 {
			t.Errorf("somebody else's record: %d", page.Status)
		}
		for who, want := range map[string]int64{"administrator": 1, "practitioner": 1, "": 0} {
			if n := counted(t, d, `select count(id) from audit_entry where act = $1 and who = $2 and about = $3`, string(audit.Refused), who, "/cases/:ref"); n != want {
				t.Errorf("%q: %d refusals traced, want %d", who, n, want)
			}
		}
	})
}

func TestAFileArrivesWithItsFormAndTooMuchDoesNot(t *testing.T) {
	withPeople(t, func(t *testing.T, house *webtest.House, _ *db.DB, _ *people, _ *held, ran *int) {
		send := func(size int) *webtest.Page {
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			w.WriteField("words", "note")
			part, _ := w.CreateFormFile("file", `C:\pictures\..\scan.pdf`)
			part.Write(bytes.Repeat([]byte("x"), size))
			w.Close()
			r := httptest.NewRequest("POST", "/cases/X/files", &body)
			r.Header.Set("Content-Type", w.FormDataContentType())
			r.Header.Set("Origin", "http://localhost")
			return house.As("practitioner").Do(r)
		}
		if page := send(3); page.Status != 200 || string(page.Body) != "note scan.pdf=xxx" {
			t.Errorf("%d %s", page.Status, page.Body)
		}
		*ran = 0
		if page := send(2000); page.Status != 413 || *ran != 0 {
			t.Errorf("%d, ran %d", page.Status, *ran)
		}
		if page := house.As("practitioner").Post("/cases/X/files", url.Values{"words": {"x"}}); page.Status != 415 {
			t.Errorf("%d", page.Status)
		}
	})
}

func TestWhatTakesLongIsDoneBeforeTheTransaction(t *testing.T) {
	webtest.OnBothAt(t, newCopy().clock(), func(t *testing.T, d *db.DB) {
		cfg := newCopy().config(t)
		cfg.Private = &web.Private{DB: d, People: &people{}, SignIn: "/sign-in", Unlock: "/account/lock"}
		handler, err := web.New(cfg, web.Post("/slow", access.WriteCases, func(r *web.Request) (web.Reply, error) {
			return web.Bytes("text/plain", []byte(r.Prepared.(string))), nil
		}, web.Prepare(func(r *web.Request) (any, error) {
			if r.Tx != nil || r.Who.ID == "" {
				t.Error("it was prepared inside the transaction, or for nobody")
			}
			return "prepared " + r.PostForm.Get("words"), nil
		})))
		if err != nil {
			t.Fatal(err)
		}
		if page := webtest.Open(t, handler).As("practitioner").Post("/slow", url.Values{"words": {"x"}}); string(page.Body) != "prepared x" {
			t.Errorf("%d %s", page.Status, page.Body)
		}
	}, audit.Schema)
}

func TestTheSessionCookieIsBoundToThisHostAndToASecureRoad(t *testing.T) {
	withPeople(t, func(t *testing.T, house *webtest.House, _ *db.DB, _ *people, _ *held, _ *int) {
		got := house.As("").Get("/sign-in").Header.Get("Set-Cookie")
		if got != "__Host-waymark=token; Path=/; HttpOnly; Secure; SameSite=Lax" {
			t.Error(got)
		}
	})
}

func TestARouteForSomeIsRefusedInACopyWithoutADatabase(t *testing.T) {
	if _, err := web.New(newCopy().config(t), record(new(int))...); err == nil || !strings.Contains(err.Error(), "no database to know people from") {
		t.Error(err)
	}
}

func TestAFileMayTakeLongerToArriveThanAPage(t *testing.T) {
	withPeople(t, func(t *testing.T, house *webtest.House, _ *db.DB, _ *people, _ *held, _ *int) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Host = "localhost"
			house.Handler().ServeHTTP(w, r)
		}))
		server.Config.ReadTimeout, server.Config.WriteTimeout = 300*time.Millisecond, 500*time.Millisecond
		server.Start()
		defer server.Close()
		for path, want := range map[string]int{"/cases/X/files": http.StatusOK, "/cases/X": http.StatusBadRequest} {
			slow, send := io.Pipe()
			form := multipart.NewWriter(send)
			go func() {
				_ = form.WriteField("words", "x")
				time.Sleep(900 * time.Millisecond)
				_ = form.Close()
				_ = send.Close()
			}()
			r, err := http.NewRequest(http.MethodPost, server.URL+path, slow)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", form.FormDataContentType())
			r.Header.Set("Origin", "http://localhost")
			r.AddCookie(&http.Cookie{Name: webtest.SessionCookie, Value: "practitioner"})
			got, err := http.DefaultTransport.RoundTrip(r)
			if err == nil {
				_ = got.Body.Close()
			}
			if arrived := err == nil && got.StatusCode == http.StatusOK; arrived != (want == http.StatusOK) {
				t.Errorf("%s: %v, %v", path, got, err)
			}
		}
	})
}
