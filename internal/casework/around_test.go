package casework_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

func TestEverybodyInTheTeamReadsWhoHasLooked(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		at := write(t, h, "ruth", path, aNote("He came at ten."))
		h.as("dawit").Get(at)
		h.as("pat").Get(path)
		h.as("pat").Get(path + "/chronology")
		page := h.as("pat").Get(path + "/looked")
		for _, words := range []string{"24 November 2026", "Ruth Example (North team)", "wrote a note", "Dawit Example", "read notes", "Pat Example", "read the overview", "read the chronology"} {
			if !page.Has(words) {
				t.Errorf("the page does not say %q:\n%s", words, page.Main())
			}
		}
		if page.Has("p-ruth") || page.Has("case.") || page.Has("⟦") {
			t.Error("the page shows a code:", page.Main())
		}
		if got := h.as("sam").Get(path + "/looked"); got.Status != http.StatusNotFound {
			t.Error(got.Status)
		}
	})
}

func TestTheOwnerSaysOfEachLookWhetherItWasExpectedAndAManagerAnswersWhatWasQueried(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		h.as("pat").Get(path)
		h.as("dawit").Get(path)
		ruth := h.as("ruth")
		page := ruth.Get("/cases/looks")
		if !page.Has("Pat Example") || !page.Has("Dawit Example") || page.Has("Ruth Example,") {
			t.Fatal(page.Main())
		}
		review := func(person, verdict, why string) *webtest.Page {
			return ruth.Post("/cases/looks", url.Values{"ref": {someRef(0)}, "person": {person}, "week": {"2026-11-23"}, "verdict": {verdict}, "why": {why}})
		}
		follow(t, ruth, review("p-dawit", "expected", ""))
		page = follow(t, ruth, review("p-pat", "query", "Pat knows the Kestrelby family"))
		if !page.Has("Expected, said Ruth Example.") || !page.Has("Queried by Ruth Example.") {
			t.Error(page.Main())
		}
		review("p-pat", "expected", "") // said once, it stays
		if h.traced("case.look.expected") != 1 || h.traced("case.look.queried") != 1 || h.count(`select count(*) from look_review`) != 2 {
			t.Error("a word on a look left no trace, or two")
		}
		if got := h.as("dawit").Post("/cases/looks", url.Values{"ref": {someRef(0)}, "person": {"p-maya"}, "week": {"2026-11-23"}, "verdict": {"query"}}); got.Status != http.StatusForbidden {
			t.Error("somebody who is not the owner queries a look:", got.Status)
		}
		if got := ruth.Get("/cases/looks"); got.Has("Queries for you as manager") {
			t.Error("a practitioner sees the manager's list")
		}
		maya := h.as("maya")
		page = maya.Get("/cases/looks")
		if !page.Has("Pat knows the Kestrelby family") || !page.Has("Queried by Ruth Example") {
			t.Fatal(page.Main())
		}
		id := h.ids(`select id from look_review where verdict = 'query'`)[0]
		if got := maya.Post("/cases/looks/answer", url.Values{"id": {id}}); got.Status != http.StatusUnprocessableEntity {
			t.Error("a query is closed without a word:", got.Status)
		}
		page = follow(t, maya, maya.Post("/cases/looks/answer", url.Values{"id": {id}, "answer": {"Asked, and kept out."}}))
		if page.Has("Kestrelby") || !page.Has("No query waits for you") {
			t.Error(page.Main())
		}
		if page = ruth.Get(path + "/looked"); !page.Has("answered a query about a look") || !page.Has("Asked, and kept out.") {
			t.Error(page.Main())
		}
	})
}

func TestSomebodyWhoIsKeptOutFindsNoSuchRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		at := write(t, h, "maya", path, aNote("He came at ten."))
		ruth, maya := h.as("ruth"), h.as("maya")
		out := func(person, why string) *webtest.Page {
			return ruth.Post(path+"/restricted", url.Values{"person": {person}, "why": {why}})
		}
		if page := ruth.Get(path + "/restricted"); !page.Has("Nobody is kept out") || page.Has("Ruth Example") && strings.Contains(page.Main(), "Ruth Example\n") {
			t.Error(page.Main())
		}
		for _, c := range [][2]string{{"p-maya", ""}, {"p-ruth", "no"}, {"p-sam", "no"}, {"", "no"}} {
			if page := out(c[0], c[1]); page.Status != http.StatusUnprocessableEntity {
				t.Error(c, page.Status)
			}
		}
		page := follow(t, ruth, out("p-maya", "Is the aunt's neighbour, Kestrelby"))
		if !page.Has("Maya Example") || !page.Has("Is the aunt's neighbour, Kestrelby") || !page.Has("Kept out by Ruth Example on 24 November 2026") {
			t.Error(page.Main())
		}
		stranger := h.as("sam").Get(path)
		if page := ruth.Get(path + "/looked"); !page.Has("Is the aunt's neighbour") {
			t.Error("the owner does not read why somebody is kept out:", page.Main())
		}
		if page := h.as("dawit").Get(path + "/looked"); !page.Has("kept somebody out") || page.Has("Is the aunt's neighbour") {
			t.Error("the whole team reads why somebody is kept out:", page.Main())
		}
		for _, p := range []string{path, path + "/notes", at, path + "/chronology", path + "/looked", path + "/files", path + "/linked", path + "/address", path + "/restricted", path + "/missing", path + "/tonight"} {
			got := maya.Get(p)
			if got.Status != http.StatusNotFound || got.Main() != stranger.Main() {
				t.Errorf("%s: the manager who is kept out gets %d:\n%s", p, got.Status, got.Main())
			}
		}
		if got := maya.Post(path+"/restricted/lift", url.Values{"id": h.ids(`select id from case_restriction`)}); got.Status != http.StatusNotFound {
			t.Error("she lets herself in:", got.Status)
		}
		if got := maya.Get("/cases"); got.Has("2345") || got.Has("boy, no name given") {
			t.Error("the list shows it:", got.Main())
		}
		if got := maya.Get("/cases/looks"); got.Has("2345") {
			t.Error("the manager's list shows it:", got.Main())
		}
		follow(t, ruth, out("p-maya", "again")) // sent again
		if h.traced("case.restricted") != 1 {
			t.Error("traces:", h.traced("case.restricted"))
		}
		follow(t, ruth, ruth.Post(path+"/restricted/lift", url.Values{"id": h.ids(`select id from case_restriction`)}))
		if got := maya.Get(path); got.Status != http.StatusOK {
			t.Error("she is still kept out:", got.Status)
		}
		if h.traced("case.restriction.lifted") != 1 || !ruth.Get(path+"/restricted").Has("Let in again by Ruth Example") {
			t.Error("letting her in left no trace")
		}
	})
}

func TestARecordIsNeverLeftWithoutAnybody(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		maya := h.as("maya")
		out := func(person string) *webtest.Page {
			return maya.Post(path+"/restricted", url.Values{"person": {person}, "why": {"a reason"}})
		}
		follow(t, maya, out("p-ruth")) // the owner: who keeps them out becomes the owner
		if owner := h.ids(`select owner from casefile`); owner[0] != "p-maya" {
			t.Error(owner)
		}
		follow(t, maya, out("p-dawit"))
		follow(t, maya, out("p-pat"))
		if got := out("p-maya"); got.Status != http.StatusUnprocessableEntity || !got.Has("You cannot keep yourself out") {
			t.Error(got.Status)
		}
		stranded := func() (refs []string) {
			t.Helper()
			err := h.DB.Read(t.Context(), "", func(tx *db.Tx) (err error) { refs, err = h.Room.Stranded(tx); return err })
			if err != nil {
				t.Fatal(err)
			}
			return refs
		}
		if refs := stranded(); len(refs) != 0 {
			t.Error(refs)
		}
		// Somebody left the team: nobody is in it any more who may open the record, and the operator is told.
		h.write(`insert into case_excluded (casefile, person, since, by_person) select id, 'p-maya', '', '' from casefile`)
		if refs := stranded(); !slices.Equal(refs, []string{someRef(0)}) {
			t.Error(refs)
		}
	})
}

func TestOnlyTheOwnerAndManagersSayWhoIsKeptOut(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		for who, want := range map[string]int{"dawit": http.StatusForbidden, "pat": http.StatusForbidden, "sam": http.StatusNotFound, "maya": http.StatusOK, "ruth": http.StatusOK} {
			if got := h.as(who).Get(path + "/restricted"); got.Status != want {
				t.Errorf("%s: %d", who, got.Status)
			}
		}
		if got := h.as("dawit").Post(path+"/restricted", url.Values{"person": {"p-maya"}, "why": {"x"}}); got.Status != http.StatusForbidden {
			t.Error(got.Status)
		}
	})
}

func TestALinkShowsNoMoreOfAnotherRecordThanOneMayOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path, theirs := h.Case(someRef(0), "north", "p-ruth"), h.Case(someRef(1), "south", "p-sam")
		near := h.Case(someRef(2), "north", "p-ruth")
		ruth, sam := h.as("ruth"), h.as("sam")
		to := action(t, ruth.Get(path+"/linked"), "/linked/")
		link := func(ref string) *webtest.Page {
			return ruth.Post(to, url.Values{"other": {ref}, "why": {"siblings"}, "words": {"Kestrelby says so"}})
		}
		page := follow(t, ruth, link(strings.ToLower(someRef(1))))
		follow(t, ruth, link(someRef(1))) // sent again
		for _, words := range []string{"Brothers or sisters", "Kestrelby says so", "Ask this team: South team. the duty desk", "Linked by Ruth Example"} {
			if !page.Has(words) {
				t.Errorf("%q is not there:\n%s", words, page.Main())
			}
		}
		if strings.Contains(string(page.Body), theirs) || strings.Count(page.Main(), "boy, no name given") > 1 {
			t.Error("the link leads into another team's record:", page.Main())
		}
		page = sam.Get(theirs + "/linked")
		if !page.Has("Ask this team: North team") || page.Has("Kestrelby") || strings.Contains(string(page.Body), path+`"`) {
			t.Error(page.Main())
		}
		page = follow(t, ruth, ruth.Post(path+"/linked/"+db.NewID(h.Now()), url.Values{"other": {someRef(2)}, "why": {"address"}}))
		if !strings.Contains(string(page.Body), `href="`+near+`"`) {
			t.Error("a record that one may open is not led to:", page.Main())
		}
		if n := h.traced("case.linked"); n != 4 || h.count(`select count(*) from case_link`) != 4 {
			t.Errorf("%d traces", n)
		}
		for _, form := range []url.Values{{"other": {someRef(0)}, "why": {"siblings"}}, {"other": {someRef(3)}, "why": {"siblings"}}, {"other": {"nonsense"}, "why": {"siblings"}}, {"other": {someRef(1)}}} {
			if got := ruth.Post(path+"/linked/"+db.NewID(h.Now()), form); got.Status != http.StatusUnprocessableEntity {
				t.Error(form, got.Status)
			}
		}
		// Somebody who is kept out of the other record is not told that there is one.
		h.write(`insert into case_excluded (casefile, person, since, by_person) select id, 'p-dawit', '', '' from casefile where ref = $1`, someRef(2))
		dawit := h.as("dawit")
		if got := dawit.Get(path + "/linked"); got.Has("2345 444") || got.Has("North team") || !got.Has("South team") {
			t.Error(got.Main())
		}
		again, none := url.Values{"other": {someRef(2)}, "why": {"siblings"}}, url.Values{"other": {someRef(4)}, "why": {"siblings"}}
		if a, b := dawit.Post(path+"/linked/"+db.NewID(h.Now()), again), dawit.Post(path+"/linked/"+db.NewID(h.Now()), none); a.Status != http.StatusUnprocessableEntity || a.Status != b.Status {
			t.Error("a record that keeps somebody out can be told from one that is not there:", a.Status, b.Status)
		}
		follow(t, ruth, ruth.Post(action(t, ruth.Get(path+"/linked"), "/end"), nil))
		if got := sam.Get(theirs + "/linked"); !got.Has("No other record is linked") {
			t.Error("a link that was ended is still there on the other side:", got.Main())
		}
		if n := h.traced("case.unlinked"); n != 2 {
			t.Errorf("%d traces", n)
		}
	})
}

func TestTheAddressOpensForOneViewAndStandsNowhereElse(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		if page := ruth.Post(path+"/address", url.Values{"why": {" x "}}); page.Status != http.StatusUnprocessableEntity || !page.Has("Say why you open it") {
			t.Error(page.Status)
		}
		open := ruth.Post(path+"/address", url.Values{"why": {"The child arrives tonight"}})
		if open.Status != http.StatusOK || !open.Has("No address is written down yet") {
			t.Fatal(open.Status, open.Main())
		}
		page := follow(t, ruth, ruth.Post(action(t, open, "/address/keep"), url.Values{
			"q.address": {"7 Lantern Street, Kestrelby"}, "based.address": {""}, "q.since.day": {"3"}, "q.since.month": {"5"}, "q.since.year": {"1999"}, "based.since": {""},
			"q.may-know": {"Wrenfield the carer"}, "based.may-know": {""},
		}))
		if page.Has("Lantern") || !page.Has("The address is shut again") {
			t.Error(page.Main())
		}
		open = h.as("pat").Post(path+"/address", url.Values{"why": {"The police are on the way"}})
		if !open.Has("7 Lantern Street, Kestrelby") || open.Header.Get("Cache-Control") != "no-store" {
			t.Error(open.Main())
		}
		write(t, h, "ruth", path, aNote("He moved."))
		for _, p := range []string{"", "/sheets", "/notes", "/files", "/chronology", "/address", "/linked", "/looked", "/tonight", "/tonight/print", "/missing", "/restricted", "/sheets/record-child", "/sheets/record-staying", "/sheets/record-placement", "/sheets/new/record-placement"} {
			got := ruth.Get(path + p)
			for _, words := range []string{"Lantern", "Kestrelby", "Wrenfield", "1999"} {
				if strings.Contains(string(got.Body), words) {
					t.Errorf("%s says %q", p, words)
				}
			}
		}
		for _, p := range []string{"/cases", "/cases/looks"} {
			if got := ruth.Get(p); got.Has("Lantern") {
				t.Errorf("%s shows the address", p)
			}
		}
		if got := ruth.Post("/cases", url.Values{"find": {"Kestrelby"}, "q": {"Kestrelby"}}); got.Has("2345 222") {
			t.Error("the address is found by a search")
		}
		looked := ruth.Get(path + "/looked")
		for _, words := range []string{"opened the address", "The child arrives tonight", "The police are on the way", "changed the address"} {
			if !looked.Has(words) {
				t.Errorf("%q is not among the looks:\n%s", words, looked.Main())
			}
		}
		if h.traced("case.address.opened") != 2 || h.traced("case.address.changed") != 1 {
			t.Error("the address was opened without a trace of its own")
		}
		if got := h.as("sam").Post(path+"/address", url.Values{"why": {"I want it"}}); got.Status != http.StatusNotFound {
			t.Error(got.Status)
		}
		if strings.Contains(h.Said.String(), "Lantern") {
			t.Error("the program's log holds the address")
		}
	})
}

func TestAChronologyIsDrawnFromNotesFilesSheetsAndWhatWasDone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		told := aNote("A man waits at the gate.")
		told.Set("q.how", "told")
		told.Set("q.teller", "the school")
		write(t, h, "ruth", path, told)
		undated := url.Values{"q.how": {"seen"}, "q.words": {"A scar on the left hand."}}
		write(t, h, "ruth", path, undated)
		follow(t, ruth, attach(t, ruth, path, "a.pdf", casework.SamplePDF()))
		h.Pass(time.Hour)
		ruth.Get(path + "/missing")
		sheet := ruth.Get(path + "/sheets/new/record-place").Header.Get("Location")
		ruth.Post(sheet, url.Values{"q.where": {"A flat"}, "based.where": {""}, "q.from.month": {"1"}, "q.from.year": {"2026"}, "based.from": {""}})
		page := ruth.Get(path + "/chronology")
		for _, words := range []string{"From when?", "January 2026", "Nothing is known from 1 February 2026 to 30 April 2026", "3 May 2026", "Told by somebody else", "(the school)", "A man waits at the gate.",
			"This record was opened", "“Missing now” was opened", "Nobody knows when", "A scar on the left hand."} {
			if !page.Has(words) {
				t.Errorf("%q is not there:\n%s", words, page.Main())
			}
		}
		if part := ruth.Get(path + "/chronology?kind=note&source=told&from=2026-05-01&to=2026-05-31"); !part.Has("A man waits") || part.Has("January 2026") || part.Has("A scar") || !part.Has("This is a part of the chronology") {
			t.Error(part.Main())
		}
		if part := ruth.Get(path + "/chronology?from=yesterday&kind=nonsense"); part.Status != http.StatusOK || !part.Has("Write a day as year, month and day") {
			t.Error(part.Status)
		}
	})
}
