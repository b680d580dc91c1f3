package casework

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/rule"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// Sheet is one filled form of the pack: the child once, a person once for each.
type Sheet struct {
	ID        string
	Case      string
	Form      string
	Source    Source // of an imported one; zero for a sheet that is written here
	CreatedAt time.Time
	CreatedBy string
	RetiredAt time.Time
	RetiredBy string
	Guarded   bool // opened by a page of its own, with a reason
	New       bool // there is no row yet

	sealed []byte
}

// Source is where an imported sheet comes from. Who imported it did not write it.
type Source struct {
	Kind    string    `json:"kind,omitempty"` // "concern-check"
	At      time.Time `json:"at,omitzero"`
	Setting string    `json:"setting,omitempty"` // id in the pack
	Pack    string    `json:"pack,omitempty"`    // pack@version, as the file says
	Version int       `json:"version,omitempty"` // of the form
}

// numbered is the address of a sheet of which a case can have many: the form and an id that is made with the page, so
// that a page that is sent twice makes one sheet.
var numbered = regexp.MustCompile(`^([a-z0-9-]+)-([0-9a-hjkmnp-tv-z]{26})$`)

// sheetID is how a sheet is kept that the address names.
func sheetID(p *pack.Pack, caseID, address string) (id, formID string, err error) {
	if f, ok := p.Forms.Get(address); ok && !f.Many {
		return caseID + "." + f.ID, f.ID, nil
	}
	if m := numbered.FindStringSubmatch(address); m != nil {
		return m[2], m[1], nil
	}
	return "", "", fault.Of(fault.NotFound, "a sheet that the pack does not have")
}

// Address is how a sheet is named in the path.
func (s Sheet) Address() string {
	if s.ID == s.Case+"."+s.Form {
		return s.Form
	}
	return s.Form + "-" + s.ID
}

// Path is where a sheet of the case is.
func (k Case) sheetPath(s Sheet) string { return k.Path("sheets", s.Address()) }

// newSheet is a sheet that has no row yet.
func (k Case) newSheet(f pack.Form, now time.Time) Sheet {
	s := Sheet{Case: k.ID, Form: f.ID, New: true}
	s.ID = k.ID + "." + f.ID
	if f.Many {
		s.ID = db.NewID(now)
	}
	return s
}

// sheetAt finds the sheet that the address names, or a new one.
func (c *Casework) sheetAt(r *web.Request, k Case, key seal.Key, address string) (Sheet, error) {
	id, formID, err := sheetID(r.Pack, k.ID, address)
	if err != nil {
		return Sheet{}, err
	}
	f, known := r.Pack.Forms.Get(formID)
	if f.Reason {
		return Sheet{}, fault.Of(fault.NotFound, "a sheet that is opened with a reason only")
	}
	s, err := sheetByID(r.Tx, k.ID, id)
	if errors.Is(err, fault.NotFound) {
		if !known || !recordForm(formID) {
			return Sheet{}, fault.Of(fault.NotFound, "a form that no record has")
		}
		return Sheet{ID: id, Case: k.ID, Form: formID, New: true}, nil
	}
	if err != nil {
		return Sheet{}, err
	}
	if s.Form != formID {
		return Sheet{}, fault.Of(fault.NotFound, "a sheet under the address of another form")
	}
	return s, s.unseal(key)
}

func (s *Sheet) unseal(key seal.Key) error {
	return unsealed(key, sheetBody, s.ID, 0, s.sealed, &s.Source)
}

// keep writes the row of a sheet that has none yet.
func (s *Sheet) keep(tx *db.Tx, key seal.Key) error {
	if !s.New {
		return nil
	}
	body, err := sealed(key, sheetBody, s.ID, 0, s.Source)
	if err != nil {
		return err
	}
	s.sealed, s.CreatedAt, s.CreatedBy, s.New = body, tx.Now, tx.Who, false
	return insertSheet(tx, *s)
}

// filled is a sheet with its form as it is asked today and what stands of every question.
type filled struct {
	Sheet  Sheet
	Form   pack.Form
	Asked  form.Form // on this day
	Facts  rule.Facts
	Stands map[string]standing // by question
	Opened form.Opened
}

// fill looks at a sheet with today's form. Answers to an older version of it are all there; what does not fit is named.
func fill(r *web.Request, s Sheet, versions []Version) (filled, error) {
	f, ok := r.Pack.Forms.Get(s.Form)
	if !ok {
		return filled{}, fault.Of(fault.NotFound, "the pack has no form %s", s.Form)
	}
	v := filled{Sheet: s, Form: f, Asked: f.Ready.On(clock.Today(r.Now)), Stands: map[string]standing{}}
	byQuestion := map[string][]Version{}
	for _, one := range versions {
		byQuestion[one.Question] = append(byQuestion[one.Question], one)
	}
	given := form.Answers{}
	for question, all := range byQuestion {
		now := standingOf(all)
		v.Stands[question] = now
		a := now.Answer()
		if _, there := v.Asked.Question(question); !there { // nobody asks it any more: all that stands is shown
			a = now.Shown()
		}
		if !a.Empty() {
			given[question] = a
		}
	}
	v.Asked = offered(r.Pack, v.Asked, given)
	v.Opened = v.Asked.Reopen(given)
	v.Facts = v.Asked.Facts(v.Opened.Answers)
	return v, nil
}

// shownAnswer is what stands in the fields of a question.
func (f filled) shownAnswer(q string) form.Answer {
	if now := f.Stands[q]; len(now.Draft) > 0 {
		return now.Shown()
	}
	return f.Opened.Answers[q]
}

// Answers are what counts as answered.
func (f filled) Answers() form.Answers { return f.Opened.Answers }

// offered fills what the pack leaves to the room: lists that stand elsewhere in it. An imported check is shown whole,
// since its conditions look at facts that only the check itself knows.
func offered(p *pack.Pack, f form.Form, given form.Answers) form.Form {
	setting := given["setting"].One()
	for i := range f.Pages {
		if f.ID == formConcern {
			f.Pages[i].When = rule.Rule{}
		}
		for j := range f.Pages[i].Questions {
			q := &f.Pages[i].Questions[j]
			switch q.OptionsFrom {
			case "settings":
				for _, s := range p.Settings.All() {
					q.Options = append(q.Options, form.Option{ID: s.ID, Says: s.Name})
				}
			case "areas":
				for _, a := range p.Areas.All() {
					q.Options = append(q.Options, form.Option{ID: a.ID, Says: a.Name})
				}
			case "signs":
				q.Options = signsOf(p, setting)
			case "ticked":
				for _, o := range signsOf(p, setting) {
					if given["signs"].Is(o.ID) {
						q.About = append(q.About, o)
					}
				}
			}
		}
	}
	return f
}

// sheets reads all that stands on the sheets of a case.
func (c *Casework) sheets(r *web.Request, k Case, key seal.Key) ([]filled, error) {
	rows, err := sheetsOf(r.Tx, k.ID)
	if err != nil {
		return nil, err
	}
	versions, err := standingIn(r.Tx, key, k.ID, "")
	if err != nil {
		return nil, err
	}
	bySheet := map[string][]Version{}
	for _, v := range versions {
		bySheet[v.Sheet] = append(bySheet[v.Sheet], v)
	}
	var all []filled
	for _, s := range rows {
		if err := s.unseal(key); err != nil {
			return nil, err
		}
		one, err := fill(r, s, bySheet[s.ID])
		if errors.Is(err, fault.NotFound) { // a form that this pack no longer has: its answers stay, and are shown bare
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("fill a sheet: %w", err)
		}
		all = append(all, one)
	}
	return all, nil
}

// of gives the sheets of one form that are in use.
func of(all []filled, formID string) []filled {
	var out []filled
	for _, f := range all {
		if f.Sheet.Form == formID && f.Sheet.RetiredAt.IsZero() {
			out = append(out, f)
		}
	}
	return out
}
