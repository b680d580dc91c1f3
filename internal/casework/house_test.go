package casework_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/block"
	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/fact"
	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/lang"
	"waymark/internal/pack"
	"waymark/internal/seal"
	"waymark/internal/web"
	"waymark/internal/webtest"
	"waymark/packs"
)

var ctx = context.Background()

// night is when these tests begin: ten past two.
var night = time.Date(2026, 11, 24, 2, 10, 0, 0, time.UTC)

var shipped = sync.OnceValues(func() (*pack.Pack, error) {
	files, err := packs.Open("england-wales")
	if err != nil {
		return nil, err
	}
	return pack.Load(files, packs.Open)
})

// staff are the people of these tests, by the token of their session.
var staff = map[string]access.Who{
	"ruth":  {ID: "ruth", Name: seal.Hide("Ruth Okafor"), Held: map[string][]access.Role{"east": {access.Practitioner}}},
	"tom":   {ID: "tom", Name: seal.Hide("Tom Hale"), Held: map[string][]access.Role{"east": {access.Practitioner}}},
	"mona":  {ID: "mona", Name: seal.Hide("Mona Reid"), Held: map[string][]access.Role{"east": {access.Manager}, "west": {access.Manager}}},
	"wes":   {ID: "wes", Name: seal.Hide("Wes Lane"), Held: map[string][]access.Role{"west": {access.Practitioner}}},
	"panel": {ID: "panel", Name: seal.Hide("Pat Anel"), Held: map[string][]access.Role{"east": {access.PanelMember}}},
	"admin": {ID: "admin", Name: seal.Hide("Ada Min"), Held: map[string][]access.Role{"": {access.Administrator}}},
}

type people struct{}

func (people) Authenticate(tx *db.Tx, token string) (access.Who, error) {
	who, known := staff[token]
	if !known {
		return access.Who{}, fault.Of(fault.NotFound, "session")
	}
	who.SecondFactor, who.Seen = true, tx.Now
	return who, nil
}

func (people) Touch(*db.Tx, access.Who) error { return nil }

func (people) Called(_ *db.Tx, person string) (seal.Text, error) { return staff[person].Name, nil }

func (people) Team(_ *db.Tx, team string) (casework.Team, error) {
	return map[string]casework.Team{"east": {Name: "Ashmere East duty team", Reach: "Ring the Ashmere front door"}, "west": {Name: "Ashmere West team", Reach: "duty desk, ground floor"}}[team], nil
}

// register gives one contact for each role, as the register of contacts would.
type register struct{}

func (register) Open(_ *pack.Pack, _ time.Time, _, _ string, wanted ...string) []block.Contact {
	var all []block.Contact
	for _, role := range wanted {
		all = append(all, block.Contact{ID: role, Role: role, Name: "Contact " + role, Always: true, Universal: true, Numbers: []block.Number{{Shown: "01632 960001", Dial: "01632960001"}}})
	}
	return all
}

func (register) Resolver(*pack.Pack, time.Time, string, string) block.Resolver {
	return func(to block.Target) block.Text { return block.Text{{Words: to.Kind + " " + to.ID}} }
}

// office is one copy with its databases.
type office struct {
	*webtest.House
	t    testing.TB
	db   *db.DB
	room *casework.Casework
	now  time.Time
	log  bytes.Buffer
}

// inOffice runs a test on both databases.
func inOffice(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	o := &office{now: night}
	clock := func() time.Time { return o.now }
	webtest.OnBothAt(t, clock, func(t *testing.T, d *db.DB) {
		o := o
		o.now, o.t, o.db = night, t, d
		o.open(webtest.OpenDB(t, webtest.SQLite(t, clock), keys.Schema), clock)
		test(t, o)
	}, audit.Schema, fact.Schema, casework.Schema)
}

// onSQLite runs a test on one database, for those that cost much and show the same on both.
func onSQLite(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	o := &office{now: night, t: t}
	clock := func() time.Time { return o.now }
	o.db = webtest.OpenDB(t, webtest.SQLite(t, clock), audit.Schema, fact.Schema, casework.Schema)
	o.open(webtest.OpenDB(t, webtest.SQLite(t, clock), keys.Schema), clock)
	test(t, o)
}

func (o *office) open(keyDB *db.DB, clock func() time.Time) {
	o.t.Helper()
	must := func(err error) {
		if err != nil {
			o.t.Fatal(err)
		}
	}
	p, err := shipped()
	must(err)
	words, err := lang.Read(web.Text, casework.Text)
	must(err)
	store, err := keys.Open(ctx, keyDB, seal.NewMaster())
	must(err)
	root, err := store.Root(ctx, "index")
	must(err)
	o.room = &casework.Casework{DB: o.db, Keys: store, Index: root.Index(), People: people{}, Directory: register{}}
	handler, err := web.New(web.Config{
		Now: clock, Live: func() *pack.Pack { return p }, Words: words, Language: "en", Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		Private: &web.Private{DB: o.db, People: people{}, SignIn: "/sign-in", Unlock: "/account/lock"},
	}, o.room.Routes()...)
	must(err)
	o.House = webtest.Open(o.t, handler)
}

// begin opens a record as somebody does at night, and gives its path.
func (o *office) begin(who, called, age, where string) string {
	o.t.Helper()
	page := o.As(who).Post("/cases/new", url.Values{"q.called": {called}, "q.age": {age}, "q.where": {where}, "once": {db.NewID(o.now)}, "team": {"east"}})
	to := page.Header.Get("Location")
	if page.Status != 303 || !strings.HasSuffix(to, "/tonight") {
		o.t.Fatalf("status %d to %q\n%s\n%s", page.Status, to, page.Words(), o.log.String())
	}
	return strings.TrimSuffix(to, "/tonight")
}

// get is a page that must be there.
func (o *office) get(who, path string) *webtest.Page {
	o.t.Helper()
	page := o.As(who).Get(path)
	if page.Status != 200 {
		o.t.Fatalf("%s: status %d\n%s\n%s", path, page.Status, page.Words(), o.log.String())
	}
	if strings.Contains(string(page.Body), "⟦") {
		o.t.Errorf("%s lacks words:\n%s", path, page.Words())
	}
	return page
}

// fill posts some fields of a sheet as its page would, with what the page says its writer saw.
func (o *office) fill(who, path string, fields url.Values) *webtest.Page {
	o.t.Helper()
	return o.As(who).Post(path, o.typed(who, path, fields))
}

// typed is a sheet's form with some of its fields filled in anew.
func (o *office) typed(who, path string, fields url.Values) url.Values {
	o.t.Helper()
	form := seen(o.get(who, path))
	for name, values := range fields {
		form[name] = values
	}
	return form
}

var (
	inputs    = regexp.MustCompile(`<input [^>]*>`)
	textareas = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`)
	attribute = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// seen reads a page's fields as a browser would send them back. It knows no lists to choose from.
func seen(page *webtest.Page) url.Values {
	form := url.Values{}
	body := string(page.Body)
	if i := strings.Index(body, "data-save="); i >= 0 {
		body = body[i:]
		body = body[:strings.Index(body, "</form>")]
	}
	for _, input := range inputs.FindAllString(body, -1) {
		is := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(input, -1) {
			is[m[1]] = html.UnescapeString(m[2])
		}
		switch {
		case is["name"] == "":
		case (is["type"] == "radio" || is["type"] == "checkbox") && !strings.Contains(input, " checked"):
		default:
			form.Add(is["name"], is["value"])
		}
	}
	for _, m := range textareas.FindAllStringSubmatch(body, -1) {
		form.Add(m[1], html.UnescapeString(strings.TrimPrefix(m[2], "\n")))
	}
	return form
}

// saved is what the script is told.
type saved struct {
	Says, State, Based string
	Reload             bool
}

// save sends one field as the script does.
func (o *office) save(who, path, question, based string, fields url.Values) saved {
	o.t.Helper()
	fields.Set("question", question)
	fields.Set("based."+question, based)
	page := o.As(who).Post(path+"/save", fields)
	var told saved
	if err := json.Unmarshal(page.Body, &told); page.Status != 200 || err != nil {
		o.t.Fatalf("save %s: status %d, %v\n%s\n%s", question, page.Status, err, page.Words(), o.log.String())
	}
	return told
}

// count asks the database.
func (o *office) count(query string, args ...any) (n int64) {
	o.t.Helper()
	err := o.db.Read(ctx, "", func(tx *db.Tx) (err error) { n, err = db.One(tx, db.Of[int64], query, args...); return err })
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// change runs a statement by hand.
func (o *office) change(query string, args ...any) {
	o.t.Helper()
	if err := o.db.Write(ctx, "test", func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
		o.t.Fatal(err)
	}
}

var (
	anyID  = regexp.MustCompile(`[0-9a-hjkmnp-tv-z]{26}`)
	anyRef = regexp.MustCompile(`\b[2-9CDFHJKMNPQRTVWX]{4} ?[2-9CDFHJKMNPQRTVWX]{4}\b`)
)

// golden keeps a page in words, without what chance gave it.
func (o *office) golden(page *webtest.Page, name string) {
	o.t.Helper()
	webtest.Golden(o.t, name+".page.txt", anyRef.ReplaceAllString(anyID.ReplaceAllString(page.Main(), "ID"), "REF"))
}
