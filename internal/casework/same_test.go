package casework_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/form"
	"waymark/internal/webtest"
)

func TestAnotherTeamsRecordOfTheSameChildSaysOnlyWhomToAsk(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		first := o.begin("ruth", "Tesfay Gebrehiwot", "boy, says 16", "custody suite")
		to := o.As("wes").Post("/cases/new", url.Values{"q.called": {"Gebrehiwet, Tesfai"}, "q.age": {"16"}}).Header.Get("Location")
		page := o.get("wes", to)
		o.golden(page, "same")
		if !page.Has("An open record may be about the same child: ask this team") || !page.Has("Ashmere East duty team") {
			t.Error(page.Main())
		}
		if strings.Contains(string(page.Body), strings.TrimPrefix(first, "/cases/")) || page.Has("custody") || page.Has("Gebrehiwot") {
			t.Errorf("the page tells more than whom to ask:\n%s", page.Main())
		}
		if other := o.get("ruth", first); !other.Has("An open record may be about the same child") || !other.Has("Ashmere West team") {
			t.Errorf("the team that was found is not told:\n%s", other.Main())
		}
		for _, who := range []string{"ruth", "wes"} {
			if n := o.count(`select count(id) from audit_entry where act = 'case.searched' and who = $1`, who); n == 0 {
				t.Errorf("what %s looked for is not traced", who)
			}
		}
		// A manager of both teams may open both, and is shown the way.
		if page := o.get("mona", first); !page.Has("You may open that record yourself") {
			t.Error(page.Main())
		}
		o.As("wes").Post(strings.TrimSuffix(to, "/tonight")+"/same", url.Values{"other": {"1"}, "outcome": {"another"}})
		if page := o.get("wes", to); page.Has("may be about the same child") {
			t.Error(page.Main())
		}
	})
}

func TestWhoeverLooksTooOftenGetsNoAnswerAndIsNotHeldUp(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		o.begin("ruth", "Tesfay Gebrehiwot", "boy, says 16", "")
		for n := range 40 {
			page := o.As("wes").Post("/cases/new", url.Values{"q.called": {fmt.Sprintf("Probe Name%d", n)}})
			if page.Status != 303 {
				t.Fatal(page.Status)
			}
		}
		find := func() bool {
			to := o.As("wes").Post("/cases/new", url.Values{"q.called": {"Tesfay Gebrehiwot"}, "q.age": {"16"}}).Header.Get("Location")
			return o.get("wes", to).Has("may be about the same child")
		}
		if find() {
			t.Error("a list of names could be tried")
		}
		if n := o.count(`select count(id) from audit_entry where act = 'case.search.too-often' and who = 'wes'`); n < 10 {
			t.Errorf("%d traces", n)
		}
		o.now = o.now.Add(61 * time.Minute)
		if !find() {
			t.Error("an hour later nothing is found")
		}
	})
}

func checkFile(t *testing.T, o *office) []byte {
	t.Helper()
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := form.File{Pack: p.Version(), Form: "concern-check", Version: 1, At: o.now.Add(-11 * time.Hour), Answers: form.Answers{
		"now": {Picked: []string{"with-me"}}, "setting": {Picked: []string{"schools"}}, "signs": {Picked: []string{"schools-tired"}},
		"other-words": {Words: "He asked twice when the office closes."},
	}}.Save()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// send posts a form with a file.
func (o *office) send(who, path, name string, file []byte, fields map[string]string) *webtest.Page {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, value := range fields {
		w.WriteField(field, value)
	}
	part, _ := w.CreateFormFile("check", name)
	part.Write(file)
	w.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", "http://"+r.Host)
	return o.As(who).Do(r)
}

func TestAConcernChecksFileKeepsItsSourceAndNeverItsImportersName(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		page := o.send("ruth", "/cases/import", "waymark-2026-11-23.json", checkFile(t, o), map[string]string{"q.called": "Boy in year 10"})
		path := strings.TrimSuffix(page.Header.Get("Location"), "/tonight")
		if page.Status != 303 {
			t.Fatalf("%d\n%s", page.Status, page.Words())
		}
		o.send("ruth", path+"/import", "again.json", checkFile(t, o), nil)
		if n := o.count(`select count(id) from sheet where form = 'concern-check'`); n != 1 {
			t.Errorf("%d checks: the same file twice is once", n)
		}
		if n := o.count(`select count(id) from answer where source = 'concern-check' and author <> ''`); n != 0 {
			t.Errorf("%d rows name their importer as author", n)
		}
		list := o.get("tom", path+"/sheets")
		if !list.Has("Source: concern check, School or college") {
			t.Error(list.Main())
		}
		at := strings.Index(string(list.Body), "/sheets/concern-check-")
		sheet := o.get("tom", path+string(list.Body)[at:at+len("/sheets/concern-check-")+26])
		o.golden(sheet, "import")
		if page := o.As("tom").Post(path+string(list.Body)[at:at+len("/sheets/concern-check-")+26], url.Values{"q.other-words": {"changed"}, "based.other-words": {"1"}}); page.Status != 409 {
			t.Errorf("an imported sheet was changed: %d", page.Status)
		}
	})
}

func TestAHostileFileIsRefusedByNameAndNothingOfItIsRead(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		good := string(checkFile(t, o))
		for name, raw := range map[string]string{
			"empty.json": "", "page.html": "<html><script>alert(1)</script>", "other-form.json": strings.Replace(good, "concern-check", "record-child", 1),
			"future.json": strings.Replace(good, "2026-11-2", "2036-11-2", 1), "unknown-key.json": strings.Replace(good, "{", `{"score": 9,`, 1),
			"pack.json":  strings.Replace(good, "england-wales@", "<b>@", 1),
			"codes.json": strings.Replace(good, `"with-me"`, `"<script>"`, 1),
			"nul.json":   strings.Replace(good, "He asked", `He\u0000 asked`, 1),
			"twice.json": good + good,
			"large.json": strings.Replace(good, "He asked", strings.Repeat("x", 300_000), 1),
			"id.json":    strings.Replace(good, `"other-words"`, `"../../x"`, 1),
		} {
			page := o.send("ruth", "/cases/import", name, []byte(raw), map[string]string{"q.called": "Boy"})
			if page.Status != 422 || raw != "" && !page.Has(name+" is not a file of the concern check") {
				t.Errorf("%s: %d\n%s", name, page.Status, page.Main())
			}
			if !strings.Contains(string(page.Body), "Boy") {
				t.Errorf("%s: what was typed is gone", name)
			}
		}
		if n := o.count(`select count(id) from casefile`); n != 0 {
			t.Errorf("%d records", n)
		}
	})
}

func TestTheListIsPagedByTheLastCaseAndFilteredByTeamStateAndOwner(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		for n := range 30 {
			o.now = o.now.Add(time.Minute)
			who := "ruth"
			if n%3 == 0 {
				who = "tom"
			}
			o.begin(who, fmt.Sprintf("Child %02d", n), "", "")
		}
		page := o.get("mona", "/cases")
		if !page.Has("Child 29") || page.Has("Child 04") || !page.Has("Child 05") {
			t.Error(page.Main())
		}
		body := string(page.Body)
		at := strings.Index(body, "/cases?after=")
		next := o.get("mona", body[at:at+strings.Index(body[at:], `"`)])
		if !next.Has("Child 04") || next.Has("Child 05") || next.Has("Older records") {
			t.Error(next.Main())
		}
		if mine := o.get("tom", "/cases?mine=1"); !mine.Has("Child 27") || mine.Has("Child 28") {
			t.Error(mine.Main())
		}
		if page := o.get("mona", "/cases?state=open"); page.Has("Child") {
			t.Error(page.Main())
		}
		if page := o.As("ruth").Get("/cases?team=west"); page.Status != 404 {
			t.Errorf("a team that is not hers: %d", page.Status)
		}
		path := o.begin("ruth", "Quite Another", "", "")
		ref := strings.TrimPrefix(path, "/cases/")
		for _, typed := range []string{ref, strings.ToLower(ref), ref[:4] + " " + ref[4:], ref[:5], "another quite", "QUITE"} {
			if page := o.As("tom").Post("/cases", url.Values{"q": {typed}}); page.Status != 200 || !page.Has("Quite Another") {
				t.Errorf("%q: %d\n%s", typed, page.Status, page.Main())
			}
		}
		if page := o.As("wes").Post("/cases", url.Values{"q": {ref}}); page.Has("Quite Another") || !page.Has("No record that you may open") {
			t.Error(page.Main())
		}
	})
}
