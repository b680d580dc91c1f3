package casework

import (
	"slices"

	"waymark/internal/audit"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/web"
)

// historyView is every version of one answer, the newest first.
type historyView struct {
	Case     Case
	Sheet    Sheet
	Question form.Question
	Lines    []historyLine
}

type historyLine struct {
	Wrote    string
	Asked    string // the pack with whose words it was asked
	Answer   form.Answer
	Draft    bool
	Standing bool
}

// history shows what was answered before, by whom and when. Nothing of it can be changed here.
func (c *Casework) history(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	s, err := c.sheetAt(r, k, key, r.PathValue("sheet"))
	if err != nil {
		return nil, err
	}
	if s.New { // also one of another record: its versions are not for this key
		return nil, fault.Of(fault.NotFound, "a sheet that nobody has written to")
	}
	versions, err := versionsOf(r.Tx, key, s.ID, r.PathValue("question"))
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, fault.Of(fault.NotFound, "a question that nobody has answered")
	}
	r.Trace(audit.Entry{Act: audit.CaseViewed, Case: k.ID, Of: "sheets/" + s.Address() + "/history"})
	f, err := fill(r, s, versions)
	if err != nil {
		return nil, err
	}
	v := historyView{Case: k, Sheet: s}
	var asked bool
	if v.Question, asked = f.Asked.Question(r.PathValue("question")); !asked {
		v.Question = form.Question{ID: r.PathValue("question"), Says: r.PathValue("question")}
	}
	called, err := c.called(r, authorsOf(versions)...)
	if err != nil {
		return nil, err
	}
	for _, one := range slices.Backward(versions) {
		v.Lines = append(v.Lines, historyLine{called.wrote(r, one), one.Pack, one.Answer, one.Draft, one.Standing})
	}
	return c.page(r, k, "sheets", historyPage(v))
}
