package casework

import (
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// sheetsView is what a record is made of: each form of the pack with what was filled in of it.
type sheetsView struct {
	Case     Case
	MayWrite bool
	Groups   []sheetGroup
	Imported []sheetLine
	Retired  []sheetLine
}

type sheetGroup struct {
	Form  pack.Form
	Lines []sheetLine
	Add   string // where another one begins; "" when there can be one only
}

type sheetLine struct{ Title, Path, Wrote string }

// sheetList shows the sheets of a case.
func (c *Casework) sheetList(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	all, err := c.sheets(r, k, key)
	if err != nil {
		return nil, err
	}
	v := sheetsView{Case: k, MayWrite: mayWrite(r, k)}
	line := func(f filled) (sheetLine, error) {
		last, wrote := lastOf(f), ""
		called, err := c.called(r, last.Author, f.Sheet.RetiredBy)
		if err != nil {
			return sheetLine{}, err
		}
		if last.Number > 0 {
			wrote = called.wrote(r, last)
		}
		return sheetLine{sheetTitle(r, f), k.sheetPath(f.Sheet), wrote}, nil
	}
	byForm := map[string][]sheetLine{}
	for _, f := range all {
		one, err := line(f)
		if err != nil {
			return nil, err
		}
		switch {
		case !f.Sheet.RetiredAt.IsZero():
			v.Retired = append(v.Retired, one)
		case f.Sheet.Source.Kind != "":
			one.Wrote = f.sourceLine(r)
			one.Title = r.Say("case.import.sheet")
			v.Imported = append(v.Imported, one)
		default:
			byForm[f.Sheet.Form] = append(byForm[f.Sheet.Form], one)
		}
	}
	for _, f := range recordForms(r.Pack) {
		g := sheetGroup{Form: f, Lines: byForm[f.ID]}
		if f.Many && v.MayWrite {
			g.Add = k.Path("sheets", "new", f.ID)
		} else if len(g.Lines) == 0 && !f.Many {
			g.Lines = []sheetLine{{f.Title, k.Path("sheets", f.ID), ""}}
		}
		v.Groups = append(v.Groups, g)
	}
	return c.page(r, k, "sheets", sheetsPage(v))
}

// lastOf is the newest version on a sheet.
func lastOf(f filled) Version {
	var last Version
	for _, now := range f.Stands {
		if v, ok := now.Last(); ok && (v.At.After(last.At) || last.Number == 0) {
			last = v
		}
	}
	return last
}

// sourceLine says where an imported sheet comes from.
func (f filled) sourceLine(r *web.Request) string {
	setting := r.Say("case.import.nowhere")
	if s, ok := r.Pack.Settings.Get(f.Sheet.Source.Setting); ok {
		setting = s.Name
	}
	return r.Say("case.import.source", "setting", setting, "time", when(r.Now, f.Sheet.Source.At))
}

// summary is all that was answered on a sheet, in words.
func (f filled) summary(r *web.Request) []form.Answered {
	lines, err := f.Asked.Summary(f.Opened.Given(), f.Facts, web.FormSay(r))
	if err != nil {
		return nil // a condition over its cost limit: the sheet itself says so when it is opened
	}
	return lines
}

// known is the summary without what nobody answered.
func (f filled) known(r *web.Request) []form.Answered {
	var out []form.Answered
	for _, line := range f.summary(r) {
		if len(line.Answer) > 0 || line.Gap != "" {
			out = append(out, line)
		}
	}
	return out
}

// gapWords is the reason for a gap in the pack's words.
func gapWords(q form.Question, a form.Answer) string {
	for _, o := range q.Gaps {
		if o.ID == a.Gap {
			return o.Says
		}
	}
	return a.Gap
}

// fieldOf is the field to go to for something that nobody has answered.
func fieldOf(m form.Missing) string {
	q := form.Question{ID: m.Question}
	if m.Thing != "" {
		return q.HowField(m.Thing)
	}
	return q.Field()
}
