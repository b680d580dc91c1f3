package casework

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// What an owner says of a look.
const (
	verdictExpected = "expected"
	verdictQuery    = "query"
)

// What is done with looks, for the log.
const (
	LookExpected audit.Act = "case.look.expected"
	LookQueried  audit.Act = "case.look.queried"
	LookAnswered audit.Act = "case.look.answered"
)

const (
	lookBody   = "look.body"
	ownMost    = 200 // records of one owner that a list asks about
	lookBefore = 2_000
	longestID  = 60
)

type lookJSON struct {
	Why    string `json:"why,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// lookReview is what was said of one look.
type lookReview struct {
	ID, Case, Person, Week, Verdict, By string
	version                             int64
	body                                []byte
}

const lookColumns = `id, casefile, person, week, verdict, by_person, version, body`

func scanLook(row db.Row) (lookReview, error) {
	var l lookReview
	return l, row.Scan(&l.ID, &l.Case, &l.Person, &l.Week, &l.Verdict, &l.By, &l.version, &l.body)
}

func lookReviewsOf(tx *db.Tx, caseID string) ([]lookReview, error) {
	return db.All(tx, scanLook, `select `+lookColumns+` from look_review where casefile = $1`, caseID)
}

// looks is the owner's weekly list: everybody who looked at a record and is not of its daily workers. For a manager, the
// queries that nobody has answered stand below.
func (c *Casework) looks(r *web.Request) (web.Reply, error) {
	v := looksView{Manager: r.Who.May(access.ApproveCases)}
	names := c.names(r)
	own, err := casesOwnedBy(r.Tx, r.Who.ID, r.Who.TeamsFor(access.ReadCases), ownMost)
	if err != nil {
		return nil, wrapLook(err)
	}
	for _, k := range own {
		if _, err := c.key(r, &k); err != nil {
			if errors.Is(err, fault.Gone) {
				continue
			}
			return nil, wrapLook(err)
		}
		all, err := looksAt(r, k)
		if err != nil {
			return nil, wrapLook(err)
		}
		said, err := lookReviewsOf(r.Tx, k.ID)
		if err != nil {
			return nil, wrapLook(err)
		}
		for _, l := range all[:min(len(all), lookMost)] {
			v.Looks = append(v.Looks, c.lookView(r, k, l, said, names))
		}
	}
	if v.Manager {
		if v.Queries, err = c.queries(r, names); err != nil {
			return nil, wrapLook(err)
		}
	}
	r.Trace(audit.Entry{Act: "case.looks.listed"})
	return web.Page(web.Head{Private: true, Section: "looks"}, looksPage(v)), nil
}

// looksAt are the looks at one record that its owner is asked about.
func looksAt(r *web.Request, k Case) ([]look, error) {
	today := clock.Today(r.Now)
	since := mondayOf(today).AddDays(-(lookWeeks+dailyWeeks)*weekDays).At(0, 0)
	seen, err := audit.OfCase(r.Tx, k.ID, audit.Look{Since: since, Limit: lookBefore})
	return looksOf(k, seen, today), err
}

func (c *Casework) lookView(r *web.Request, k Case, l look, said []lookReview, names *nameBook) lookView {
	v := lookView{
		ID: k.Ref + "-" + l.Week.String() + "-" + l.Person, Who: names.of(l.Person), Team: c.teamsOf(r, l.Person), Path: k.Path("looked"), Ref: shownRef(k.Ref), CaseRef: k.Ref,
		Call: k.Headline.Call, Person: l.Person, Week: l.Week.String(), Says: lookSays(r, l.Times, l.Week),
	}
	i := slices.IndexFunc(said, func(s lookReview) bool { return s.Person == l.Person && s.Week == v.Week })
	if i >= 0 {
		v.Verdict = r.Say("case.looks.was."+said[i].Verdict, "name", names.of(said[i].By))
	}
	return v
}

func lookSays(r *web.Request, times int, week clock.Date) string {
	if times == 1 {
		return r.Say("case.looks.once", "week", week.Words())
	}
	return r.Say("case.looks.says", "times", fmt.Sprint(times), "week", week.Words())
}

// reviewLook takes the owner's word. Whoever is owner may say it, and a manager of the team; nobody of their own look.
func (c *Casework) reviewLook(r *web.Request) (web.Reply, error) {
	verdict, person, week := r.PostForm.Get("verdict"), r.PostForm.Get("person"), r.PostForm.Get("week")
	if _, err := clock.ParseDate(week); err != nil || person == "" || len(person) > longestID || person == r.Who.ID || verdict != verdictExpected && verdict != verdictQuery {
		return nil, fault.Of(fault.Invalid, "a word on a look that does not read")
	}
	k, key, err := c.byRef(r, r.PostForm.Get("ref"), access.WriteCases)
	if err != nil {
		c.tried(r, r.PostForm.Get("ref"))
		return nil, err
	}
	if k.Owner != r.Who.ID && !manages(r, k) {
		return nil, fault.Of(fault.Forbidden, "neither owner nor manager")
	}
	said, err := lookReviewsOf(r.Tx, k.ID)
	if err != nil {
		return nil, wrapLook(err)
	}
	if slices.ContainsFunc(said, func(s lookReview) bool { return s.Person == person && s.Week == week }) {
		return web.Redirect("/cases/looks"), nil // it was sent again, or somebody else said it first
	}
	there, err := looksAt(r, k)
	if err != nil {
		return nil, wrapLook(err)
	}
	if !slices.ContainsFunc(there, func(l look) bool { return l.Person == person && l.Week.String() == week }) {
		return web.Redirect("/cases/looks"), nil // nobody answers for a look beforehand
	}
	id := db.NewID(r.Now)
	body, err := sealed(key, lookBody, id, 1, lookJSON{Why: tidyReason(r.PostForm.Get("why"))})
	if err != nil {
		return nil, err
	}
	_, err = r.Tx.Exec(`insert into look_review (id, casefile, person, week, verdict, by_person, at, version, body) values ($1, $2, $3, $4, $5, $6, $7, 1, $8)`,
		id, k.ID, person, week, verdict, r.Who.ID, db.Stamp(r.Now), body)
	if err != nil {
		return nil, wrapLook(err)
	}
	act := LookExpected
	if verdict == verdictQuery {
		act = LookQueried
	}
	r.Trace(audit.Entry{Act: act, Case: k.ID, Of: id})
	return web.Redirect("/cases/looks"), nil
}

// queries are those that wait for a manager of the team, in records that the manager may open.
func (c *Casework) queries(r *web.Request, names *nameBook) ([]lookView, error) {
	clause, args := scope(2, r.Who.ID, r.Who.TeamsFor(access.ApproveCases))
	waiting, err := db.All(r.Tx, scanLook, `select `+lookColumns+` from look_review where verdict = $1 and answered_at = ''
		and casefile in (select id from casefile where `+clause+`) order by at, id`, append([]any{verdictQuery}, args...)...)
	if err != nil {
		return nil, err
	}
	var all []lookView
	for _, l := range waiting {
		k, _, why, err := c.openLook(r, l)
		if errors.Is(err, fault.Gone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		week, _ := clock.ParseDate(l.Week)
		all = append(all, lookView{
			ID: l.ID, Who: names.of(l.Person), Team: c.teamsOf(r, l.Person), Path: k.Path("looked"), Ref: shownRef(k.Ref), Why: seal.Hide(why.Why), Own: l.Person == r.Who.ID,
			Says: r.Say("case.looks.asked", "name", names.of(l.By), "week", week.Words()),
		})
	}
	return all, nil
}

func (c *Casework) openLook(r *web.Request, l lookReview) (k Case, key seal.Key, why lookJSON, err error) {
	k, err = db.One(r.Tx, scanCase, `select `+caseColumns+` from casefile where id = $1`, l.Case)
	if err != nil {
		return k, key, why, err
	}
	if key, err = c.key(r, &k); err != nil {
		return k, key, why, err
	}
	return k, key, why, unsealed(key, lookBody, l.ID, l.version, l.body, &why)
}

// answerLook closes a query with what the manager found.
func (c *Casework) answerLook(r *web.Request) (web.Reply, error) {
	clause, args := scope(2, r.Who.ID, r.Who.TeamsFor(access.ApproveCases))
	l, err := db.One(r.Tx, scanLook, `select `+lookColumns+` from look_review where id = $1 and answered_at = '' and verdict = 'query'
		and casefile in (select id from casefile where `+clause+`)`, append([]any{r.PostForm.Get("id")}, args...)...)
	if err != nil {
		return nil, wrapLook(err)
	}
	answer := tidyReason(r.PostForm.Get("answer"))
	if l.Person == r.Who.ID {
		return nil, fault.Of(fault.Forbidden, "a query about oneself")
	}
	if answer == "" {
		return web.Page(web.Head{Private: true, Section: "looks", Status: http.StatusUnprocessableEntity}, looksAgain()), nil
	}
	k, key, why, err := c.openLook(r, l)
	if err != nil {
		return nil, wrapLook(err)
	}
	why.Answer = answer
	body, err := sealed(key, lookBody, l.ID, l.version+1, why)
	if err != nil {
		return nil, err
	}
	_, err = r.Tx.Exec(`update look_review set answered_at = $1, answered_by = $2, version = $3, body = $4 where id = $5 and version = $6`,
		db.Stamp(r.Now), r.Who.ID, l.version+1, body, l.ID, l.version)
	if err != nil {
		return nil, wrapLook(err)
	}
	detail, err := because(key, l.ID, answer)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: LookAnswered, Case: k.ID, Of: l.ID, Detail: detail})
	return web.Redirect("/cases/looks"), nil
}

// byRef finds a case that a form names.
func (c *Casework) byRef(r *web.Request, typed string, wanted access.Permission) (Case, seal.Key, error) {
	ref, ok := readRef(typed)
	if !ok {
		return Case{}, seal.Key{}, fault.Of(fault.NotFound, "a reference that cannot be one")
	}
	k, err := caseByRef(r.Tx, ref, r.Who.ID, r.Who.TeamsFor(wanted))
	if err != nil {
		return Case{}, seal.Key{}, err
	}
	key, err := c.key(r, &k)
	return k, key, err
}

func casesOwnedBy(tx *db.Tx, person string, teams []string, most int) ([]Case, error) {
	clause, args := scope(3, person, teams)
	return db.All(tx, scanCase, `select `+caseColumns+` from casefile where owner = $1 and `+clause+` order by id desc limit $2`, append([]any{person, most}, args...)...)
}

func manages(r *web.Request, k Case) bool {
	return slices.Contains(r.Who.TeamsFor(access.ApproveCases), k.Team)
}

const reasonMost = 500

// tidyReason is a reason as it is kept: without space around it, and no longer than a reason is.
func tidyReason(typed string) string {
	words := []rune(strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n")))
	return strings.TrimSpace(string(words[:min(len(words), reasonMost)]))
}

type looksView struct {
	Looks   []lookView
	Manager bool
	Queries []lookView
}

type lookView struct {
	ID, Who, Team, Path, Ref, CaseRef string
	Call                              seal.Text
	Person, Week                      string
	Says, Verdict                     string
	Why                               seal.Text
	Own                               bool
}
