package account_test

import (
	"context"
	"html"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/audit"
	"waymark/internal/block"
	"waymark/internal/db"
	"waymark/internal/lang"
	"waymark/internal/pack"
	"waymark/internal/seal"
	"waymark/internal/web"
	"waymark/internal/webtest"
	"waymark/packs"
)

var ctx = context.Background()

const password = "herring lantern teacup"

var evening = time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)

var shipped = sync.OnceValues(func() (*pack.Pack, error) {
	files, err := packs.Open("england-wales")
	if err != nil {
		return nil, err
	}
	return pack.Load(files, packs.Open)
})

// office is a copy with its people and a clock that a test moves.
type office struct {
	*testing.T
	house  *webtest.House
	db     *db.DB
	people *access.Store
	mu     sync.Mutex
	now    time.Time
	log    strings.Builder
	team   string
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) later(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func onBoth(t *testing.T, test func(*office)) {
	t.Helper()
	o := &office{now: evening}
	webtest.OnBothAt(t, o.clock, func(t *testing.T, d *db.DB) {
		o.T, o.db, o.now = t, d, evening
		o.open()
		test(o)
	}, audit.Schema, access.Schema)
}

// open builds the handler over an empty database.
func (o *office) open() {
	o.Helper()
	key, err := seal.NewKey()
	o.must(err)
	o.people = access.New(access.Config{DB: o.db, Key: key, Quick: true})
	room := &account.Account{People: o.people, Home: "/cases/X", Running: func(*web.Request) ([]account.Line, error) { return nil, nil }}
	p, err := shipped()
	o.must(err)
	words, err := lang.Read(web.Text, account.Text)
	o.must(err)
	o.log.Reset()
	handler, err := web.New(web.Config{
		Now: o.clock, Live: func() *pack.Pack { return p }, Words: words, Language: "en", Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		Emergency: func(*pack.Pack) block.Contact { return block.Contact{} }, Site: web.Site{Staff: account.Staff()},
		Private: &web.Private{DB: o.db, People: o.people, SignIn: account.SignInPath, Unlock: account.UnlockPath, Idle: 10 * time.Minute, Held: room},
	}, append(room.Routes(), web.Get("/cases/{ref}", access.ReadCases, func(r *web.Request) (web.Reply, error) {
		return web.Bytes("text/plain", []byte("the record")), nil
	}), web.Post("/cases/{ref}/notes", access.WriteCases, func(r *web.Request) (web.Reply, error) {
		return web.Bytes("text/plain", []byte("saved: "+r.PostForm.Get("words"))), nil
	}))...)
	o.must(err)
	o.house = webtest.Open(o.T, handler)
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) write(f func(*db.Tx) error) {
	o.Helper()
	o.must(o.db.Write(ctx, "", f))
}

// person is somebody at their own browser.
type person struct {
	o       *office
	token   string
	device  string
	secret  string
	address string
}

// visitor is somebody with a browser that was never here.
func (o *office) visitor() *person { return &person{o: o} }

func (p *person) keep(page *webtest.Page) *webtest.Page {
	if token, set := page.Cookie(webtest.SessionCookie); set {
		p.token = token
	}
	if token, set := page.Cookie("__Host-waymark-device"); set {
		p.device = token
	}
	return page
}

func (p *person) get(path string) *webtest.Page {
	return p.keep(p.o.house.As(p.token).Get(path))
}

// post sends a form of pairs.
func (p *person) post(path string, pairs ...string) *webtest.Page {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return p.keep(p.o.house.As(p.token).Post(path, form))
}

// leads fails when a page does not lead there.
func (o *office) leads(page *webtest.Page, to string) {
	o.Helper()
	if got := page.Header.Get("Location"); page.Status != 303 || got != to {
		o.Fatalf("%d leads to %q, not to %q\n%s\n%s", page.Status, got, to, page.Main(), o.log.String())
	}
}

// says fails when these words are not on a page.
func (o *office) says(page *webtest.Page, words ...string) {
	o.Helper()
	for _, w := range words {
		if !page.Has(w) {
			o.Fatalf("%d does not say %q:\n%s", page.Status, w, page.Main())
		}
	}
}

func (p *person) code() string {
	p.o.Helper()
	c, err := totp.GenerateCode(p.secret, p.o.clock())
	p.o.must(err)
	return c
}

// freshCode waits until the app shows another code: each counts once.
func (p *person) freshCode() string {
	p.o.later(30 * time.Second)
	return p.code()
}

var secretOnPage = regexp.MustCompile(`<strong class="wm-secret"[^>]*>([^<]+)</strong>`)

// readSecret reads the secret off the page, as somebody types it into their app.
func (p *person) readSecret(page *webtest.Page) {
	p.o.Helper()
	found := secretOnPage.FindSubmatch(page.Body)
	if found == nil {
		p.o.Fatalf("no secret on the page:\n%s", page.Main())
	}
	p.secret = strings.ReplaceAll(string(found[1]), " ", "")
}

var codeOnPage = regexp.MustCompile(`[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}`)

// linkOn gives the path of the link that a page shows once.
func (o *office) linkOn(page *webtest.Page) string {
	o.Helper()
	found := regexp.MustCompile(`https?://[^/<]+(/(?:invitation|recovery)/[^<\s]+)`).FindSubmatch(page.Body)
	if found == nil {
		o.Fatalf("no link on the page:\n%s", page.Main())
	}
	return html.UnescapeString(string(found[1]))
}

// accept goes the whole way from a link to being signed in.
func (p *person) accept(link, name, address string) []string {
	p.o.Helper()
	p.address = address
	page := p.post(link, "name", name, "address", address, "password", password, "again", password)
	if page.Header.Get("Location") == "/account/start" { // their role needs no authenticator
		return nil
	}
	p.o.leads(page, "/sign-in/authenticator")
	p.readSecret(p.get("/sign-in/authenticator"))
	page = p.post("/sign-in/authenticator", "code", p.code())
	p.o.says(page, "Your recovery codes", "They are shown now and never again")
	return codeOnPage.FindAllString(string(page.Body), -1)
}

// signIn goes the way of every morning.
func (p *person) signIn() {
	p.o.Helper()
	p.o.leads(p.post("/sign-in", "address", p.address, "password", password), "/sign-in/code")
	p.o.leads(p.post("/sign-in/code", "code", p.freshCode()), "/account/start")
}

// firstAdministrator makes the first administrator through the printed link, and a council with a team.
func (o *office) firstAdministrator() *person {
	o.Helper()
	var token string
	o.write(func(tx *db.Tx) (err error) {
		token, err = o.people.FirstLink(tx)
		return err
	})
	ada := o.visitor()
	ada.accept("/invitation/"+token, "Ada Min", "ada@ashmere.example")
	page := ada.post("/organisations", "name", "Ashmere Council", "sort", "council")
	o.leads(ada.post(page.Header.Get("Location"), "name", "Duty team", "reach", "Ring the front door"), "/organisations?done=added")
	o.write(func(tx *db.Tx) error {
		teams, err := o.people.Teams(tx)
		o.team = teams[0].ID
		return err
	})
	return ada
}

// invited makes a colleague by an invitation of an administrator.
func (p *person) invited(name, address, role string) *person {
	p.o.Helper()
	page := p.post("/people/invite", "name", name, "address", address, "role", role, "team", p.o.team)
	p.o.says(page, "The invitation for "+name)
	guest := p.o.visitor()
	guest.accept(p.o.linkOn(page), name, address)
	return guest
}

// id finds a person by their address.
func (o *office) id(address string) string {
	o.Helper()
	var id string
	o.write(func(tx *db.Tx) error {
		all, err := o.people.People(tx)
		for _, p := range all {
			if p.Address.Reveal() == address {
				id = p.ID
			}
		}
		return err
	})
	if id == "" {
		o.Fatalf("nobody signs in by %s", address)
	}
	return id
}
