package casework

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// mostEvents is how much of each kind a chronology draws; a record with more says so.
const mostEvents = 5_000

func (c *Casework) chronologyRoutes() []web.Route {
	return []web.Route{web.Get("/cases/{ref}/chronology", access.ReadCases, c.chronology)}
}

// chronology draws everything dated into one line of time. The address of a placement is no part of it.
func (c *Casework) chronology(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	events, err := c.events(r, k, key)
	if err != nil {
		return nil, err
	}
	asked, wrong := readChosen(r.URL.Query())
	v := chronologyView{Case: k, Narrowed: asked.any(), Wrong: wrong, From: asked.From.String(), To: asked.To.String(), Cut: len(events) >= mostEvents}
	for _, kind := range eventKinds {
		v.Kinds = append(v.Kinds, web.Choice{Value: kind, Says: r.Say("case.chronology.kind." + kind), Picked: slices.Contains(asked.Kinds, kind)})
	}
	for _, source := range eventSources {
		v.Sources = append(v.Sources, web.Choice{Value: source, Says: r.Say("case.chronology.source." + source), Picked: slices.Contains(asked.Sources, source)})
	}
	dated, undated := chronology(asked.of(events))
	names := c.names(r)
	for _, e := range dated {
		v.Lines = append(v.Lines, lineOf(r, e, names))
	}
	for _, e := range undated {
		v.Undated = append(v.Undated, lineOf(r, entry{event: e}, names))
	}
	return c.page(r, k, "chronology", chronologyPage(v))
}

func readChosen(q url.Values) (c chosen, wrong bool) {
	for _, kind := range q["kind"] {
		if slices.Contains(eventKinds, kind) {
			c.Kinds = append(c.Kinds, kind)
		}
	}
	for _, source := range q["source"] {
		if slices.Contains(eventSources, source) {
			c.Sources = append(c.Sources, source)
		}
	}
	for name, day := range map[string]*clock.Date{"from": &c.From, "to": &c.To} {
		if typed := strings.TrimSpace(q.Get(name)); typed != "" {
			var err error
			if *day, err = clock.ParseDate(typed); err != nil {
				wrong = true
			}
		}
	}
	return c, wrong
}

// events gathers all that is dated, and all notes.
func (c *Casework) events(r *web.Request, k Case, key seal.Key) ([]event, error) {
	all := []event{{When: knownAt(k.OpenedAt), Kind: "opened", Source: "done", Title: r.Say("case.chronology.opened"), Author: k.OpenedBy, Written: k.OpenedAt, Href: k.Path()}}
	if !k.FirstDayAt.IsZero() {
		all = append(all, event{When: knownAt(k.FirstDayAt), Kind: "first-day", Source: "done", Title: r.Say("case.chronology.first-day"), Author: k.FirstDayBy, Written: k.FirstDayAt, Href: k.Path("tonight")})
	}
	for _, gather := range []func(*web.Request, Case, seal.Key) ([]event, error){c.noteEvents, c.fileEvents, c.answerEvents, c.missingEvents} {
		more, err := gather(r, k, key)
		if err != nil {
			return nil, fmt.Errorf("draw a chronology: %w", err)
		}
		all = append(all, more...)
	}
	return all, nil
}

func (c *Casework) noteEvents(r *web.Request, k Case, key seal.Key) ([]event, error) {
	notes, err := notesOf(r.Tx, key, k.ID, mostEvents, 0)
	var all []event
	for _, n := range notes {
		e := event{Kind: "note", Source: n.Source, Title: r.Say("case.note.title"), Said: n.Said, Language: n.Language, Words: n.Words, Href: k.Path("notes", n.ID), Author: n.Author, Written: n.WrittenAt, ID: n.ID}
		e.When, _ = form.ParseKnown(n.When) // what does not read is undated
		if n.Source == sourceTold {
			e.Who = n.Teller
		} else if n.Source == sourceRecord {
			e.Who = n.Record
		}
		all = append(all, e)
	}
	return all, err
}

func (c *Casework) fileEvents(r *web.Request, k Case, key seal.Key) ([]event, error) {
	files, err := attachmentsOf(r.Tx, key, k.ID, mostEvents, 0)
	var all []event
	for _, f := range files {
		if when, err := form.ParseKnown(f.When); err == nil {
			all = append(all, event{When: when, Kind: "file", Source: sourceRecord, Title: r.Say("case.chronology.file"), Words: f.About, Href: k.Path("files"), Author: f.Author, Written: f.AddedAt, ID: f.ID})
		}
	}
	return all, err
}

// answerEvents are the answers of sheets that are days. Sheets that are opened with a reason only are no part of it.
func (c *Casework) answerEvents(r *web.Request, k Case, key seal.Key) ([]event, error) {
	sheets, err := c.sheets(r, k, key)
	if err != nil {
		return nil, err
	}
	var all []event
	for _, s := range sheets {
		if s.Form.Reason || !s.Sheet.RetiredAt.IsZero() {
			continue
		}
		title := sheetTitle(r, s)
		for _, q := range s.Asked.Questions() {
			a := s.Answers()[q.ID]
			if (q.Kind != form.Day && q.Kind != form.Moment) || a.Words == "" {
				continue
			}
			when, err := form.ParseKnown(a.Words)
			if err != nil {
				continue
			}
			e := event{When: when, Kind: "answer", Source: "form", Title: q.Says, Words: seal.Hide(title), Href: k.sheetPath(s.Sheet), ID: s.Sheet.ID + q.ID}
			if s.Sheet.Source.Kind != "" {
				e.Source = "import"
			}
			if last, ok := s.Stands[q.ID].Last(); ok {
				e.Author, e.Written = last.Author, last.At
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// missingEvents are the presses of "missing now", and the calls to the police, which the log keeps.
func (c *Casework) missingEvents(r *web.Request, k Case, _ seal.Key) ([]event, error) {
	seen, err := audit.OfCase(r.Tx, k.ID, audit.Look{Acts: []audit.Act{"case.missing-now", "case.missing.rung"}, Limit: mostEvents})
	var all []event
	for _, s := range seen {
		e := event{When: knownAt(s.At), Kind: "missing", Source: "done", Title: r.Say("case.chronology.missing"), Author: s.Who, Written: s.At, Href: k.Path("sheets", formMissing)}
		if s.Act == "case.missing.rung" {
			e.Kind, e.Title = "rung", r.Say("case.chronology.rung")
		}
		all = append(all, e)
	}
	return all, err
}

type chronologyView struct {
	Case           Case
	Lines, Undated []eventLine
	Kinds, Sources []web.Choice
	From, To       string
	Narrowed       bool
	Cut            bool // there is more than was drawn
	Wrong          bool // a day of the period does not read
}

// eventLine is a line of the chronology, in words.
type eventLine struct {
	When     string
	Gap      string // of a time of which nothing is known
	Title    string
	How      string
	Who      seal.Text
	Said     seal.Text
	Language seal.Text
	Words    seal.Text
	Href     string
	Written  string
}

func lineOf(r *web.Request, e entry, names *nameBook) eventLine {
	if e.Gap {
		return eventLine{Gap: r.Say("case.chronology.gap", "from", e.From.Words(), "to", e.To.Words())}
	}
	v := eventLine{Language: e.Language, Title: e.Title, How: r.Say("case.chronology.source." + e.Source), Who: e.Who, Said: e.Said, Words: e.Words, Href: e.Href}
	if e.When != (form.Known{}) {
		v.When = form.DayInWords(e.When.String(), web.FormSay(r.Words))
	}
	if e.Source != "done" {
		v.Written = r.Say("case.note.written", "name", names.of(e.Author), "when", momentWords(r, e.Written))
	} else {
		v.Written = r.Say("case.chronology.by", "name", names.of(e.Author))
	}
	return v
}
