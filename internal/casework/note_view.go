package casework

import (
	"encoding/json"
	"fmt"

	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// noteView is a note as its page says it.
type noteView struct {
	Path      string
	When      string // of the event
	How       seal.Text
	Said      seal.Text
	Language  seal.Text
	Words     seal.Text
	Written   string // by whom, and when
	Corrected string // the same of the newest version; "" for a first one
}

func noteViewOf(r *web.Request, k Case, n Note, names *nameBook) noteView {
	v := noteView{
		Path: k.Path("notes", n.ID), When: whenWords(r, n.When), How: seal.Hide(sourceWords(r, n)), Said: n.Said, Language: n.Language, Words: n.Words,
		Written: r.Say("case.note.written", "name", names.of(n.Author), "when", momentWords(r, n.WrittenAt)),
	}
	if n.Corrected() {
		v.Corrected = r.Say("case.note.corrected", "name", names.of(n.By), "when", momentWords(r, n.VersionAt))
	}
	return v
}

type notesView struct {
	Case     Case
	MayWrite bool
	Write    string
	Notes    []noteView
	Drafts   []draftView
	Page     int
	More     bool
}

type draftView struct {
	Path    string
	SavedAt string
	Starts  seal.Text
	Of      bool // it corrects a note
}

type noteShowView struct {
	Case    Case
	Note    noteView
	Correct string
	Earlier []earlierView
}

type earlierView struct{ Path, Says string }

type noteVersionView struct {
	Case   Case
	Note   noteView
	Number string
	Back   string
	Next   *nextView // nil for the newest
}

// nextView is what the next version changed.
type nextView struct {
	Says   string
	Why    seal.Text
	Words  []diffPart
	Fields []noteChange
}

type noteChange struct {
	Says     string
	From, To seal.Text
}

type noteFormView struct {
	Case           Case
	Form           form.Form
	Draft          noteDraft
	Problems       []form.Problem
	Put, Save      string
	Discard, Back  string
	Correcting     bool
	Said, Language seal.Text
	Meanwhile      string
	Theirs         []diffPart
}

// keptReply tells the script that saves while somebody types what became of it.
func keptReply(state, says, based string) (web.Reply, error) {
	body, err := json.Marshal(savedReply{State: state, Says: says, Based: based})
	if err != nil {
		return nil, fmt.Errorf("write what was kept: %w", err)
	}
	return web.BytesPrivate("application/json", body), nil
}
