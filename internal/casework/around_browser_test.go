package casework_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework"
	"waymark/internal/webtest"
)

// kept is a record in which something of everything stands.
func kept(t *testing.T) (h *records, path, note string) {
	t.Helper()
	h = &records{now: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC)}
	h.begin(t, webtest.OpenDB(t, webtest.SQLite(t, h.Now), schemas()...), nil)
	path = h.Case(someRef(0), "north", "p-ruth")
	theirs := h.Case(someRef(1), "south", "p-sam")
	_ = theirs
	ruth, dawit := h.as("ruth"), h.as("dawit")
	form := aNote("He came at ten with a man who did the talking. The man held both passports and answered for him.")
	form.Set("q.how", "said")
	form.Set("q.said", "ማን አላውቅም። ወደ ቤት መሄድ እፈልጋለሁ\nI do not know him. I want to go home.")
	form.Set("q.language", "Amharic, professional interpreter by phone")
	note = write(t, h, "ruth", path, form)
	correct := dawit.Get(note + "/write")
	changed := aNote("He came at nine with a man who did the talking. The man held both passports.")
	changed.Set("q.how", "said")
	changed.Set("q.why", "The door log says nine.")
	follow(t, dawit, dawit.Post(action(t, correct, "/drafts/"), changed))
	follow(t, ruth, attach(t, ruth, path, "letter.pdf", casework.SamplePDF()))
	told := url.Values{"q.when.month": {"9"}, "q.when.year": {"2025"}, "q.when.about": {"yes"}, "q.how": {"told"}, "q.teller": {"the school"}, "q.words": {"He stopped coming to lessons."}}
	write(t, h, "ruth", path, told)
	write(t, h, "ruth", path, url.Values{"q.how": {"seen"}, "q.words": {"A scar on the left hand, healed."}})
	h.as("pat").Get(path)
	follow(t, ruth, ruth.Post(action(t, ruth.Get(path+"/linked"), "/linked/"), url.Values{"other": {someRef(1)}, "why": {"siblings"}}))
	follow(t, ruth, ruth.Post(path+"/restricted", url.Values{"person": {"p-maya"}, "why": {"Knows the aunt."}}))
	return h, path, note
}

// in gives a browser in which a colleague is signed in.
func in(t *testing.T, h *records, who string, settings ...webtest.Setting) (*webtest.Tab, string) {
	t.Helper()
	site := h.as(who).URL()
	return webtest.Browser(t, settings...), site
}

func TestNotesFilesAndTheRestPassAxeOnPhoneAndDesk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	h, path, note := kept(t)
	for name, setting := range map[string]webtest.Setting{"390": webtest.Window(390, 844), "1280": webtest.Window(1280, 900)} {
		tab, site := in(t, h, "ruth", setting)
		for shot, page := range map[string]string{
			"notes": path + "/notes", "note": note, "version": note + "/versions/1", "write": path + "/notes/new/write", "correct": note + "/write", "files": path + "/files",
			"chronology": path + "/chronology", "linked": path + "/linked", "looked": path + "/looked", "restricted": path + "/restricted", "address": path + "/address", "looks": "/cases/looks",
		} {
			tab.Open(site + page)
			tab.AxeClean()
			tab.FitsAcross()
			tab.Shot("record-" + shot + "-" + name)
			if shot == "chronology" && name == "1280" {
				tab.ShotPDF("record-chronology-print")
				paper, _ := in(t, h, "ruth", webtest.Window(794, 1123), webtest.OnPaper)
				paper.Open(site + page)
				paper.Shot("record-chronology-paper")
			}
		}
	}
}

func TestANoteIsWrittenInABrowserWithScriptsAndWithout(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for name, settings := range map[string][]webtest.Setting{"scripts": nil, "no scripts": {webtest.NoScripts}} {
		t.Run(name, func(t *testing.T) {
			h := &records{now: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC)}
			h.begin(t, webtest.OpenDB(t, webtest.SQLite(t, h.Now), schemas()...), nil)
			path := h.Case(someRef(0), "north", "p-ruth")
			tab, site := in(t, h, "ruth", settings...)
			tab.Open(site + path + "/notes")
			tab.Press("Write a note")
			tab.Type("What happened", "He came at ten.")
			if name == "scripts" {
				waitFor(t, tab, "Not in the record yet")
				if n := h.count(`select count(*) from note_draft`); n != 1 {
					t.Errorf("%d drafts are on the disk", n)
				}
			}
			tab.Press("Put it into the record")
			var kept bool
			tab.Eval(`[...document.querySelectorAll('textarea')].some(field => field.value.includes('He came at ten.'))`, &kept)
			if !tab.Has("Choose how it is known") || !kept {
				t.Fatal(tab.Words())
			}
			tab.Tick("I saw or heard it myself")
			tab.Press("Put it into the record")
			if !tab.Has("Written by Ruth Example") || h.count(`select count(*) from note`) != 1 || h.count(`select count(*) from note_draft`) != 0 {
				t.Fatal(tab.Words())
			}
			tab.Press("Correct this note")
			tab.Press("Keep it for later")
			if !tab.Has("A correction, kept on") {
				t.Fatal(tab.Words())
			}
			tab.Open(site + path + "/address")
			tab.Type("Why do you open it now?", "visit this afternoon")
			tab.Press("Open it once")
			if !tab.Has("Open for this view") {
				t.Fatal(tab.Words())
			}
			tab.Press("Close it")
			if tab.Has("Open for this view") || !strings.HasSuffix(tab.Address(), "/address") {
				t.Fatal(tab.Words())
			}
		})
	}
}

// waitFor waits until the page says something, as a person would.
func waitFor(t *testing.T, tab *webtest.Tab, words string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if tab.Has(words) {
			return
		}
	}
	t.Fatalf("%q did not come:\n%s", words, tab.Words())
}
