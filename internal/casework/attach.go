package casework

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// What is done with files, for the log. Their words stand under audit.act.
const (
	FileAdded    audit.Act = "case.file.added"
	FileTaken    audit.Act = "case.file.taken"
	FileRefused  audit.Act = "case.file.refused"
	FileScanned  audit.Act = "case.file.scanned"
	FileInfected audit.Act = "case.file.infected"
)

const filesPerPage = 50

func (c *Casework) attachRoutes() []web.Route {
	return []web.Route{
		web.Get("/cases/{ref}/files", access.ReadCases, c.files),
		web.Post("/cases/{ref}/files/{once}", access.WriteCases, c.attach, web.Upload(attachLimit+2<<20), web.Prepare(c.prepareFile)),
		web.Get("/cases/{ref}/files/{file}/get", access.ReadCases, c.takeFile),
	}
}

// files lists what is attached, and takes more.
func (c *Casework) files(r *web.Request) (web.Reply, error) {
	k, key, err := c.open(r)
	if err != nil {
		return nil, err
	}
	return c.filesPage(r, k, key, filesView{}, http.StatusOK)
}

func (c *Casework) filesPage(r *web.Request, k Case, key seal.Key, v filesView, status int) (web.Reply, error) {
	page := pageNumber(r)
	all, err := attachmentsOf(r.Tx, key, k.ID, filesPerPage+1, (page-1)*filesPerPage)
	if err != nil {
		return nil, err
	}
	v.Case, v.MayWrite, v.Page, v.More = k, mayWrite(r, k), page, len(all) > filesPerPage
	v.Send, v.Form = k.Path("files", db.NewID(r.Now)), attachForm(r)
	names := c.names(r)
	for _, a := range all[:min(len(all), filesPerPage)] {
		v.Files = append(v.Files, fileViewOf(r, k, a, names))
	}
	return c.pageWith(r, web.Head{Status: status}, k, "files", filesPage(v))
}

func attachForm(r *web.Request) form.Form {
	about := form.Question{ID: "about", Kind: form.Line, Max: 300, Says: r.Say("case.file.about"), Hint: r.Say("case.file.about.hint")}
	when := form.Question{ID: "when", Kind: form.Day, Days: form.NotFuture, Says: r.Say("case.file.when"), Hint: r.Say("case.note.when.hint")}
	return form.Form{ID: "file", Version: 1, Pages: []form.Page{{ID: "file", Questions: []form.Question{about, when}}}}.On(clock.Today(r.Now))
}

// prepared is a file that was looked at, painted anew and sealed onto the disk before the transaction began.
type prepared struct {
	id      string
	kind    attachKind
	size    int64
	name    string
	state   string
	scan    string
	refused attachRefusal
	already bool // the same page was sent before
}

// refusedNone and refusedSeveral are what a form without exactly one file says.
const (
	refusedNone    attachRefusal = "none"
	refusedSeveral attachRefusal = "several"
)

// prepareFile does all that takes time. It asks for the case first: nobody has a file looked at for a record that they
// may not write in.
func (c *Casework) prepareFile(r *web.Request) (any, error) {
	var k Case
	var key seal.Key
	made := prepared{id: db.NewID(r.Now), state: fileReady, scan: scanNone}
	err := c.DB.Read(r.Context(), r.Who.ID, func(tx *db.Tx) (err error) {
		r.Tx = tx
		defer func() { r.Tx = nil }()
		if k, key, err = c.enter(r); err != nil {
			return err
		}
		if !onceMade.MatchString(r.PathValue("once")) {
			return fault.Of(fault.NotFound, "an id that no page made")
		}
		_, err = attachedOnce(tx, k.ID, r.Who.ID, r.PathValue("once"))
		made.already = err == nil
		if goneMeanwhile(err) {
			err = nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if sent := r.Sent("file"); made.already {
	} else if len(sent) == 0 || len(sent) == 1 && sent[0].Name == "" {
		made.refused = refusedNone
	} else if len(sent) > 1 {
		made.refused = refusedSeveral
	} else if err := c.look(r, key, sent[0], &made); err != nil {
		return nil, err
	}
	return made, nil
}

// look says what a file is, asks the scanner, and keeps what may be kept.
func (c *Casework) look(r *web.Request, key seal.Key, sent web.Sent, made *prepared) error {
	made.name = sent.Name
	body := sent.Body
	if made.kind, made.refused = sift(body); made.refused != "" {
		return nil
	}
	if c.Scanner != nil {
		found, err := c.Scanner.Scan(r.Context(), body)
		switch {
		case found != "":
			made.refused = refusedInfected
			return nil
		case err != nil: // it stays shut until the scanner could look; the reason is the operator's to mend
			made.state, made.scan = fileWaiting, scanLater
		default:
			made.scan = scanClean
		}
	}
	if made.kind.picture {
		if body, made.kind, made.refused = repaint(made.kind, body); made.refused != "" {
			return nil
		}
	}
	made.size = int64(len(body))
	return c.keepFile(key, made.id, body)
}

// attach writes the row of a file that is on disk already.
func (c *Casework) attach(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	made, ok := r.Prepared.(prepared)
	if !ok {
		return nil, errors.New("a file arrived without having been looked at")
	}
	once := r.PathValue("once")
	if _, err := attachedOnce(r.Tx, k.ID, r.Who.ID, once); err == nil {
		if !made.already { // two that were sent at the same time
			r.Tx.Later(func() { _ = os.Remove(c.filePath(made.id)) })
		}
		return web.Redirect(k.Path("files")), nil
	} else if !goneMeanwhile(err) {
		return nil, err
	}
	answers, problems := attachForm(r).Read(r.PostForm)
	if answers["about"].Words == "" && len(problems) == 0 {
		problems = append(problems, form.Problem{Question: "about", Field: "q.about", Reason: "case.file.missing.about"})
	}
	if made.refused != "" || len(problems) > 0 {
		if made.refused == "" {
			r.Tx.Later(func() { _ = os.Remove(c.filePath(made.id)) })
		} else {
			r.Trace(audit.Entry{Act: FileRefused, Case: k.ID, Of: string(made.refused)})
		}
		return c.filesPage(r, k, key, filesView{Refused: refusedWords(r, made.refused), Answers: answers, Problems: problems}, http.StatusUnprocessableEntity)
	}
	a := Attachment{ID: made.id, Kind: made.kind, Size: made.size, State: made.state, Scan: made.scan}
	a.attachWords = attachWords{seal.Hide(made.name), seal.Hide(answers["about"].Words), answers["when"].Words}
	if err := addAttachment(r.Tx, key, k.ID, once, a); err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: FileAdded, Case: k.ID, Of: a.ID})
	return web.Redirect(k.Path("files")), nil
}

func refusedWords(r *web.Request, why attachRefusal) string {
	if why == "" {
		return ""
	}
	return r.Say("case.file.no." + string(why))
}

// takeFile hands out a file, to be saved and never to be shown, under a name that says nothing.
func (c *Casework) takeFile(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	a, err := attachmentAt(r.Tx, key, k.ID, r.PathValue("file"))
	if err != nil {
		return nil, fmt.Errorf("take a file: %w", err)
	}
	if a.State != fileReady {
		r.Trace(audit.Entry{Act: audit.CaseViewed, Case: k.ID, Of: pageOf(r)})
		return c.pageWith(r, web.Head{Status: http.StatusConflict}, k, "files", fileShutPage(fileViewOf(r, k, a, c.names(r)), k.Path("files")))
	}
	body, err := c.fileOf(key, a.ID)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: FileTaken, Case: k.ID, Of: a.ID})
	return web.FilePrivate(a.neutralName(), a.Kind.mime, body), nil
}

// neutralName is under what a file is saved: nothing of the child, and nothing of what it was called.
func (a Attachment) neutralName() string { return "file-" + a.ID[len(a.ID)-6:] + a.Kind.ending }

type filesView struct {
	Case     Case
	MayWrite bool
	Send     string
	Form     form.Form
	Answers  form.Answers
	Problems []form.Problem
	Refused  string
	Files    []fileView
	Page     int
	More     bool
}

type fileView struct {
	Get, Save   string // where it is taken, and under which name it is saved
	About, Name seal.Text
	When        string
	Kind, Added string
	State       string // what to know before it is taken
}

func fileViewOf(r *web.Request, k Case, a Attachment, names *nameBook) fileView {
	v := fileView{
		Save: a.neutralName(), About: a.About, Name: a.Name, When: whenWords(r, a.When),
		Kind:  r.Say("case.file.kind."+a.Kind.id, "size", sizeWords(a.Size)),
		Added: r.Say("case.file.added", "name", names.of(a.Author), "when", momentWords(r, a.AddedAt)),
	}
	switch {
	case a.State == fileReady && a.Scan == scanNone:
		v.Get, v.State = k.Path("files", a.ID, "get"), r.Say("case.file.scan.none")
	case a.State == fileReady:
		v.Get = k.Path("files", a.ID, "get")
	default:
		v.State = r.Say("case.file.state." + a.State)
	}
	return v
}

// sizeWords is a size as people say it.
func sizeWords(n int64) string {
	switch {
	case n < 1_000:
		return strconv.FormatInt(n, 10) + " bytes"
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1_000, 10) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1_000_000, 'f', 1, 64) + " MB"
}
