package casework

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// Case is one child's record, as far as it is no secret, with its headline opened.
type Case struct {
	ID         string
	Ref        string
	Team       string
	Owner      string // the person whose case it is
	State      string
	Restricted bool
	OpenedAt   time.Time
	OpenedBy   string
	FirstDayAt time.Time // when the first day was finished; zero until then
	FirstDayBy string
	Headline   Headline

	headline int64 // its version
	sealed   []byte
}

// The states of a case. Closing comes with another issue; nothing here ends a child's protection.
const (
	firstDay = "first-day" // opened, and the first day is not finished
	opened   = "open"
)

// Headline is what lists and the head of each page say of a child: what to call the child, and what is known at once.
type Headline struct {
	Call  seal.Text // a name, or words such as "boy, no name given"
	Age   seal.Text // as stated
	Where seal.Text // where the child is; never the address of a placement
}

type headlineJSON struct {
	Call  string `json:"call,omitempty"`
	Age   string `json:"age,omitempty"`
	Where string `json:"where,omitempty"`
}

func (h Headline) kept() headlineJSON {
	return headlineJSON{h.Call.Reveal(), h.Age.Reveal(), h.Where.Reveal()}
}

func (h headlineJSON) opened() Headline {
	return Headline{seal.Hide(h.Call), seal.Hide(h.Age), seal.Hide(h.Where)}
}

// Path is the address of the case, or of one of its pages.
func (k Case) Path(page ...string) string {
	return "/cases/" + strings.Join(append([]string{k.Ref}, page...), "/")
}

// open finds the case that the address names, with its key. What this person may not see does not exist: another team's
// case, and one that excludes them. A look leaves its trace; a change leaves the trace of what was changed.
func (c *Casework) open(r *web.Request) (Case, seal.Key, error) {
	found, key, err := c.enter(r)
	if err == nil && r.Method != http.MethodPost {
		r.Trace(audit.Entry{Act: audit.CaseViewed, Case: found.ID, Of: pageOf(r)})
	}
	return found, key, err
}

// enter is open without a trace, for pages that leave one of their own.
func (c *Casework) enter(r *web.Request) (Case, seal.Key, error) {
	ref, ok := readRef(r.PathValue("ref"))
	if !ok {
		return Case{}, seal.Key{}, fault.Of(fault.NotFound, "a reference that cannot be one")
	}
	wanted := access.ReadCases
	if r.Method == http.MethodPost {
		wanted = access.WriteCases
	}
	found, err := caseByRef(r.Tx, ref, r.Who.ID, r.Who.TeamsFor(wanted))
	if err != nil {
		c.tried(r, ref)
		return Case{}, seal.Key{}, fmt.Errorf("open a case: %w", err)
	}
	key, err := c.key(r, &found)
	return found, key, err
}

// tried lets a record's own log say who tried to open it; whoever tried learns nothing.
func (c *Casework) tried(r *web.Request, typed string) {
	if ref, ok := readRef(typed); ok {
		if id, err := idOfRef(r.Tx, ref); err == nil {
			r.About(id)
		}
	}
}

// key fetches the case's key and opens its headline.
func (c *Casework) key(r *web.Request, k *Case) (seal.Key, error) {
	key, err := c.Keys.Case(r.Context(), k.ID)
	if errors.Is(err, fault.NotFound) { // a restore without its key store: our trouble, not a page that is not there
		return seal.Key{}, fmt.Errorf("the key of case %s is missing", k.ID)
	}
	if err != nil {
		return seal.Key{}, err
	}
	return key, k.unseal(key)
}

func (k *Case) unseal(key seal.Key) error {
	var h headlineJSON
	if err := unsealed(key, headlineBody, k.ID, k.headline, k.sealed, &h); err != nil {
		return err
	}
	k.Headline = h.opened()
	return nil
}

// pageOf names the page of the case that was looked at, as a code for the log.
func pageOf(r *web.Request) string {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) < 3 {
		return "overview"
	}
	return strings.Join(parts[2:], "/")
}

// page is one page of a case: under the head that all of them share, and with "Missing now" one press away.
func (c *Casework) page(r *web.Request, k Case, tab string, body templ.Component) (web.Reply, error) {
	return c.pageWith(r, web.Head{}, k, tab, body)
}

// pageWith is page for those that need more of the shell, such as a status or a wide main part. The title stays neutral.
func (c *Casework) pageWith(r *web.Request, head web.Head, k Case, tab string, body templ.Component) (web.Reply, error) {
	head.Private, head.Section = true, "cases"
	v := frameView{Case: k, Tab: tab}
	for _, one := range tabs {
		v.Tabs = append(v.Tabs, tabView{Says: one.says, Path: k.Path(one.path...), Here: one.id == tab})
	}
	return web.Page(head, frame(v, body)), nil
}

// frameView is the head of every page of a case.
type frameView struct {
	Case Case
	Tab  string
	Tabs []tabView
}

type tabView struct {
	Says, Path string
	Here       bool
}

// tab is one part of a case. A room that adds a page adds its line here.
type tab struct {
	id, says string
	path     []string
}

var tabs = []tab{
	{"overview", "case.tab.overview", nil},
	{"tonight", "case.tab.tonight", []string{"tonight"}},
	{"voice", "case.tab.voice", []string{"sheets", formVoice}},
	{"sheets", "case.tab.sheets", []string{"sheets"}},
	{"notes", "case.tab.notes", []string{"notes"}},
	{"files", "case.tab.files", []string{"files"}},
	{"chronology", "case.tab.chronology", []string{"chronology"}},
	{"address", "case.tab.address", []string{"address"}},
	{"linked", "case.tab.linked", []string{"linked"}},
	{"looked", "case.tab.looked", []string{"looked"}},
}

// caseColumns are read by scanCase, in this order.
const caseColumns = `id, ref, team, owner, state, restricted, opened_at, opened_by, first_day_at, first_day_by, headline_version, headline`

func scanCase(row db.Row) (Case, error) {
	var k Case
	var restricted int64
	var openedAt, firstDayAt string
	err := row.Scan(&k.ID, &k.Ref, &k.Team, &k.Owner, &k.State, &restricted, &openedAt, &k.OpenedBy, &firstDayAt, &k.FirstDayBy, &k.headline, &k.sealed)
	if err != nil {
		return Case{}, err
	}
	k.Restricted = restricted != 0
	if k.OpenedAt, err = db.ParseStamp(openedAt); err != nil {
		return Case{}, err
	}
	k.FirstDayAt, err = db.ParseStamp(firstDayAt)
	return k, err
}
