package casework

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fact"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// newView is the page on which a record is opened: three fields and one press.
type newView struct {
	Page     form.Page
	Answers  form.Answers
	Problems []form.Problem
	Once     string
	Teams    []web.Choice // none when there is only one
	File     bool         // with the file of a concern check
	Refused  string       // why the file was not read, in words
}

// begin shows the three fields.
func (c *Casework) begin(file bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		return c.newPage(r, newView{Once: db.NewID(r.Now), File: file})
	}
}

func (c *Casework) newPage(r *web.Request, v newView) (web.Reply, error) {
	f, ok := r.Pack.Forms.Get(formOpen)
	if !ok || len(f.Ready.Pages) == 0 {
		return nil, fault.Of(fault.NotFound, "the pack has no form %s", formOpen)
	}
	v.Page = f.Ready.Pages[0]
	v.Page.Body = c.resolved(r, place{}, v.Page.Body)
	teams := r.Who.TeamsFor(access.WriteCases)
	if len(teams) > 1 {
		for _, id := range teams {
			team, err := c.People.Team(r.Tx, id)
			if err != nil {
				return nil, fmt.Errorf("ask what a team is called: %w", err)
			}
			v.Teams = append(v.Teams, web.Choice{Value: id, Says: team.Name, Picked: id == r.PostForm.Get("team") || len(v.Teams) == 0 && r.PostForm.Get("team") == ""})
		}
	}
	head := web.Head{Private: true, Section: "cases"}
	if len(v.Problems) > 0 || v.Refused != "" {
		head.Status = 422
	}
	return web.Page(head, newPage(v)), nil
}

// openNew opens a record from nothing known at all. One post opens one record, however often it arrives.
func (c *Casework) openNew(r *web.Request) (web.Reply, error) {
	return c.openWith(r, nil)
}

// madeCase is the id of a case that is about to be opened, with its key.
type madeCase struct {
	id  string
	key seal.Key
}

// prepareCase makes the key before the transaction begins: it is on disk before the row that needs it, and nobody waits
// meanwhile. When the row never comes, a sweep takes the key away.
func (c *Casework) prepareCase(r *web.Request) (any, error) {
	made := madeCase{id: db.NewID(r.Now)}
	var err error
	if made.key, err = c.Keys.Make(r.Context(), made.id); err != nil {
		return nil, fmt.Errorf("make the key of a new case: %w", err)
	}
	return made, nil
}

// openWith opens a record, with what a concern check's file holds when there is one.
func (c *Casework) openWith(r *web.Request, file *imported) (web.Reply, error) {
	f, ok := r.Pack.Forms.Get(formOpen)
	if !ok || len(f.Ready.Pages) == 0 {
		return nil, fault.Of(fault.NotFound, "the pack has no form %s", formOpen)
	}
	answers, problems := f.Ready.Read(r.PostForm)
	once := onceOf(r)
	if len(problems) > 0 {
		return c.newPage(r, newView{Answers: answers, Problems: problems, Once: once, File: file != nil})
	}
	team, err := teamFor(r)
	if err != nil {
		return nil, err
	}
	if once == "" {
		once = db.NewID(r.Now)
	}
	if ref, err := refOpened(r.Tx, r.Who.ID, once); err == nil {
		return web.Redirect(Case{Ref: ref}.Path("tonight")), nil
	} else if !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	made, ok := r.Prepared.(madeCase)
	if !ok {
		return nil, errors.New("a record was opened without its key")
	}
	k, key := Case{ID: made.id, Team: team, Owner: r.Who.ID, State: firstDay, OpenedAt: r.Now, OpenedBy: r.Who.ID}, made.key
	if k.Ref, err = freeRef(r.Tx); err != nil {
		return nil, err
	}
	if err := c.insertCase(r, &k, key, once); err != nil {
		return nil, fmt.Errorf("open a record: %w", err)
	}
	first := Sheet{ID: k.ID + "." + formOpen, Case: k.ID, Form: formOpen, New: true}
	pinned := Version{Author: r.Who.ID, Pack: r.Pack.Version(), Form: f.Version}
	if err := c.write(r, key, first, answers, pinned); err != nil {
		return nil, err
	}
	via := "nothing"
	if file != nil {
		via = "concern-check"
		if err := c.take(r, k, key, *file); err != nil {
			return nil, err
		}
	}
	if err := c.follow(r, &k, key); err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: audit.CaseOpened, Case: k.ID, Of: via})
	if err := fact.Write(r.Tx, fact.Fact{Kind: "case.opened", Case: k.ID, Day: clock.Today(r.Now), Codes: map[string]string{"via": via}}); err != nil {
		return nil, err
	}
	return web.Redirect(k.Path("tonight")), nil
}

var anID = regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)

// onceOf is the id that was made with the page, by which a post that arrives twice is known.
func onceOf(r *web.Request) string {
	if once := r.PostForm.Get("once"); anID.MatchString(once) {
		return once
	}
	return ""
}

// teamFor is the team that a new record belongs to: the one that was chosen, or the only one.
func teamFor(r *web.Request) (string, error) {
	teams := r.Who.TeamsFor(access.WriteCases)
	if len(teams) == 1 {
		return teams[0], nil
	}
	if chosen := r.PostForm.Get("team"); slices.Contains(teams, chosen) {
		return chosen, nil
	}
	return "", fault.Of(fault.Invalid, "a record for a team that is not the writer's")
}

// insertCase writes the row of a case, with a headline that follow makes better.
func (c *Casework) insertCase(r *web.Request, k *Case, key seal.Key, once string) error {
	k.headline = 1
	h := headlineJSON{Call: r.Say("case.no-name")}
	body, err := sealed(key, headlineBody, k.ID, k.headline, h)
	if err != nil {
		return err
	}
	k.sealed, k.Headline = body, h.opened()
	return insertCase(r.Tx, *k, once)
}

// write keeps answers on a sheet that nobody has written to before.
func (c *Casework) write(r *web.Request, key seal.Key, s Sheet, answers form.Answers, pinned Version) error {
	if err := s.keep(r.Tx, key); err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	for _, q := range sortedKeys(answers) {
		if _, _, err := addAnswer(r.Tx, key, s, q, answers[q], false, nil, pinned); err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
	}
	return nil
}

// short is a question of the first minute as it is shown: without a fold below it, since nobody reads on at two at night.
func short(q form.Question) form.Question {
	q.Gaps, q.Guidance, q.Why = nil, form.Link{}, ""
	return q
}
