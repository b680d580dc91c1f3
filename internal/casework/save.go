package casework

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// savedReply is what the script is told. It leaves after the commit: what it says is saved is on disk.
type savedReply struct {
	Says   string `json:"says"`
	State  string `json:"state"` // saved, draft, conflict
	Based  string `json:"based"`
	Reload bool   `json:"reload"` // the page has other questions now, or something to choose
}

// keepField saves one field while the rest of the page is still being filled in.
func (c *Casework) keepField(r *web.Request) (web.Reply, error) {
	k, key, s, err := c.sheetToWrite(r)
	if err != nil {
		return nil, err
	}
	question := r.PostForm.Get("question")
	if !r.PostForm.Has("based." + question) {
		return nil, fault.Of(fault.Invalid, "a field that does not say what its writer saw")
	}
	steers, err := c.steers(r, s, question)
	if err != nil {
		return nil, err
	}
	var before []string
	if steers {
		if before, err = c.asked(r, k, key, s); err != nil {
			return nil, err
		}
	}
	kept, err := c.keep(r, k, key, &s, "")
	if err != nil {
		return nil, err
	}
	now := kept.stands[question]
	reply := savedReply{State: "saved", Based: now.Based()}
	if steers {
		after, err := c.asked(r, k, key, s)
		if err != nil {
			return nil, err
		}
		reply.Reload = !slices.Equal(before, after)
	}
	reply.Says = r.Say("case.saved.at", "time", hour(r.Now))
	if last, ok := now.Last(); ok && len(kept.changed) == 0 {
		reply.Says = r.Say("case.saved.at", "time", when(r.Now, last.At))
	}
	switch {
	case len(kept.problems) > 0:
		reply.State = "draft"
		reply.Says = r.Say("case.saved.draft", "problem", problemSays(r, kept.problems[0]))
	case now.Conflict():
		reply.State, reply.Reload = "conflict", true
		reply.Says = r.Say("case.saved.conflict")
	}
	body, err := json.Marshal(reply)
	if err != nil {
		return nil, fmt.Errorf("write what was saved: %w", err)
	}
	return web.BytesPrivate("application/json", body), nil
}

// hour is the time of day in London: 15:40.
func hour(t time.Time) string { return t.In(clock.London).Format("15:04") }

// when is a moment as people say it: the hour of today, else the day with it.
func when(now, t time.Time) string {
	if clock.Today(now) == clock.Today(t) {
		return hour(t)
	}
	return hour(t) + ", " + clock.Today(t).Words()
}

func stampOf(r *web.Request) string { return db.Stamp(r.Now) }

var idOfQuestion = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// plainID reports that a name that arrived can be the id of a question or a page.
func plainID(id string) bool { return len(id) <= 60 && idOfQuestion.MatchString(id) }

// problemSays is what is wrong with an answer, in words.
func problemSays(r *web.Request, p form.Problem) string {
	return r.Say("web."+p.Reason, "max", strconv.Itoa(p.Max))
}

// steers reports that other questions are asked or not by what the answer to this one is.
func (c *Casework) steers(r *web.Request, s Sheet, question string) (bool, error) {
	f, ok := r.Pack.Forms.Get(s.Form)
	if !ok {
		return false, fault.Of(fault.NotFound, "the pack has no form %s", s.Form)
	}
	fact := form.FactName(question)
	for _, p := range f.Ready.Pages {
		if slices.Contains(p.When.Uses(), fact) {
			return true, nil
		}
		for _, q := range p.Questions {
			if slices.Contains(q.When.Uses(), fact) {
				return true, nil
			}
		}
	}
	return false, nil
}

// asked names the questions of a sheet that are asked after what was answered so far.
func (c *Casework) asked(r *web.Request, k Case, key seal.Key, s Sheet) ([]string, error) {
	versions, err := standingIn(r.Tx, key, k.ID, s.ID)
	if err != nil {
		return nil, err
	}
	f, err := fill(r, s, versions)
	if err != nil {
		return nil, err
	}
	shown, err := f.Asked.Shown(f.Facts)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, q := range shown.Questions() {
		ids = append(ids, q.ID)
	}
	return ids, nil
}
