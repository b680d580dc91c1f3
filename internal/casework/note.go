package casework

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// Note is something that somebody wrote down about a child, in its newest version or an earlier one. When it happened
// and when it was written are two things.
type Note struct {
	ID        string
	Author    string // of the first version
	WrittenAt time.Time
	Latest    int64 // the newest version there is

	Version   int64 // this one
	By        string
	VersionAt time.Time
	Source    string // how it is known: seen, said, told or record
	noteWords
}

// noteWords is what is sealed of a version.
type noteWords struct {
	When     string    // as form.Known writes it; "" when nobody knows
	Teller   seal.Text // who told it
	Record   seal.Text // in which record it stands
	Said     seal.Text // the child's own words, as they were spoken: no later version changes them
	Language seal.Text // in which language, and through whom
	Words    seal.Text
	Why      seal.Text // why it was corrected
}

type noteJSON struct {
	When     string `json:"when,omitempty"`
	Teller   string `json:"teller,omitempty"`
	Record   string `json:"record,omitempty"`
	Said     string `json:"said,omitempty"`
	Language string `json:"language,omitempty"`
	Words    string `json:"words,omitempty"`
	Why      string `json:"why,omitempty"`
}

func (n noteWords) kept() noteJSON {
	return noteJSON{n.When, n.Teller.Reveal(), n.Record.Reveal(), n.Said.Reveal(), n.Language.Reveal(), n.Words.Reveal(), n.Why.Reveal()}
}

func (n noteJSON) opened() noteWords {
	return noteWords{n.When, seal.Hide(n.Teller), seal.Hide(n.Record), seal.Hide(n.Said), seal.Hide(n.Language), seal.Hide(n.Words), seal.Hide(n.Why)}
}

// Corrected reports that this is not how the note was first written.
func (n Note) Corrected() bool { return n.Version > 1 }

// What is done with notes, for the log. Their words stand under audit.act.
const (
	NoteAdded     audit.Act = "case.note.added"
	NoteCorrected audit.Act = "case.note.corrected"
)

// newNote stands in an address for a note that is not in the record yet.
const newNote = "new"

// onceMade is an id that a page makes for what will be sent from it, so that what is sent twice counts once.
var onceMade = regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)

func (c *Casework) noteRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}/notes", access.ReadCases, c.notes),
		web.Get("/cases/{ref}/notes/{note}", access.ReadCases, c.noteShow),
		web.Get("/cases/{ref}/notes/{note}/versions/{version}", access.ReadCases, c.noteVersion),
		web.Get("/cases/{ref}/notes/{note}/write", access.WriteCases, c.noteWrite),
		web.Get("/cases/{ref}/notes/{note}/drafts/{once}", access.WriteCases, c.noteDraft),
		web.Post("/cases/{ref}/notes/{note}/drafts/{once}", access.WriteCases, c.notePut, web.MaxBody(sheetBytes), web.Verbatim),
		web.Post("/cases/{ref}/notes/{note}/drafts/{once}/save", access.WriteCases, c.noteSave, web.MaxBody(sheetBytes), web.Verbatim),
		web.Post("/cases/{ref}/notes/{note}/drafts/{once}/discard", access.WriteCases, c.noteDiscard),
	}
}

// writer opens the case for somebody who means to write in it, also where a page is only looked at so far.
func (c *Casework) writer(r *web.Request) (Case, seal.Key, error) {
	k, key, err := c.open(r)
	if err == nil && !mayWrite(r, k) {
		err = fault.Of(fault.Forbidden, "reads this case and does not write in it")
	}
	return k, key, err
}

func mayWrite(r *web.Request, k Case) bool {
	return slices.Contains(r.Who.TeamsFor(access.WriteCases), k.Team)
}

// notes lists what was written, the newest first, and what this person has not put into the record yet.
func (c *Casework) notes(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	page := pageNumber(r)
	all, err := notesOf(r.Tx, key, k.ID, notesPerPage+1, (page-1)*notesPerPage)
	if err != nil {
		return nil, err
	}
	v := notesView{Case: k, MayWrite: mayWrite(r, k), Page: page, More: len(all) > notesPerPage, Write: k.Path("notes", newNote, "write")}
	names := c.names(r)
	for _, n := range all[:min(len(all), notesPerPage)] {
		v.Notes = append(v.Notes, noteViewOf(r, k, n, names))
	}
	drafts, err := noteDraftsOf(r.Tx, key, k.ID, r.Who.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		v.Drafts = append(v.Drafts, draftView{Path: k.Path("notes", d.Note, "drafts", d.Once), SavedAt: momentWords(r, d.SavedAt), Starts: d.starts(), Of: d.Note != newNote})
	}
	return c.page(r, k, "notes", notesPage(v))
}

const notesPerPage = 25

func pageNumber(r *web.Request) int {
	n, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || n < 1 || n > 10_000 {
		return 1
	}
	return n
}

// noteShow shows one note as it stands, and what it was before.
func (c *Casework) noteShow(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	versions, err := noteVersions(r.Tx, key, k.ID, r.PathValue("note"))
	if err != nil {
		return nil, err
	}
	names := c.names(r)
	last := versions[len(versions)-1]
	v := noteShowView{Case: k, Note: noteViewOf(r, k, last, names)}
	if mayWrite(r, k) {
		v.Correct = k.Path("notes", last.ID, "write")
	}
	for _, earlier := range slices.Backward(versions[:len(versions)-1]) {
		v.Earlier = append(v.Earlier, earlierView{
			Path: k.Path("notes", last.ID, "versions", strconv.FormatInt(earlier.Version, 10)),
			Says: r.Say("case.note.version", "number", strconv.FormatInt(earlier.Version, 10), "name", names.of(earlier.By), "when", momentWords(r, earlier.VersionAt)),
		})
	}
	return c.page(r, k, "notes", noteShowPage(v))
}

// noteVersion shows an earlier version, and word by word what the next one changed.
func (c *Casework) noteVersion(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	versions, err := noteVersions(r.Tx, key, k.ID, r.PathValue("note"))
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(r.PathValue("version"))
	if err != nil || number < 1 || number > len(versions) {
		return nil, fault.Of(fault.NotFound, "a version that the note does not have")
	}
	names := c.names(r)
	shown := versions[number-1]
	v := noteVersionView{Case: k, Note: noteViewOf(r, k, shown, names), Number: strconv.Itoa(number), Back: k.Path("notes", shown.ID)}
	if number < len(versions) {
		after := versions[number]
		v.Next = &nextView{
			Says: r.Say("case.note.changed", "name", names.of(after.By), "when", momentWords(r, after.VersionAt)),
			Why:  after.Why, Words: wordDiff(shown.Words.Reveal(), after.Words.Reveal()), Fields: noteChanges(r, shown, after),
		}
	}
	return c.page(r, k, "notes", noteVersionPage(v))
}

// noteChanges tells what a later version says differently, besides its words.
func noteChanges(r *web.Request, before, after Note) []noteChange {
	var all []noteChange
	for _, f := range []struct {
		key      string
		from, to string
	}{
		{"case.note.when", whenWords(r, before.When), whenWords(r, after.When)},
		{"case.note.known", sourceWords(r, before), sourceWords(r, after)},
		{"case.note.language", before.Language.Reveal(), after.Language.Reveal()},
	} {
		if f.from != f.to {
			all = append(all, noteChange{Says: r.Say(f.key), From: seal.Hide(f.from), To: seal.Hide(f.to)})
		}
	}
	return all
}

// names remembers how colleagues are called, for one page.
func (c *Casework) names(r *web.Request) *nameBook {
	return &nameBook{c: c, r: r, known: map[string]string{}}
}

type nameBook struct {
	c     *Casework
	r     *web.Request
	known map[string]string
}

// of is how a person is called; the program itself and somebody whom nobody knows any more have words of their own.
func (b *nameBook) of(person string) string {
	if name, known := b.known[person]; known {
		return name
	}
	name := b.r.Say("case.former")
	if person == "" {
		name = b.r.Say("case.program")
	} else if called, err := b.c.People.Called(b.r.Tx, person); err == nil && !called.Empty() {
		name = called.Reveal()
	}
	b.known[person] = name
	return name
}

// momentWords is a moment as people say it: 24 November 2026 at 15:40, on the clocks of London.
func momentWords(r *web.Request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return r.Say("web.form.at", "day", clock.Today(t).Words(), "time", t.In(clock.London).Format("15:04"))
}

// whenWords is the day of an event as far as somebody knows it.
func whenWords(r *web.Request, written string) string {
	if written == "" {
		return r.Say("case.note.when.none")
	}
	return form.DayInWords(written, web.FormSay(r.Words))
}

func sourceWords(r *web.Request, n Note) string {
	switch {
	case n.Source == sourceTold && !n.Teller.Empty():
		return r.Say("case.note.from.told", "who", n.Teller.Reveal())
	case n.Source == sourceRecord && !n.Record.Empty():
		return r.Say("case.note.from.record", "which", n.Record.Reveal())
	}
	return r.Say("case.note.source." + n.Source)
}

// goneMeanwhile reports what is no failure of ours: the row is not there.
func goneMeanwhile(err error) bool { return errors.Is(err, fault.NotFound) }

func wrapNote(err error) error {
	if err == nil || goneMeanwhile(err) {
		return err
	}
	return fmt.Errorf("note: %w", err)
}
