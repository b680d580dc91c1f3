package casework

import (
	"bytes"
	"fmt"
	"slices"

	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/fact"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// mostAsking is how often an hour one person can look for a child in the records of others. It is more than a busy
// night needs, and too few to try a list of names.
const mostAsking = 30

// known gives what counts as answered on a sheet.
func (c *Casework) known(r *web.Request, k Case, key seal.Key, formID string) (form.Answers, error) {
	versions, err := standingIn(r.Tx, key, k.ID, k.ID+"."+formID)
	if err != nil {
		return nil, err
	}
	byQuestion := map[string][]Version{}
	for _, v := range versions {
		byQuestion[v.Question] = append(byQuestion[v.Question], v)
	}
	known := form.Answers{}
	for q, all := range byQuestion {
		known[q] = standingOf(all).Answer()
	}
	return known, nil
}

// follow lets the head of the case and the marks by which the child is found follow the answers.
func (c *Casework) follow(r *web.Request, k *Case, key seal.Key) error {
	child, err := c.known(r, *k, key, formChild)
	if err != nil {
		return err
	}
	begun, err := c.known(r, *k, key, formOpen)
	if err != nil {
		return err
	}
	if err := c.headline(r, k, key, child, begun); err != nil {
		return err
	}
	f := findableBy(child, begun, clock.Today(r.Now), r.Say("case.no-name.words"))
	sheet := k.ID + "." + formChild
	marks := f.stored(c.Index, k.Team)
	slices.SortFunc(marks, bytes.Compare)
	before, err := marksOf(r.Tx, sheet)
	if err != nil {
		return err
	}
	if slices.EqualFunc(before, marks, bytes.Equal) {
		return nil
	}
	if err := setMarks(r.Tx, k.ID, sheet, marks); err != nil {
		return err
	}
	return c.lookFor(r, *k, f)
}

// headline is made from what is known best: the child's own name before what was written in the first minute.
func (c *Casework) headline(r *web.Request, k *Case, key seal.Key, child, begun form.Answers) error {
	h := headlineJSON{Call: begun[openCalled].Words, Age: begun[openAge].Words, Where: begun[openWhere].Words}
	if names := child[childNames].Lines(); len(names) > 0 {
		h.Call = names[0]
	}
	if born := child[childBorn].Words; born != "" {
		h.Age = r.Say("case.born", "day", form.DayInWords(born, web.FormSay(r)))
	} else if age := child[childAge].Words; age != "" {
		h.Age = r.Say("case.says-age", "age", age)
	}
	if h.Call == "" {
		h.Call = r.Say("case.no-name")
	}
	staying, err := c.known(r, *k, key, formStaying)
	if err != nil {
		return err
	}
	if f, ok := r.Pack.Forms.Get(formStaying); ok {
		if q, ok := f.Ready.Question(stayingKind); ok && staying[stayingKind].One() != "" {
			h.Where = q.InWords(staying[stayingKind], web.FormSay(r))[0]
		}
	}
	if h == k.Headline.kept() {
		return nil
	}
	body, err := sealed(key, headlineBody, k.ID, k.headline+1, h)
	if err != nil {
		return err
	}
	k.headline, k.Headline = k.headline+1, h.opened()
	return setHeadline(r.Tx, k.ID, k.headline, body)
}

// lookFor asks whether an open record of any team may be about the same child. Each asking is traced and counted; who
// asks too often gets no answer, and never a reason to stop working.
func (c *Casework) lookFor(r *web.Request, k Case, f findable) error {
	marks := f.sought(c.Index)
	if len(marks) == 0 {
		return nil
	}
	r.Trace(audit.Entry{Act: audit.Searched, Case: k.ID, Of: "same-child"})
	times, err := countAsking(r.Tx, r.Who.ID)
	if err != nil {
		return fmt.Errorf("count how often somebody looked for a child: %w", err)
	}
	if times > mostAsking {
		r.Trace(audit.Entry{Act: "case.search.too-often", Case: k.ID})
		return nil
	}
	found, err := alike(r.Tx, k.ID, marks)
	if err != nil {
		return fmt.Errorf("look for the same child: %w", err)
	}
	for _, other := range found {
		// Both teams are told: the one that finds, and the one that was found.
		for _, both := range [][2]string{{k.ID, other}, {other, k.ID}} {
			added, err := addMaybeSame(r.Tx, both[0], both[1])
			if err != nil {
				return fmt.Errorf("note that two cases may be about one child: %w", err)
			}
			if added {
				r.Trace(audit.Entry{Act: "case.maybe-same", Case: both[0]})
			}
		}
	}
	return nil
}

// sameView is what a person is told of another record that may be about the same child: whom to ask, and nothing else.
type sameView struct {
	Team  Team
	Other string // for the form that settles it
	Path  string // of the other case; "" unless this person may open it anyway
}

// same gives what the pages of a case say of others that may be about the same child.
func (c *Casework) same(r *web.Request, k Case) ([]sameView, error) {
	pairs, err := maybeSameAs(r.Tx, k.ID, r.Who.ID, r.Who.Teams())
	if err != nil {
		return nil, fmt.Errorf("look for the same child: %w", err)
	}
	var all []sameView
	for i, p := range pairs {
		team, err := c.People.Team(r.Tx, p.Team)
		if err != nil {
			return nil, fmt.Errorf("ask what a team is called: %w", err)
		}
		v := sameView{Team: team, Other: fmt.Sprint(i + 1)}
		if p.Ref != "" {
			v.Path = Case{Ref: p.Ref}.Path()
		}
		all = append(all, v)
	}
	return all, nil
}

// settlePair notes what came of asking the other team. The other record is named by its place in the list, so that no
// page holds even its id.
func (c *Casework) settlePair(r *web.Request) (web.Reply, error) {
	k, _, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	outcome := r.PostForm.Get("outcome")
	if outcome != "same" && outcome != "another" {
		return nil, fault.Of(fault.Invalid, "an outcome that there is not")
	}
	pairs, err := maybeSameAs(r.Tx, k.ID, r.Who.ID, r.Who.Teams())
	if err != nil {
		return nil, err
	}
	for i, p := range pairs {
		if fmt.Sprint(i+1) != r.PostForm.Get("other") {
			continue
		}
		settled, err := settleSame(r.Tx, k.ID, p.Other, outcome)
		if err != nil {
			return nil, err
		}
		if settled {
			r.Trace(audit.Entry{Act: "case.maybe-same.settled", Case: k.ID, Of: outcome})
			if err := fact.Write(r.Tx, fact.Fact{Kind: "case.maybe-same", Case: k.ID, Day: clock.Today(r.Now), Codes: map[string]string{"outcome": outcome}}); err != nil {
				return nil, err
			}
		}
	}
	return web.Redirect(k.Path()), nil
}
