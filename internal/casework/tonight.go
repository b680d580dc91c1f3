package casework

import (
	"fmt"

	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/fact"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// tonightView is the first night: the list, the hand-over, and what still keeps the first day open.
type tonightView struct {
	sheetView
	Same []sameView
	Day  dayView
}

// dayView says whether the first day can be finished. It cannot without the missing sheet, or a reason for none: a child
// who vanishes does so on the first night.
type dayView struct {
	Over    bool
	Wrote   string // who finished it, and when
	Ready   bool
	Missing []form.Missing
	Sheet   string // where the missing sheet is
	Refused bool   // somebody pressed, and it cannot be finished yet
}

// tonight shows the first-night list.
func (c *Casework) tonight(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	return c.tonightPage(r, k, key, false)
}

func (c *Casework) tonightPage(r *web.Request, k Case, key seal.Key, refused bool) (web.Reply, error) {
	v := tonightView{}
	var err error
	if v.sheetView, err = c.single(r, k, key, formFirstNight); err != nil {
		return nil, err
	}
	if v.Same, err = c.same(r, k); err != nil {
		return nil, err
	}
	if v.Day, err = c.day(r, k, key); err != nil {
		return nil, err
	}
	v.Day.Refused = refused
	head := web.Head{}
	if refused {
		head.Status = 422
	}
	return c.pageWith(r, head, k, "tonight", tonightPage(v))
}

// single is a sheet of which every case has one, ready to show whole.
func (c *Casework) single(r *web.Request, k Case, key seal.Key, formID string) (sheetView, error) {
	s, err := c.sheetAt(r, k, key, formID)
	if err != nil {
		return sheetView{}, err
	}
	versions, err := standingIn(r.Tx, key, k.ID, s.ID)
	if err != nil {
		return sheetView{}, err
	}
	f, err := fill(r, s, versions)
	if err != nil {
		return sheetView{}, err
	}
	v := sheetView{filled: f, Case: k, Title: f.Form.Title, MayWrite: mayWrite(r, k)}
	if v.Names, err = c.called(r, authorsOf(versions)...); err != nil {
		return sheetView{}, err
	}
	return v, c.choose(r, key, &v, "")
}

// day looks at what keeps the first day open.
func (c *Casework) day(r *web.Request, k Case, key seal.Key) (dayView, error) {
	v := dayView{Over: !k.FirstDayAt.IsZero(), Sheet: k.Path("sheets", formMissing)}
	if v.Over {
		called, err := c.called(r, k.FirstDayBy)
		v.Wrote = called.at(r, k.FirstDayBy, k.FirstDayAt)
		return v, err
	}
	sheet, err := c.single(r, k, key, formMissing)
	if err != nil {
		return v, err
	}
	v.Missing = sheet.Missing
	reason := sheet.Answers()[missingWhy].Words != ""
	v.Ready = reason || !sheet.Sheet.New && len(v.Missing) == 0
	return v, nil
}

// finishFirstDay ends the first day when there is a missing sheet, or a reason for none.
func (c *Casework) finishFirstDay(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	v, err := c.day(r, k, key)
	if err != nil {
		return nil, err
	}
	if v.Over {
		return web.Redirect(k.Path()), nil
	}
	if !v.Ready {
		return c.tonightPage(r, k, key, true)
	}
	done, err := finishFirstDay(r.Tx, k.ID)
	if err != nil {
		return nil, fmt.Errorf("finish the first day: %w", err)
	}
	if done {
		sheet := "filled-in"
		if len(v.Missing) > 0 {
			sheet = "reason-given"
		}
		r.Trace(audit.Entry{Act: "case.first-day.finished", Case: k.ID, Of: sheet})
		err := fact.Write(r.Tx, fact.Fact{Kind: "case.first-day", Case: k.ID, Day: clock.Today(r.Now), Codes: map[string]string{"missing-sheet": sheet}})
		if err != nil {
			return nil, err
		}
	}
	return web.Redirect(k.Path()), nil
}

// paperView is the first night on one sheet of paper.
type paperView struct {
	Case  Case
	Steps []paperStep
	Rest  []form.Answered // the hand-over
	Title string
}

type paperStep struct {
	Says, State, Note string
}

// tonightPaper is the list as it is printed: on one sheet, with room to write by hand.
func (c *Casework) tonightPaper(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: audit.CasePrinted, Case: k.ID, Of: "tonight"})
	f, err := c.single(r, k, key, formFirstNight)
	if err != nil {
		return nil, err
	}
	steps, ok := f.Asked.Question(tonightSteps)
	if !ok {
		return nil, fault.Of(fault.NotFound, "the pack's first-night form has no question %s", tonightSteps)
	}
	v := paperView{Case: k, Title: f.Title}
	given := f.Answers()[tonightSteps].Observed
	for _, thing := range steps.About {
		one := paperStep{Says: thing.Says, Note: given[thing.ID].Note}
		for _, o := range steps.Options {
			if o.ID == given[thing.ID].How {
				one.State = o.Says
			}
		}
		v.Steps = append(v.Steps, one)
	}
	for _, line := range f.summary(r) {
		if line.Question != tonightSteps {
			v.Rest = append(v.Rest, line)
		}
	}
	return web.Page(web.Head{Private: true, Section: "cases"}, tonightPaper(v)), nil
}
