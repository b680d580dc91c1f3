package site_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waymark/internal/db"
	"waymark/internal/site"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

// whole is a copy as `waymark serve` opens it, with a clock that a test moves and everything it says written down.
type whole struct {
	*testing.T
	site    *site.Site
	private *site.Private
	handler http.Handler
	said    quietly // the log, down to debugging
	sent    quietly // the headers of every reply, and every address on every page
	mu      sync.Mutex
	now     time.Time
	team    string
	idle    time.Duration // after which a screen locks itself
}

// quietly is text that several write to.
type quietly struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (q *quietly) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.Write(p)
}

func (q *quietly) all() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	return bytes.Clone(q.b.Bytes())
}

// failures are the lines of the log that tell of a fault of ours.
func (w *whole) failures() string {
	var all []string
	for line := range strings.SplitSeq(string(w.said.all()), "\n") {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN") {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

func (w *whole) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond)
	return w.now
}

func (w *whole) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// inWhole runs a test on a whole copy on each database.
func inWhole(t *testing.T, test func(*whole)) {
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		w := &whole{T: t, now: afternoon}
		w.open(cfg)
		test(w)
	})
}

// quickly runs it on SQLite alone, for what has nothing to do with the database.
func quickly(t *testing.T, test func(*whole)) {
	w := &whole{T: t, now: afternoon}
	w.open(privateConfig(t))
	test(w)
}

func (w *whole) open(cfg site.PrivateConfig) {
	w.Helper()
	if w.idle == 0 {
		w.idle = 10 * time.Minute
	}
	log := slog.New(slog.NewTextHandler(&w.said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg.Now, cfg.Log, cfg.Quick = w.clock, log, true
	w.private = openPrivate(w.T, cfg)
	var err error
	w.site, err = site.Open(site.Config{Pack: "england-wales", Data: cfg.Data, Private: w.private, Now: w.clock, Log: log, Idle: w.idle, Site: web.Site{Name: "Ashmere"}})
	w.must(err)
	w.Cleanup(func() { w.site.Close() })
	w.handler = w.listen(w.site.Handler())
}

var addressOnPage = regexp.MustCompile(`(?:href|action|formaction|src|data-save|content)="([^"]*)"`)

// listen writes down the head of every reply and every address in it.
func (w *whole) listen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		head := kept.Header().Clone()
		for i, cookie := range head["Set-Cookie"] { // a session's token is for its own browser, and stands nowhere else
			_, rest, _ := strings.Cut(cookie, ";")
			head["Set-Cookie"][i] = rest
		}
		_ = head.Write(&w.sent)
		for _, m := range addressOnPage.FindAllSubmatch(kept.Body.Bytes(), -1) {
			if !bytes.HasPrefix(m[1], []byte("data:")) {
				fmt.Fprintln(&w.sent, html.UnescapeString(string(m[1])))
			}
		}
		for name, values := range kept.Header() {
			out.Header()[name] = values
		}
		out.WriteHeader(kept.Code)
		_, _ = out.Write(kept.Body.Bytes())
	})
}

func (w *whole) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%v\n%s", err, w.failures())
	}
}

// person is somebody at their own browser.
type person struct {
	w                     *whole
	token, secret         string
	name, address, secure string // secure is their password
	codes                 []string
}

func (p *person) house() *webtest.House { return webtest.Open(p.w.T, p.w.handler).As(p.token) }

func (p *person) keep(page *webtest.Page) *webtest.Page {
	if token, set := page.Cookie(webtest.SessionCookie); set {
		p.token = token
	}
	return page
}

func (p *person) get(path string) *webtest.Page { return p.keep(p.house().Get(path)) }

// sees is a page that must be there.
func (p *person) sees(path string) *webtest.Page {
	p.w.Helper()
	page := p.get(path)
	if page.Status != http.StatusOK {
		p.w.Fatalf("%s: %d\n%s\n%s", path, page.Status, page.Words(), p.w.failures())
	}
	return page
}

// post sends a form of pairs.
func (p *person) post(path string, pairs ...string) *webtest.Page {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return p.send(path, form)
}

func (p *person) send(path string, form url.Values) *webtest.Page {
	return p.keep(p.house().Post(path, form))
}

// led fails when a post does not lead on, and gives where it leads.
func (p *person) led(page *webtest.Page) string {
	p.w.Helper()
	if page.Status != http.StatusSeeOther {
		p.w.Fatalf("%d does not lead on\n%s\n%s", page.Status, page.Words(), p.w.failures())
	}
	return page.Header.Get("Location")
}

// upload sends a form with a file.
func (p *person) upload(path, field, name string, body []byte, pairs ...string) *webtest.Page {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1])
	}
	part, err := m.CreateFormFile(field, name)
	p.w.must(err)
	_, _ = part.Write(body)
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, path, io.NopCloser(&b))
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", "http://"+r.Host)
	return p.keep(p.house().Do(r))
}

// code is what their app shows, half a minute later: each counts once.
func (p *person) code() string {
	p.w.Helper()
	p.w.later(30 * time.Second)
	code, err := totp.GenerateCode(p.secret, p.w.clock())
	p.w.must(err)
	return code
}

var (
	secretShown = regexp.MustCompile(`<strong class="wm-secret"[^>]*>([^<]+)</strong>`)
	codeShown   = regexp.MustCompile(`[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}`)
	linkShown   = regexp.MustCompile(`https?://[^/<]+(/(?:invitation|recovery)/[^<\s]+)`)
)

// accept goes the way from a link to being signed in with a code.
func (p *person) accept(link string) *person {
	p.w.Helper()
	p.sees(link)
	to := p.led(p.post(link, "name", p.name, "address", p.address, "password", p.secure, "again", p.secure))
	found := secretShown.FindSubmatch(p.sees(to).Body)
	if found == nil {
		p.w.Fatal("no secret is shown")
	}
	p.secret = strings.ReplaceAll(string(found[1]), " ", "")
	page := p.post(to, "code", p.code())
	if p.codes = codeShown.FindAllString(string(page.Body), -1); len(p.codes) == 0 {
		p.w.Fatalf("no recovery codes: %d\n%s", page.Status, page.Words())
	}
	return p
}

// unlock gives the password again.
func (p *person) unlock() { p.led(p.post("/account/unlock", "password", p.secure)) }

// first makes the first administrator through the printed link, a council and its first team.
func (w *whole) first(name, address, password string) *person {
	w.Helper()
	link, err := w.private.FirstLink(context.Background())
	w.must(err)
	ada := (&person{w: w, name: name, address: address, secure: password}).accept(link)
	w.team = ada.addTeam("Duty team")
	return ada
}

// addTeam makes a team in a council of its own.
func (p *person) addTeam(name string) (id string) {
	p.w.Helper()
	at := p.led(p.post("/organisations", "name", "Council of the "+name, "sort", "council"))
	p.led(p.post(at, "name", name, "reach", "Ring the front door"))
	p.w.must(p.w.private.DB.Read(context.Background(), "", func(tx *db.Tx) error {
		all, err := p.w.private.People.Teams(tx)
		for _, team := range all {
			if team.Name == name {
				id = team.ID
			}
		}
		return err
	}))
	return id
}

// invites makes a colleague by an invitation.
func (p *person) invites(name, address, password, role, team string) *person {
	p.w.Helper()
	page := p.post("/people/invite", "name", name, "address", address, "role", role, "team", team)
	link := linkShown.FindSubmatch(page.Body)
	if link == nil {
		p.w.Fatalf("no link: %d\n%s", page.Status, page.Words())
	}
	return (&person{w: p.w, name: name, address: address, secure: password}).accept(html.UnescapeString(string(link[1])))
}

// opens opens a record with three fields and gives its address.
func (p *person) opens(called, age, where string) string {
	p.w.Helper()
	page := p.post("/cases/new", "q.called", called, "q.age", age, "q.where", where, "once", db.NewID(p.w.clock()))
	return strings.TrimSuffix(p.led(page), "/tonight")
}

var (
	fieldTag  = regexp.MustCompile(`<input [^>]*>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`)
	attribute = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	formTag   = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
)

// typed is the form of a sheet as a browser would send it, with words in every field that takes words.
func typed(body string, words func(field, was string) string) url.Values {
	form := url.Values{}
	for _, input := range fieldTag.FindAllString(body, -1) {
		is := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(input, -1) {
			is[m[1]] = html.UnescapeString(m[2])
		}
		switch {
		case is["name"] == "":
		case (is["type"] == "radio" || is["type"] == "checkbox") && !strings.Contains(input, " checked"):
		case is["type"] == "text" || is["type"] == "":
			form.Add(is["name"], words(is["name"], is["value"]))
		default:
			form.Add(is["name"], is["value"])
		}
	}
	for _, m := range areaTag.FindAllStringSubmatch(body, -1) {
		form.Add(m[1], words(m[1], html.UnescapeString(strings.TrimPrefix(m[2], "\n"))))
	}
	return form
}

// formWith cuts the form out of a page whose address holds these letters.
func formWith(page *webtest.Page, holds string) (action, body string) {
	all := string(page.Body)
	for _, m := range formTag.FindAllStringSubmatchIndex(all, -1) {
		action = html.UnescapeString(all[m[2]:m[3]])
		if strings.Contains(action, holds) {
			body, _, _ = strings.Cut(all[m[0]:], "</form>")
			return action, body
		}
	}
	return "", ""
}
