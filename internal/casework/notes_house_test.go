package casework_test

import (
	"bytes"
	"context"
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

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/block"
	"waymark/internal/casework"
	"waymark/internal/clock"
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

func (nobodyToRing) Resolver(*pack.Pack, time.Time, string, string) block.Resolver { return nil }

// colleagues are the people of two teams. The token of each session is the person's name in small letters.
type colleagues map[string]access.Who

func (all colleagues) Authenticate(_ *db.Tx, token string) (access.Who, error) {
	who, ok := all[token]
	if !ok {
		return access.Who{}, fault.Of(fault.NotFound, "session")
	}
	return who, nil
}

func (all colleagues) Touch(*db.Tx, access.Who) error { return nil }

func (all colleagues) Called(_ *db.Tx, person string) (seal.Text, error) {
	for _, who := range all {
		if who.ID == person {
			return who.Name, nil
		}
	}
	return seal.Text{}, nil
}

func (all colleagues) Team(_ *db.Tx, team string) (casework.Team, error) {
	return casework.Team{Name: map[string]string{"north": "North team", "south": "South team"}[team], Reach: "the duty desk"}, nil
}

// Openers are the people of a team who can open its cases.
func (all colleagues) Openers(_ *db.Tx, team string) ([]string, error) {
	var ids []string
	for _, who := range all {
		if who.MayOn(access.WriteCases, access.Subject{Kind: access.Case, Team: team}) {
			ids = append(ids, who.ID)
		}
	}
	return ids, nil
}

// Readers are they and those who only read.
func (all colleagues) Readers(_ *db.Tx, team string) ([]string, error) {
	var ids []string
	for token, who := range all {
		if token != "locked" && who.MayOn(access.ReadCases, access.Subject{Kind: access.Case, Team: team}) {
			ids = append(ids, who.ID)
		}
	}
	return ids, nil
}

// TeamsOf are the teams of a person.
func (all colleagues) TeamsOf(_ *db.Tx, person string) ([]string, error) {
	for _, who := range all {
		if who.ID == person && !who.Locked {
			return who.Teams(), nil
		}
	}
	return nil, nil
}

func colleague(id, name, team string, roles ...access.Role) access.Who {
	return access.Who{ID: id, Name: seal.Hide(name), Held: map[string][]access.Role{team: roles}, SecondFactor: true, Seen: time.Now().Add(time.Hour)}
}

var everybody = colleagues{
	"ruth":   colleague("p-ruth", "Ruth Example", "north", access.Practitioner),
	"dawit":  colleague("p-dawit", "Dawit Example", "north", access.Practitioner),
	"maya":   colleague("p-maya", "Maya Example", "north", access.Manager),
	"pat":    colleague("p-pat", "Pat Example", "north", access.PanelMember),
	"sam":    colleague("p-sam", "Sam Example", "south", access.Practitioner),
	"admin":  {ID: "p-admin", Name: seal.Hide("Ada Example"), Held: map[string][]access.Role{"": {access.Administrator}}, SecondFactor: true, Seen: time.Now().Add(time.Hour)},
	"locked": {ID: "p-ruth", Name: seal.Hide("Ruth Example"), Held: map[string][]access.Role{"north": {access.Practitioner}}, Locked: true},
}

var thePack = sync.OnceValue(func() *pack.Pack {
	fsys, err := packs.Open("england-wales")
	if err != nil {
		panic(err)
	}
	p, err := pack.Load(fsys, packs.Open)
	if err != nil {
		panic(err)
	}
	return p
})

type nobodyToRing struct{}

func (nobodyToRing) Open(*pack.Pack, time.Time, string, string, ...string) []block.Contact {
	return nil
}

// records is a copy with cases, and what a test needs of its inside.
type records struct {
	*webtest.House
	t    testing.TB
	DB   *db.DB
	Keys *keys.Store
	Room *casework.Casework
	Said *bytes.Buffer // what it wrote into its log
	mu   sync.Mutex
	now  time.Time
}

// Pass moves the clock on.
func (h *records) Pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *records) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(time.Millisecond)
	return h.now
}

// onBoth runs a test of pages on both databases.
func onBoth(t *testing.T, test func(t *testing.T, h *records)) {
	t.Helper()
	h := &records{}
	webtest.OnBothAt(t, func() time.Time { return h.Now() }, func(t *testing.T, d *db.DB) {
		h = &records{now: clock.Date{Year: 2026, Month: time.November, Day: 24}.At(15, 40)}
		h.begin(t, d, nil)
		test(t, h)
	}, schemas()...)
}

func schemas() []db.Schema { return []db.Schema{audit.Schema, fact.Schema, casework.Schema} }

func (h *records) begin(t testing.TB, d *db.DB, scanner *casework.Scanner) {
	t.Helper()
	h.t, h.DB, h.Said = t, d, &bytes.Buffer{}
	keyed := webtest.OpenDB(t, webtest.SQLite(t, h.Now), keys.Schema)
	var err error
	if h.Keys, err = keys.Open(context.Background(), keyed, seal.NewMaster()); err != nil {
		t.Fatal(err)
	}
	index, err := h.Keys.Root(context.Background(), "index")
	if err != nil {
		t.Fatal(err)
	}
	h.Room = &casework.Casework{DB: d, Keys: h.Keys, Index: index.Index(), People: everybody, Directory: nobodyToRing{}}
	h.Room.Files, h.Room.Scanner, h.Room.Members = t.TempDir()+"/attachments", scanner, everybody
	words, err := lang.Read(web.Text, casework.Text)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := web.New(web.Config{
		Now: h.Now, Live: thePack, Words: words, Language: "en", Log: slog.New(slog.NewTextHandler(io.MultiWriter(h.Said), nil)),
		Private: &web.Private{DB: d, People: everybody, SignIn: "/sign-in", Unlock: "/account/lock"},
	}, h.Room.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	h.House = webtest.Open(t, handler)
}

// Case opens a record of a team, as bare as can be, and gives its address.
func (h *records) Case(ref, team, owner string) string {
	h.t.Helper()
	id := "case-" + strings.ToLower(ref)
	key, err := h.Keys.Make(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	body, err := key.Seal(seal.Label{Field: "casefile.headline", Row: id, Version: 1}, []byte(`{"call":"boy, no name given"}`))
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
		values ($1, $2, $3, $4, 'open', $5, $4, $1, 1, $6)`, id, ref, team, owner, db.Stamp(h.Now()), body)
	return "/cases/" + ref
}

func (h *records) write(query string, args ...any) {
	h.t.Helper()
	if err := h.DB.Write(context.Background(), "", func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *records) count(query string, args ...any) (n int64) {
	h.t.Helper()
	err := h.DB.Read(context.Background(), "", func(tx *db.Tx) (err error) { n, err = db.One(tx, db.Of[int64], query, args...); return err })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// ids gives the first column of what a query finds.
func (h *records) ids(query string, args ...any) (all []string) {
	h.t.Helper()
	err := h.DB.Read(context.Background(), "", func(tx *db.Tx) (err error) { all, err = db.All(tx, db.Of[string], query, args...); return err })
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// traced counts what the log holds of an act.
func (h *records) traced(act string) int64 {
	return h.count(`select count(*) from audit_entry where act = $1`, act)
}

// as is the copy as one colleague sees it.
func (h *records) as(name string) *webtest.House { return h.House.As(name) }

var formAction = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)

// action gives the address of the form in the main part of a page.
func action(t testing.TB, page *webtest.Page, holds string) string {
	t.Helper()
	for _, m := range formAction.FindAllSubmatch(page.Body, -1) {
		if strings.Contains(string(m[1]), holds) {
			return strings.ReplaceAll(string(m[1]), "&amp;", "&")
		}
	}
	t.Fatalf("there is no form that leads to %s: %d %s", holds, page.Status, page.Words())
	return ""
}

// follow gives the page to which a post led.
func follow(t testing.TB, as *webtest.House, page *webtest.Page) *webtest.Page {
	t.Helper()
	if page.Status != http.StatusSeeOther {
		t.Fatalf("%d instead of a way on: %s", page.Status, page.Main())
	}
	return as.Get(page.Header.Get("Location"))
}

// upload sends a form with a file, as a browser does.
func upload(as *webtest.House, path, name string, body []byte, fields url.Values) *webtest.Page {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for field, values := range fields {
		for _, value := range values {
			_ = w.WriteField(field, value)
		}
	}
	if name != "" {
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write(body)
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", "http://"+r.Host)
	return as.Do(r)
}

// someRef is one of some references that hold.
func someRef(i int) string { return casework.SomeRef(i) }
