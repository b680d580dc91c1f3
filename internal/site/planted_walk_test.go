package site_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"waymark/internal/db"
	"waymark/internal/form"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// journey is a walk through a whole record in which every field holds a word that is looked for.
type journey struct {
	*whole
	values map[string]string
	fields int
}

// word makes a word of its own for a field.
func (j *journey) word(of string) string {
	j.fields++
	word := fmt.Sprintf("Plantling%04dünquell", j.fields)
	j.values["the field "+of] = word
	return word
}

func (j *journey) walk() {
	v := rare
	ada := j.first(v["an administrator's name"], v["an administrator's address"], v["a password"])
	cleo := ada.invites(v["a practitioner's name"], v["a practitioner's address"], v["a password"], "manager", j.team)
	tom := ada.invites("Tom Hale", "tom@ashmere.example", v["a password"], "practitioner", j.team)
	for i, p := range []*person{ada, cleo, tom} {
		j.values[fmt.Sprint("a secret ", i)] = p.secret
		for n, code := range p.codes {
			j.values[fmt.Sprint("a recovery code ", i, " ", n)] = code
		}
	}
	(&person{w: j.whole}).post("/sign-in", "address", v["a practitioner's address"], "password", v["a wrong password"])

	path := cleo.opens(v["the child's name"], v["how old"], "behind "+v["where"])
	j.shown(cleo, path, v["the child's name"])
	j.sheets(cleo, path)
	j.notes(cleo, path)
	j.files(cleo, path)
	j.address(cleo, path)
	other := j.checked(cleo)
	cleo.led(cleo.post(path+"/linked/"+db.NewID(j.clock()), "other", strings.TrimPrefix(other, "/cases/"), "why", "siblings", "words", v["words of a link"]))
	j.found(cleo, path)
	j.looked(cleo, tom, path)
	j.locked(cleo, path)
	j.mistakes(cleo, path)
	for _, page := range []string{"", "/tonight", "/tonight/print", "/sheets", "/notes", "/files", "/chronology", "/linked", "/looked", "/missing", "/address", "/import", "/restricted"} {
		cleo.sees(path + page)
	}
	cleo.led(cleo.post(path + "/missing"))
	ada.sees("/people")
	cleo.sees("/account")
	_, err := j.private.Log.Sequence(context.Background())
	j.must(err)
	j.values["the token of a session"] = cleo.token
	cleo.led(cleo.post("/sign-out"))
}

// shown fails when a page does not show what it is there for: a walk that types nothing finds nothing.
func (j *journey) shown(p *person, path string, words ...string) {
	j.Helper()
	page := p.sees(path)
	for _, word := range words {
		if !page.Has(word) {
			j.Fatalf("%s does not show %q:\n%s", path, word, page.Main())
		}
	}
}

var recordForms = []string{"record-child", "record-staying", "record-first-night", "record-missing", "record-voice", "record-person", "record-place"}

// sheets fills in every field of every sheet that takes words.
func (j *journey) sheets(p *person, path string) {
	v := rare
	for _, id := range recordForms {
		at := path + "/sheets/" + id
		if id == "record-person" || id == "record-place" {
			at = j.moved(p, path+"/sheets/new/"+id)
		}
		action, body := formWith(p.sees(at), "/sheets/")
		form := typed(body, func(field, was string) string {
			switch {
			case strings.HasPrefix(field, "based."):
				return was
			case field == "q.names":
				return strings.Join([]string{v["the child's name"], v["the child's other name"], v["a searched name"]}, "\n")
			case field == "q.names-others":
				return v["a third name"] + "\n" + v["a fourth name"]
			case strings.Contains(field, ".year"), strings.Contains(field, ".month"), strings.Contains(field, ".day"), strings.Contains(field, ".hour"), strings.Contains(field, ".minute"):
				return ""
			}
			return j.word(id + " " + field)
		})
		page := p.send(action, form)
		if page.Status != http.StatusSeeOther && page.Status != http.StatusUnprocessableEntity {
			j.Fatalf("%s: %d\n%s", at, page.Status, page.Words())
		}
		saved := p.post(at+"/save", "question", "not-there", "q.not-there", j.word(id+" a question that it does not have"))
		if saved.Status >= 500 {
			j.Errorf("%s: %d", at, saved.Status)
		}
	}
	if page := p.post(path+"/sheets/record-child/save", "question", "language", "based.language", "", "q.language", v["a field saved while typing"]); page.Status != http.StatusOK {
		j.Fatalf("%d\n%s", page.Status, page.Words())
	}
	j.shown(p, path+"/sheets/record-child", v["the child's other name"], v["a fourth name"], v["a field saved while typing"])
}

func (j *journey) moved(p *person, path string) string {
	j.Helper()
	page := p.get(path)
	return p.led(page)
}

// notes writes one, corrects it, and throws a draft away.
func (j *journey) notes(p *person, path string) {
	v := rare
	action, _ := formWith(p.sees(path+"/notes/new/write"), "/drafts/")
	note := p.led(p.post(action, "q.how", "said", "q.said", v["the child's own words"], "q.words", "Then "+v["words of a note"], "q.language", j.word("the language of a note")))
	action, _ = formWith(p.sees(note+"/write"), "/drafts/")
	p.led(p.post(action, "q.how", "said", "q.words", v["the words of a correction"], "q.why", j.word("why it was corrected")))
	j.shown(p, note, v["the child's own words"], v["the words of a correction"])
	j.shown(p, note+"/versions/1", v["words of a note"])
	action, _ = formWith(p.sees(path+"/notes/new/write"), "/drafts/")
	at, _, _ := strings.Cut(action, "?")
	if page := p.post(at+"/save?base=0", "question", "words", "based", "0", "q.words", v["a draft that was thrown away"]); page.Status != http.StatusOK {
		j.Fatalf("%d %s", page.Status, page.Body)
	}
	j.shown(p, path+"/notes", v["a draft that was thrown away"])
	p.led(p.post(at + "/discard"))
}

// photograph is a picture into which a camera wrote where it was.
func photograph(told string) []byte {
	var plain, b bytes.Buffer
	_ = jpeg.Encode(&plain, image.NewRGBA(image.Rect(0, 0, 24, 16)), nil)
	said := append([]byte("Exif\x00\x00"), told...)
	b.Write(plain.Bytes()[:2])
	b.Write([]byte{0xff, 0xfe})
	b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(said)+2)))
	b.Write(said)
	b.Write(plain.Bytes()[2:])
	return b.Bytes()
}

// files attaches a picture, and one that is refused.
func (j *journey) files(p *person, path string) {
	v := rare
	send, _ := formWith(p.sees(path+"/files"), "/files/")
	p.led(p.upload(send, "file", v["a file's name"]+".jpg", photograph(v["what a camera wrote"]), "q.about", v["what a file shows"]))
	j.shown(p, path+"/files", v["a file's name"], v["what a file shows"])
	send, _ = formWith(p.sees(path+"/files"), "/files/")
	word := j.word("a file that is refused")
	if page := p.upload(send, "file", word+".exe", []byte("MZ\x90\x00"+word), "q.about", j.word("what it shows")); page.Status != http.StatusUnprocessableEntity {
		j.Fatalf("%d", page.Status)
	}
	got := regexp.MustCompile(`href="(/cases/[^"]+/files/[^"/]+/get)"`).FindSubmatch(p.sees(path + "/files").Body)
	if page := p.sees(string(got[1])); bytes.Contains(page.Body, []byte(v["what a camera wrote"])) {
		j.Error("the picture still says where it was taken")
	}
}

// address keeps the address where the child sleeps and opens it.
func (j *journey) address(p *person, path string) {
	v := rare
	open := p.post(path+"/address", "why", "because of "+v["why the address was opened"])
	action, body := formWith(open, "/address/keep")
	if action == "" {
		j.Fatalf("the address does not open: %d\n%s", open.Status, open.Words())
	}
	form := typed(body, func(field, was string) string {
		if strings.HasPrefix(field, "q.") && !strings.Contains(field, ".") {
			return j.word(field)
		}
		return was
	})
	for name := range form {
		if strings.HasPrefix(name, "q.") && strings.Count(name, ".") == 1 {
			form.Set(name, v["the placement address"])
		}
	}
	if page := p.send(action, form); page.Status != http.StatusSeeOther && page.Status != http.StatusUnprocessableEntity {
		j.Fatalf("%d\n%s", page.Status, page.Words())
	}
	if page := p.post(path+"/address", "why", "because of "+v["why the address was opened"]); !page.Has(v["the placement address"]) {
		j.Fatalf("the address is not kept:\n%s", page.Main())
	}
	if page := p.post(path+"/address", "why", "x"); page.Status != http.StatusUnprocessableEntity {
		j.Error(page.Status)
	}
}

// checked opens a second record from the file of a concern check. The same child is in both.
func (j *journey) checked(p *person) (path string) {
	v := rare
	file := form.File{Pack: j.site.Pack().Version(), Form: "concern-check", Version: 1, At: j.clock(), Answers: form.Answers{
		"setting": {Picked: []string{"schools"}}, "notes": {Words: "About " + v["words in a check's file"]},
		"signs": {Observed: map[string]form.Observed{"some-sign": {How: "saw", Note: v["the name in a check's file"]}}},
	}}
	raw, err := file.Save()
	j.must(err)
	page := p.upload("/cases/import", "check", j.word("the name of a check's file")+".json", raw, "q.called", v["the name of a linked child"], "q.age", "15", "q.where", "school", "once", db.NewID(j.clock()))
	path = strings.TrimSuffix(p.led(page), "/tonight")
	all := regexp.MustCompile(`href="(` + path + `/sheets/concern-check-[^"]+)"`).FindSubmatch(p.sees(path + "/sheets").Body)
	if all == nil {
		j.Fatal("the check is not in the record")
	}
	p.sees(string(all[1]))
	if page := p.upload(path+"/import", "check", j.word("the name of a hostile file")+".json", []byte(`{"format":"`+j.word("a hostile file")+`"}`)); page.Status != http.StatusUnprocessableEntity {
		j.Error(page.Status)
	}
	action, _ := formWith(p.sees(path+"/sheets/record-child"), "/sheets/")
	p.post(action, "based.names", "", "q.names", v["the child's name"]+"\n"+v["the name of a linked child"], "based.born", "", "q.born.year", "2010")
	return path
}

// found looks for a child by name, by one word, and for one who is not there.
func (j *journey) found(p *person, path string) {
	v := rare
	if page := p.post("/cases", "q", v["a searched name"]); !page.Has(v["the child's name"]) {
		j.Errorf("the child is not found by name:\n%s", page.Main())
	}
	p.post("/cases", "q", v["a name that nobody has"])
	p.sees("/cases?mine=1")
	_ = path
}

// looked keeps somebody out, and asks of a look whether it was expected.
func (j *journey) looked(owner, other *person, path string) {
	v := rare
	other.sees(path)
	j.shown(owner, path+"/looked", "Tom Hale")
	action, body := formWith(owner.sees("/cases/looks"), "/cases/looks")
	if action == "" {
		j.Fatalf("the look is not on the list:\n%s", owner.get("/cases/looks").Main())
	}
	ask := typed(body, func(string, string) string { return v["why a look is queried"] })
	ask.Set("verdict", "query")
	owner.led(owner.send(action, ask))
	if action, body = formWith(owner.sees("/cases/looks"), "/cases/looks/answer"); action != "" {
		owner.led(owner.send(action, typed(body, func(string, string) string { return v["the manager's answer"] })))
	} else {
		j.Error("the query waits for nobody")
	}
	person := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Tom Hale`).FindSubmatch(owner.sees(path + "/restricted").Body)
	if person == nil {
		j.Fatal("nobody can be kept out")
	}
	owner.led(owner.post(path+"/restricted", "person", string(person[1]), "why", v["why somebody is kept out"]))
	if page := other.get(path); page.Status != http.StatusNotFound {
		j.Errorf("%d", page.Status)
	}
	owner.sees(path + "/restricted")
}

// locked locks the screen over words that were not sent, and sends more to the locked screen.
func (j *journey) locked(p *person, path string) {
	v := rare
	p.led(p.post("/account/lock", "next", path, "path", path+"/notes/new/drafts/"+db.NewID(j.clock()), "form", url.Values{"q.words": {v["words behind a lock"]}}.Encode()))
	p.led(p.post(path+"/notes/new/drafts/"+db.NewID(j.clock()), "q.words", v["words from a page that locked"]))
	p.post("/account/unlock", "password", v["a wrong password"])
	p.unlock()
	j.shown(p, "/account/kept", v["words behind a lock"], v["words from a page that locked"])
}

// mistakes asks for what cannot be, with words in every place.
func (j *journey) mistakes(p *person, path string) {
	v := rare
	want := func(page *webtest.Page, status int) {
		j.Helper()
		if page.Status != status {
			j.Errorf("%d and not %d\n%s", page.Status, status, page.Main())
		}
		for what, word := range j.values {
			if strings.Contains(string(page.Body), word) && what != "a practitioner's name" {
				j.Errorf("the page of a %d shows %s", status, what)
			}
		}
	}
	want(p.get("/cases/"+url.PathEscape(v["in a path"])), http.StatusNotFound)
	want(p.get(path+"/notes/"+v["in a path"]), http.StatusNotFound)
	want(p.get("/cases?team="+v["in a query"]), http.StatusNotFound)
	want(p.post(path+"/same", "outcome", v["a sheet that cannot be read"]), http.StatusBadRequest)
	want(p.post("/account/lock", "path", path, "form", "q="+v["a sheet that cannot be read"]+"%zz"), http.StatusBadRequest)
	want(p.post("/cases", "q", strings.Repeat(v["too much"]+" ", 8_000)), http.StatusRequestEntityTooLarge)
	want(p.upload(path+"/import", "check", "x.json", []byte(strings.Repeat(v["too much"], 60_000))), http.StatusRequestEntityTooLarge)
	imported := regexp.MustCompile(`href="(`+path+`/sheets/[^"]+)"`).FindAllSubmatch(p.sees(path+"/sheets").Body, -1)
	if len(imported) == 0 {
		j.Error("the record has no sheets")
	}
	page := p.post(path+"/sheets/record-person-"+strings.Repeat("0", 26), "based.name", "", "q.name", v["a sheet that cannot be read"])
	if page.Status >= 500 {
		j.Errorf("%d", page.Status)
	}
	// A disk that takes no more: the file is not kept, and nobody is told more than that.
	folder := filepath.Join(j.private.Config.Data, site.FilesFolder)
	aside := folder + ".aside"
	j.must(os.Rename(folder, aside))
	j.must(os.WriteFile(folder, nil, 0o600))
	send, _ := formWith(p.sees(path+"/files"), "/files/")
	want(p.upload(send, "file", j.word("a file that could not be kept")+".jpg", photograph("x"), "q.about", j.word("what it shows")), http.StatusServiceUnavailable)
	j.must(os.Remove(folder))
	j.must(os.Rename(aside, folder))
}
