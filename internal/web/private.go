package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
)

// Private is the half of the site that knows people. A copy without it can mount routes for Anyone only.
type Private struct {
	DB     *db.DB
	People People
	Road   Road
	SignIn string        // where somebody goes who is not signed in, such as /sign-in
	Unlock string        // where somebody goes whose screen is locked
	Idle   time.Duration // after which a browser with scripts locks itself
	Held   Held          // may be nil: then what a locked session posts is not kept
}

// People tells who stands behind the token of a session.
type People interface {
	// Authenticate gives the person, or nobody when the token is none or has ended. A session that must be unlocked
	// first gives a person who is Locked.
	Authenticate(tx *db.Tx, token string) (access.Who, error)
	// Touch notes that the session is in use. It is called in a writing transaction, at most about once a minute.
	Touch(tx *db.Tx, who access.Who) error
}

// Held keeps, sealed, what somebody posted whose session had been locked meanwhile, until that same person is back.
type Held interface {
	Hold(tx *db.Tx, who access.Who, path string, form url.Values) error
}

// Trace writes down that the person of this request did or saw something: in the request's own transaction when it
// writes, else in one of its own before the reply leaves.
func (r *Request) Trace(e audit.Entry) { r.traces = append(r.traces, e) }

// About names the case that a request asks for. When the person is refused it, the case's own log says that they tried.
func (r *Request) About(caseID string) { r.about = caseID }

// Token is the token of the session that the browser sent, "" for none. Only the rooms of accounts ask for it.
func (r *Request) Token() string {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// errStopped ends a transaction in which somebody turned out not to be let in.
var errStopped = errors.New("not let in")

// answerPrivate runs a route that is not for everybody. One request is one short transaction and one trace:
// a look runs on a snapshot and is traced before the reply leaves, a change is traced where it is made.
func (s *site) answerPrivate(c *call) {
	r, route, private := c.request, c.route, s.cfg.Private
	if !private.Road.Secure(r.Request) {
		c.send(c.refusalOf("web.error.insecure", http.StatusForbidden))
		return
	}
	if route.method == http.MethodPost {
		if !s.letIn(c) {
			return
		}
		if route.files {
			defer allowTime(c.w, uploadTime)()
		}
		if status, err := s.readBody(c.w, r.Request, *route); status != 0 {
			c.refuse(status, err)
			return
		}
	}
	if route.prepare != nil {
		var err error
		r.Source = private.Road.Source(r.Request)
		if r.Prepared, err = route.prepare(r); err != nil {
			s.traceRefusal(c, err)
			c.fail(err)
			return
		}
	}
	var reply Reply
	run := func(tx *db.Tx) (err error) {
		if err := s.enter(c, tx); err != nil {
			return err
		}
		reply, err = route.handler(r)
		return err
	}
	var err error
	if route.method == http.MethodPost {
		err = private.DB.Write(r.Context(), "", func(tx *db.Tx) error {
			if err := run(tx); err != nil {
				return err
			}
			return s.leave(r, tx)
		})
	} else if err = private.DB.Read(r.Context(), "", run); err == nil && (len(r.traces) > 0 || r.Who.Stale(r.Now)) {
		err = private.DB.Write(r.Context(), r.Who.ID, func(tx *db.Tx) error { return s.leave(r, tx) })
	}
	r.Tx = nil
	if errors.Is(err, errStopped) {
		c.turnAway()
		return
	}
	if err != nil {
		s.traceRefusal(c, err)
		c.fail(err)
		return
	}
	made, err := reply.content(r)
	if err != nil {
		c.fail(err)
		return
	}
	made.private, made.connects = true, true
	c.send(made)
}

// uploadTime is how long a file may take to arrive and to be looked at, over the slow road of a telephone.
const uploadTime = 5 * time.Minute

// allowTime gives somebody who was let in, and who sends a file, longer than a page needs. Its result ends it.
func allowTime(w http.ResponseWriter, wait time.Duration) (end func()) {
	road := http.NewResponseController(w)
	_ = road.SetReadDeadline(time.Time{}) // a recorder of tests knows no deadlines
	_ = road.SetWriteDeadline(time.Time{})
	enough := time.AfterFunc(wait, func() { _ = road.SetReadDeadline(time.Unix(1, 0)) })
	return func() { enough.Stop() }
}

// enter finds out who asks, inside the transaction of the request.
func (s *site) enter(c *call, tx *db.Tx) error {
	r := c.request
	r.traces, r.about, r.Tx, r.Now, r.Who = nil, "", tx, tx.Now, access.Who{}
	if token := r.Token(); token != "" {
		who, err := s.cfg.Private.People.Authenticate(tx, token)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return fmt.Errorf("find out who asks: %w", err)
		}
		r.Who, tx.Who = who, who.ID
	}
	if !r.Who.May(c.route.permission) {
		return errStopped
	}
	return nil
}

// leave writes what the request left behind.
func (s *site) leave(r *Request, tx *db.Tx) error {
	for _, e := range r.traces {
		if err := audit.Append(tx, e); err != nil {
			return fmt.Errorf("leave a trace: %w", err)
		}
	}
	if !r.Who.Stale(r.Now) {
		return nil
	}
	return s.cfg.Private.People.Touch(tx, r.Who)
}

// letIn asks, before a form is read, whether its sender may come in at all.
func (s *site) letIn(c *call) bool {
	err := s.cfg.Private.DB.Read(c.request.Context(), "", func(tx *db.Tx) error { return s.enter(c, tx) })
	c.request.Tx = nil
	switch {
	case errors.Is(err, errStopped):
		if c.request.Who.Locked {
			s.hold(c)
		}
		c.turnAway()
	case err != nil:
		c.fail(err)
	}
	return err == nil
}

// hold keeps what arrived from a session that was locked meanwhile. When it cannot, the person is told at the lock.
func (s *site) hold(c *call) {
	r, held := c.request, s.cfg.Private.Held
	if held == nil {
		return
	}
	if status, _ := s.readBody(c.w, r.Request, *c.route); status != 0 || len(r.PostForm) == 0 {
		return
	}
	err := s.cfg.Private.DB.Write(r.Context(), r.Who.ID, func(tx *db.Tx) error { return held.Hold(tx, r.Who, r.URL.Path, r.PostForm) })
	if err != nil {
		s.cfg.Log.Error("what a locked session sent could not be kept", slog.String("route", c.pattern()), slog.String("id", r.ID), slog.String("error", err.Error()))
	}
}

// turnAway leads to where somebody can become who they say they are; whoever is that already gets a plain no.
func (c *call) turnAway() {
	r, private := c.request, c.site.cfg.Private
	to := ""
	switch {
	case r.Who.Locked:
		to = private.Unlock
	case r.Who.ID == "":
		to = private.SignIn
	default:
		c.site.traceRefusal(c, fault.Forbidden)
		c.send(c.refusalOf("web.error.notyours", http.StatusForbidden))
		return
	}
	if r.Header.Get("Sec-Fetch-Dest") == "empty" { // a script that saves: it cannot follow to a page
		c.send(content{status: http.StatusUnauthorized, kind: "application/json", body: []byte(`{"state":"locked"}`), private: true})
		return
	}
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?next=" + url.QueryEscape(r.URL.Path)
	}
	c.send(content{status: http.StatusSeeOther, location: to, private: true})
}

// asCode writes the pattern of a route as the log takes it.
var asCode = strings.NewReplacer("{", ":", "}", "", "$", "")

// traceRefusal writes down that somebody was refused, in a transaction of its own. What may not be seen does not exist,
// so a page that was not found counts too.
func (s *site) traceRefusal(c *call, err error) {
	r := c.request
	if r.Who.ID == "" || !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.NotFound) {
		return
	}
	write := s.cfg.Private.DB.Write(r.Context(), r.Who.ID, func(tx *db.Tx) error {
		return audit.Append(tx, audit.Entry{Act: audit.Refused, Case: r.about, Of: asCode.Replace(c.pattern())})
	})
	if write != nil {
		s.cfg.Log.Error("a refusal could not be traced", slog.String("route", c.pattern()), slog.String("id", r.ID), slog.String("error", write.Error()))
	}
}
