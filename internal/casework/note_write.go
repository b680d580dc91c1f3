package casework

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// noteDraft is what somebody is writing and has not put into the record yet. It is sealed like the record itself.
type noteDraft struct {
	Once    string // made with the page; the note keeps it, so that it is put in once
	Case    string
	Note    string // the note it would correct, or newNote
	Base    int64  // the version that its writer saw
	SavedAt time.Time
	noteTyped

	version int64
}

// noteTyped is what is sealed of a draft.
type noteTyped struct {
	Answers form.Answers     `json:"answers,omitempty"`
	Saves   map[string]int64 `json:"saves,omitempty"` // how often each question was saved
	Aside   []asideWords     `json:"aside,omitempty"` // what stood in a field that another window wrote into
}

// asideWords are words that another window took the place of. They are shown until the draft is put in or thrown away.
type asideWords struct {
	Question string `json:"question"`
	Words    string `json:"words"`
}

// starts are the first words of a draft, for the list of them.
func (d noteDraft) starts() seal.Text {
	for _, q := range []string{"words", "said", "teller", "record"} {
		if words := []rune(d.Answers[q].Shown()); len(words) > 0 {
			if len(words) > 80 {
				words = append(words[:79], '…')
			}
			return seal.Hide(string(words))
		}
	}
	return seal.Text{}
}

// write puts an answer into the draft. based is what the window had seen of it: words of another window are kept aside.
func (d *noteDraft) write(q form.Question, a form.Answer, based int64) {
	if d.Answers == nil {
		d.Answers, d.Saves = form.Answers{}, map[string]int64{}
	}
	stood := d.Answers[q.ID]
	if based < d.Saves[q.ID] && stood.Shown() != a.Shown() && (q.Kind == form.Long || q.Kind == form.Line) && stood.Shown() != "" && !strings.HasPrefix(a.Shown(), stood.Shown()) {
		d.Aside = append(d.Aside, asideWords{q.ID, stood.Shown()})
	}
	d.Answers[q.ID] = a
	d.Saves[q.ID]++
}

// noteAt finds the case, what is being written, and what it would correct.
func (c *Casework) noteAt(r *web.Request) (k Case, key seal.Key, correcting *Note, err error) {
	k, key, err = c.writer(r)
	if err != nil {
		return k, key, nil, err
	}
	if id := r.PathValue("note"); id != newNote {
		versions, err := noteVersions(r.Tx, key, k.ID, id)
		if err != nil {
			return k, key, nil, err
		}
		correcting = &versions[len(versions)-1]
	}
	return k, key, correcting, nil
}

// noteWrite is an empty page to write on, or the newest version of a note to correct.
func (c *Casework) noteWrite(r *web.Request) (web.Reply, error) {
	k, _, correcting, err := c.noteAt(r)
	if err != nil {
		return nil, err
	}
	d := noteDraft{Once: db.NewID(r.Now), Case: k.ID, Note: newNote}
	if correcting != nil {
		d.Note, d.Base, d.Answers = correcting.ID, correcting.Version, correcting.answersOf()
	}
	return c.noteForm(r, k, d, correcting, nil, http.StatusOK)
}

// noteDraft goes on with what was begun.
func (c *Casework) noteDraft(r *web.Request) (web.Reply, error) {
	k, key, correcting, err := c.noteAt(r)
	if err != nil {
		return nil, err
	}
	d, err := noteDraftAt(r.Tx, key, k.ID, r.Who.ID, r.PathValue("note"), r.PathValue("once"))
	if goneMeanwhile(err) { // it is in the record already: somebody came back to the page
		id, err := noteOnce(r.Tx, k.ID, r.Who.ID, r.PathValue("once"))
		if err != nil {
			return nil, err
		}
		return web.Redirect(k.Path("notes", id)), nil
	}
	if err != nil {
		return nil, err
	}
	return c.noteForm(r, k, d, correcting, nil, http.StatusOK)
}

// sent finds the draft that a post is about, or begins one. What is in the record already is named by its note.
func (c *Casework) sent(r *web.Request, key seal.Key, k Case) (d noteDraft, note string, err error) {
	once := r.PathValue("once")
	if !onceMade.MatchString(once) {
		return d, "", fault.Of(fault.NotFound, "an id that no page made")
	}
	if note, err = noteOnce(r.Tx, k.ID, r.Who.ID, once); err == nil || !goneMeanwhile(err) {
		return d, note, err
	}
	d, err = noteDraftAt(r.Tx, key, k.ID, r.Who.ID, r.PathValue("note"), once)
	if goneMeanwhile(err) {
		base, _ := strconv.ParseInt(r.FormValue("base"), 10, 64)
		d, err = noteDraft{Once: once, Case: k.ID, Note: r.PathValue("note"), Base: base}, nil
	}
	return d, "", err
}

// noteSave keeps one field while it is written, or without scripts the whole page for later.
func (c *Casework) noteSave(r *web.Request) (web.Reply, error) {
	k, key, correcting, err := c.noteAt(r)
	if err != nil {
		return nil, err
	}
	d, note, err := c.sent(r, key, k)
	if err != nil {
		return nil, err
	}
	question := r.PostForm.Get("question")
	asked := noteForm(r, correcting != nil)
	if question == "" {
		if note != "" {
			return web.Redirect(k.Path("notes", note)), nil
		}
		for _, q := range asked.Questions() {
			a, _ := q.Read(r.PostForm)
			d.write(q, a, d.Saves[q.ID])
		}
		if err := keepNoteDraft(r.Tx, key, &d); err != nil {
			return nil, err
		}
		return web.Redirect(k.Path("notes")), nil
	}
	q, ok := asked.Question(question)
	if !ok {
		return nil, fault.Of(fault.NotFound, "a question that no note has")
	}
	if note != "" { // another window put it into the record: there is nothing to save it into
		return keptReply("conflict", r.Say("case.note.in-record"), "0")
	}
	a, problems := q.Read(r.PostForm)
	based, _ := strconv.ParseInt(r.PostForm.Get("based"), 10, 64)
	d.write(q, a, based)
	if err := keepNoteDraft(r.Tx, key, &d); err != nil {
		return nil, err
	}
	state, says := "saved", r.Say("case.note.kept", "time", hour(r.Now))
	if len(problems) > 0 {
		state = "draft"
	}
	return keptReply(state, says, strconv.FormatInt(d.Saves[q.ID], 10))
}

// notePut puts a note into the record. What does not hold yet is kept as a draft, beside what is to mend.
func (c *Casework) notePut(r *web.Request) (web.Reply, error) {
	k, key, correcting, err := c.noteAt(r)
	if err != nil {
		return nil, err
	}
	d, note, err := c.sent(r, key, k)
	if err != nil {
		return nil, err
	}
	if note != "" { // it was sent again
		return web.Redirect(k.Path("notes", note)), nil
	}
	asked := noteForm(r, correcting != nil)
	answers, problems := asked.Read(r.PostForm)
	said := ""
	if correcting != nil {
		said = correcting.Said.Reveal()
	}
	problems = append(problems, noteProblems(answers, said)...)
	if base, err := strconv.ParseInt(r.FormValue("base"), 10, 64); err == nil {
		d.Base = base
	}
	meanwhile := correcting != nil && d.Base != correcting.Version
	if len(problems) > 0 || meanwhile {
		for _, q := range asked.Questions() {
			d.write(q, answers[q.ID], d.Saves[q.ID])
		}
		if meanwhile {
			d.Base = correcting.Version
		}
		if err := keepNoteDraft(r.Tx, key, &d); err != nil {
			return nil, err
		}
		if meanwhile {
			return c.noteFormMeanwhile(r, k, d, correcting, problems)
		}
		return c.noteForm(r, k, d, correcting, problems, http.StatusUnprocessableEntity)
	}
	n := Note{ID: db.NewID(r.Now), Version: 1, Source: answers["how"].One(), noteWords: noteFrom(answers)}
	act := NoteAdded
	if correcting != nil {
		n.ID, n.Version, act = correcting.ID, correcting.Version+1, NoteCorrected
		n.Said, n.Language = correcting.Said, correcting.Language
	}
	if err := addNote(r.Tx, key, k.ID, d.Once, n); err != nil {
		return nil, err
	}
	if err := dropNoteDraft(r.Tx, k.ID, r.Who.ID, d.Once); err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: act, Case: k.ID, Of: n.ID + "@" + strconv.FormatInt(n.Version, 10)})
	return web.Redirect(k.Path("notes", n.ID)), nil
}

// noteDiscard throws a draft away. It was never part of the record.
func (c *Casework) noteDiscard(r *web.Request) (web.Reply, error) {
	k, _, err := c.writer(r)
	if err != nil {
		return nil, err
	}
	if err := dropNoteDraft(r.Tx, k.ID, r.Who.ID, r.PathValue("once")); err != nil {
		return nil, err
	}
	return web.Redirect(k.Path("notes")), nil
}

func (c *Casework) noteForm(r *web.Request, k Case, d noteDraft, correcting *Note, problems []form.Problem, status int) (web.Reply, error) {
	return c.pageWith(r, web.Head{Status: status}, k, "notes", noteFormPage(c.noteFormView(r, k, d, correcting, problems)))
}

// noteFormMeanwhile shows the words of both: what somebody else made of the note, and what this person wrote. Nothing is
// in the record until one of them has read the other.
func (c *Casework) noteFormMeanwhile(r *web.Request, k Case, d noteDraft, correcting *Note, problems []form.Problem) (web.Reply, error) {
	v := c.noteFormView(r, k, d, correcting, problems)
	v.Meanwhile = r.Say("case.note.meanwhile", "name", c.names(r).of(correcting.By), "when", momentWords(r, correcting.VersionAt))
	v.Theirs = wordDiff(d.Answers["words"].Words, correcting.Words.Reveal())
	return c.pageWith(r, web.Head{Status: http.StatusConflict}, k, "notes", noteFormPage(v))
}

func (c *Casework) noteFormView(r *web.Request, k Case, d noteDraft, correcting *Note, problems []form.Problem) noteFormView {
	path := k.Path("notes", d.Note, "drafts", d.Once)
	v := noteFormView{
		Case: k, Form: noteForm(r, correcting != nil), Draft: d, Problems: problems, Back: k.Path("notes"),
		Put: path + "?base=" + strconv.FormatInt(d.Base, 10), Save: path + "/save?base=" + strconv.FormatInt(d.Base, 10),
	}
	if d.version > 0 {
		v.Discard = path + "/discard"
	}
	if correcting != nil {
		v.Correcting, v.Back = true, k.Path("notes", correcting.ID)
		v.Said, v.Language = correcting.Said, correcting.Language
	}
	return v
}
