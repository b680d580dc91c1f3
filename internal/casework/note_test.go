package casework_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func aNote(words string) url.Values {
	return url.Values{"q.when.day": {"3"}, "q.when.month": {"5"}, "q.when.year": {"2026"}, "q.how": {"seen"}, "q.words": {words}}
}

func write(t *testing.T, h *records, who, path string, form url.Values) string {
	t.Helper()
	as := h.as(who)
	to := action(t, as.Get(path+"/notes/new/write"), "/notes/new/drafts/")
	page := as.Post(to, form)
	if page.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", page.Status, page.Main())
	}
	return page.Header.Get("Location")
}

func TestANoteIsWrittenReadCorrectedAndItsEarlierVersionStays(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		form := aNote("He came at ten with a man called Kestrelby.")
		form.Set("q.how", "said")
		form.Set("q.when.about", "yes")
		form.Set("q.said", "  ማን አላውቅም  \nI don't know him ")
		form.Set("q.language", "Amharic, interpreter by phone")
		at := write(t, h, "ruth", path, form)
		page := h.as("dawit").Get(at)
		for _, words := range []string{"about 3 May 2026", "The child's own words", "ማን አላውቅም", "Kestrelby", "Written by Ruth Example on 24 November 2026 at 15:40", "Amharic"} {
			if !page.Has(words) {
				t.Errorf("the note does not say %q:\n%s", words, page.Main())
			}
		}
		dawit := h.as("dawit")
		correct := dawit.Get(at + "/write")
		if !correct.Has("ማን አላውቅም") || strings.Contains(string(correct.Body), `name="q.said"`) {
			t.Error("a correction asks for the child's words:", correct.Main())
		}
		changed := aNote("He came at nine with a man called Kestrelby.")
		changed.Set("q.how", "said")
		changed.Set("q.said", "other words")
		changed.Set("q.why", "The door log says nine.")
		page = follow(t, dawit, dawit.Post(action(t, correct, "/drafts/"), changed))
		for _, words := range []string{"at nine", "ማን አላውቅም", "Corrected by Dawit Example", "Version 1, by Ruth Example", "3 May 2026"} {
			if !page.Has(words) {
				t.Errorf("the corrected note does not say %q:\n%s", words, page.Main())
			}
		}
		if page.Has("other words") {
			t.Error("a correction changed the child's words")
		}
		old := dawit.Get(at + "/versions/1")
		if !old.Has("at ten") || !old.Has("The door log says nine.") || !strings.Contains(string(old.Body), "<del") || !strings.Contains(string(old.Body), "<ins") {
			t.Error(old.Main())
		}
		if n := h.traced("case.note.added") + 10*h.traced("case.note.corrected"); n != 11 {
			t.Errorf("traces: %d", n)
		}
		if strings.Contains(h.Said.String(), "Kestrelby") {
			t.Error("the log of the program holds words of a note")
		}
	})
}

func TestANoteThatIsSentTwiceIsOneNote(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		to := action(t, ruth.Get(path+"/notes/new/write"), "/drafts/")
		first, second := ruth.Post(to, aNote("Once.")), ruth.Post(to, aNote("Once."))
		if first.Header.Get("Location") == "" || first.Header.Get("Location") != second.Header.Get("Location") {
			t.Errorf("%d %s and %d %s", first.Status, first.Header.Get("Location"), second.Status, second.Header.Get("Location"))
		}
		if n := h.count(`select count(*) from note`); n != 1 || h.traced("case.note.added") != 1 {
			t.Errorf("%d notes", n)
		}
		// Somebody who comes back to the page finds the note, not an empty form.
		if page := ruth.Get(strings.Split(to, "?")[0]); page.Header.Get("Location") != first.Header.Get("Location") {
			t.Error(page.Status, page.Header.Get("Location"))
		}
	})
}

var basedOf = regexp.MustCompile(`"based":"(\d+)"`)

func TestWhatIsTypedIsKeptSealedForItsWriterUntilItIsPutIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		to := action(t, ruth.Get(path+"/notes/new/write"), "/drafts/")
		save := strings.Replace(to, "?", "/save?", 1)
		saved := ruth.Post(save, url.Values{"question": {"words"}, "q.words": {"Half a sent"}, "based": {"0"}})
		if saved.Status != http.StatusOK || !strings.Contains(string(saved.Body), `"state":"saved"`) || !strings.Contains(string(saved.Body), "Not in the record yet") {
			t.Fatal(saved.Status, string(saved.Body))
		}
		based := basedOf.FindSubmatch(saved.Body)[1]
		ruth.Post(save, url.Values{"question": {"words"}, "q.words": {"Half a sentence about Kestrelby"}, "based": {string(based)}})
		// Another window that has seen neither: its words are kept, and so are those it wrote over.
		ruth.Post(save, url.Values{"question": {"words"}, "q.words": {"Quite other words"}, "based": {"0"}})
		draft := ruth.Get(strings.Split(to, "?")[0])
		if !draft.Has("Half a sentence about Kestrelby") || !draft.Has("Quite other words") || !draft.Has("Typed in another window") {
			t.Error(draft.Main())
		}
		if page := ruth.Get(path + "/notes"); !page.Has("Not in the record yet") || !page.Has("Quite other words") {
			t.Error(page.Main())
		}
		if page := h.as("dawit").Get(path + "/notes"); page.Has("Quite other words") || page.Has("Not in the record yet") {
			t.Error("a colleague sees a draft")
		}
		if page := h.as("dawit").Get(strings.Split(to, "?")[0]); page.Status != http.StatusNotFound {
			t.Error("a colleague opens a draft:", page.Status)
		}
		// A date that does not exist is kept too.
		kept := ruth.Post(save, url.Values{"question": {"when"}, "q.when.day": {"31"}, "q.when.month": {"2"}, "q.when.year": {"2026"}})
		if !strings.Contains(string(kept.Body), `"state":"draft"`) {
			t.Error(string(kept.Body))
		}
		follow(t, ruth, ruth.Post(to, aNote("Whole words.")))
		if n := h.count(`select count(*) from note_draft`); n != 0 {
			t.Errorf("%d drafts are left", n)
		}
		if late := ruth.Post(save, url.Values{"question": {"words"}, "q.words": {"x"}}); !strings.Contains(string(late.Body), `"state":"conflict"`) {
			t.Error(string(late.Body))
		}
	})
}

func TestANoteThatDoesNotHoldYetComesBackWithItsWords(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		for name, c := range map[string]struct {
			form url.Values
			says string
		}{
			"no source":      {url.Values{"q.words": {"Rare words"}}, "Choose how it is known"},
			"told by nobody": {url.Values{"q.words": {"Rare words"}, "q.how": {"told"}}, "Say who told you"},
			"no record":      {url.Values{"q.words": {"Rare words"}, "q.how": {"record"}}, "Say in which record it stands"},
			"no quote":       {url.Values{"q.words": {"Rare words"}, "q.how": {"said"}}, "Write down the child's words"},
			"tomorrow":       {url.Values{"q.words": {"Rare words"}, "q.how": {"seen"}, "q.when.year": {"2027"}}, ""},
			"a foreign how":  {url.Values{"q.words": {"Rare words"}, "q.how": {"guessed"}}, "Choose how it is known"},
		} {
			page := ruth.Post(action(t, ruth.Get(path+"/notes/new/write"), "/drafts/"), c.form)
			if page.Status != http.StatusUnprocessableEntity || !page.Has(c.says) || !page.Has("Rare words") {
				t.Errorf("%s: %d\n%s", name, page.Status, page.Main())
			}
		}
		if n := h.count(`select count(*) from note_draft`); n != 6 || h.count(`select count(*) from note`) != 0 {
			t.Errorf("%d drafts", n)
		}
	})
}

func TestTwoWhoCorrectOneNoteAreBothKept(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		at := write(t, h, "ruth", path, aNote("He came at ten."))
		ruth, dawit := h.as("ruth"), h.as("dawit")
		one, two := action(t, ruth.Get(at+"/write"), "/drafts/"), action(t, dawit.Get(at+"/write"), "/drafts/")
		follow(t, ruth, ruth.Post(one, aNote("He came at nine.")))
		page := dawit.Post(two, aNote("He came at eight."))
		if page.Status != http.StatusConflict || !page.Has("Somebody corrected this note meanwhile") || !page.Has("He came at eight.") || !page.Has("nine") {
			t.Fatal(page.Status, page.Main())
		}
		if n := h.count(`select max(version) from note_version`); n != 2 {
			t.Error(n)
		}
		page = follow(t, dawit, dawit.Post(action(t, page, "/drafts/"), aNote("He came at eight, the clock was wrong.")))
		if !page.Has("the clock was wrong") || !page.Has("Version 2, by Ruth Example") {
			t.Error(page.Main())
		}
	})
}

func TestOnlyTheTeamReadsNotesAndOnlyThoseWhoMayWriteThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		other := h.Case(someRef(1), "north", "p-ruth")
		at := write(t, h, "ruth", path, aNote("He came at ten."))
		for who, want := range map[string]int{"sam": http.StatusNotFound, "admin": http.StatusForbidden, "maya": http.StatusOK, "pat": http.StatusOK} {
			for _, page := range []string{path + "/notes", at} {
				if got := h.as(who).Get(page); got.Status != want {
					t.Errorf("%s gets %d of %s", who, got.Status, page)
				}
			}
		}
		if page := h.as("pat").Get(path + "/notes/new/write"); page.Status != http.StatusForbidden {
			t.Error("somebody who only reads is shown a form:", page.Status)
		}
		id := at[strings.LastIndex(at, "/")+1:]
		for _, page := range []string{other + "/notes/" + id, other + "/notes/" + id + "/versions/1", path + "/notes/none", at + "/versions/2", at + "/versions/x"} {
			if got := h.as("ruth").Get(page); got.Status != http.StatusNotFound {
				t.Errorf("%s: %d", page, got.Status)
			}
		}
		if got := h.as("ruth").Post(path+"/notes/new/drafts/not-an-id", aNote("x")); got.Status != http.StatusNotFound {
			t.Error(got.Status)
		}
	})
}
