package casework

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/seal"
	"waymark/internal/web"
)

// importBytes is how much a post with a file may hold.
const importBytes = 512 << 10

// imported is a concern check's file that was read whole and found good.
type imported struct {
	Source  Source
	Answers form.Answers
}

// mostAnswers is more than any check has.
const mostAnswers = 100

var packVersion = regexp.MustCompile(`^[a-z0-9-]{1,40}@[A-Za-z0-9.+_-]{1,40}$`)

// readCheck reads the file of a concern check. What is not one is refused, and nothing of it is kept.
func readCheck(raw []byte, now time.Time) (imported, error) {
	file, err := form.Open(bytes.NewReader(raw))
	switch {
	case err != nil:
		return imported{}, err
	case file.Form != formConcern || file.Version < 1:
		return imported{}, fault.Of(fault.Invalid, "a file of another form")
	case !packVersion.MatchString(file.Pack):
		return imported{}, fault.Of(fault.Invalid, "a file of no pack")
	case file.At.IsZero() || file.At.After(now.Add(time.Hour)):
		return imported{}, fault.Of(fault.Invalid, "a file from no time that has been")
	case len(file.Answers) > mostAnswers:
		return imported{}, fault.Of(fault.Invalid, "a file with more answers than a check has questions")
	}
	for q, a := range file.Answers {
		if !plainID(q) || !plainAnswer(a) {
			return imported{}, fault.Of(fault.Invalid, "a file with something that no check writes")
		}
	}
	source := Source{Kind: formConcern, At: file.At, Pack: file.Pack, Version: file.Version}
	if setting := file.Answers["setting"].One(); plainID(setting) {
		source.Setting = setting
	}
	return imported{source, file.Answers}, nil
}

// plainAnswer reports an answer in whose codes stand codes, and in whose words no signs that are none.
func plainAnswer(a form.Answer) bool {
	codes := append(slices.Clone(a.Picked), a.Gap)
	words := []string{a.Words, a.Draft}
	for thing, o := range a.Observed {
		codes = append(codes, thing, o.How)
		words = append(words, o.Note)
	}
	for _, code := range codes {
		if code != "" && !plainID(code) {
			return false
		}
	}
	for _, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' }) {
			return false
		}
	}
	return len(a.Picked) <= 200 && len(a.Observed) <= 200
}

// sentCheck reads the file that came with the post. Why it was refused is in words, with the file's name.
func sentCheck(r *web.Request) (file *imported, refused string) {
	sent := r.Sent("check")
	if len(sent) != 1 || len(sent[0].Body) == 0 {
		return nil, r.Say("case.import.none")
	}
	got, err := readCheck(sent[0].Body, r.Now)
	if err != nil {
		return nil, r.Say("case.import.refused", "file", sent[0].Name)
	}
	return &got, ""
}

// importNew opens a record with what a concern check's file holds.
func (c *Casework) importNew(r *web.Request) (web.Reply, error) {
	file, refused := sentCheck(r)
	if refused != "" {
		v := newView{Once: onceOf(r), File: true, Refused: refused}
		if f, ok := r.Pack.Forms.Get(formOpen); ok {
			v.Answers, v.Problems = f.Ready.Read(r.PostForm)
		}
		return c.newPage(r, v)
	}
	return c.openWith(r, file)
}

// importView is the page on which a file is added to a record that is open already.
type importView struct {
	Case    Case
	Refused string
}

func (c *Casework) importForm(r *web.Request) (web.Reply, error) {
	k, _, err := c.open(r)
	if err != nil {
		return nil, err
	}
	return c.page(r, k, "sheets", importPage(importView{Case: k}))
}

// importInto adds the file of a concern check to a record that is open already.
func (c *Casework) importInto(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	file, refused := sentCheck(r)
	if refused != "" {
		return c.pageWith(r, web.Head{Status: 422}, k, "sheets", importPage(importView{k, refused}))
	}
	if err := c.take(r, k, key, *file); err != nil {
		return nil, err
	}
	return web.Redirect(k.Path("sheets")), nil
}

// take writes what a file holds beside the record. Its rows keep their source and have no author here: whoever brought
// the file did not see what it says.
func (c *Casework) take(r *web.Request, k Case, key seal.Key, file imported) error {
	same, err := c.taken(r, k, key, file)
	if err != nil || same {
		return err
	}
	s := Sheet{ID: db.NewID(r.Now), Case: k.ID, Form: formConcern, Source: file.Source, New: true}
	pinned := Version{Source: formConcern, Pack: file.Source.Pack, Form: file.Source.Version}
	if err := c.write(r, key, s, file.Answers, pinned); err != nil {
		return err
	}
	r.Trace(audit.Entry{Act: "case.check.imported", Case: k.ID, Of: "sheets/" + s.Address()})
	return nil
}

// taken reports that this very file is in the record already: a post that arrives twice adds it once.
func (c *Casework) taken(r *web.Request, k Case, key seal.Key, file imported) (bool, error) {
	rows, err := sheetsOf(r.Tx, k.ID)
	if err != nil {
		return false, err
	}
	for _, s := range rows {
		if s.Form != formConcern {
			continue
		}
		if err := s.unseal(key); err != nil {
			return false, err
		}
		if !s.Source.At.Equal(file.Source.At) || s.Source.Pack != file.Source.Pack {
			continue
		}
		versions, err := standingIn(r.Tx, key, k.ID, s.ID)
		if err != nil {
			return false, err
		}
		there := form.Answers{}
		for _, v := range versions {
			there[v.Question] = v.Answer
		}
		if maps.EqualFunc(there, file.Answers, sameAnswer) {
			return true, nil
		}
	}
	return false, nil
}

// signsOf are the signs among which a check's ticks are read again: those of its setting, or of all settings.
func signsOf(p *pack.Pack, setting string) []form.Option {
	var all []form.Option
	for _, s := range p.Settings.All() {
		if setting != "" && s.ID != setting {
			continue
		}
		for _, sign := range s.Signs {
			all = append(all, form.Option{ID: sign.ID, Says: sign.Says.Words()})
		}
	}
	return all
}
