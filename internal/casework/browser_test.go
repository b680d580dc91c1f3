package casework_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/webtest"
)

// inBrowser runs a test on one database: the pages are the same on both.
func inBrowser(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is not asked by `make quick`; `make test` asks it")
	}
	onSQLite(t, test)
}

// waits until the page says these words.
func waits(t *testing.T, tab *webtest.Tab, words string) {
	t.Helper()
	for range 100 {
		if tab.Has(words) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%q did not come:\n%s", words, tab.Words())
}

func TestTheFirstNightIsWalkedOnAPhoneWithoutScripts(t *testing.T) {
	inBrowser(t, func(t *testing.T, o *office) { walkTheNight(t, o, "phone", webtest.Phone, webtest.NoScripts) })
}

func TestTheFirstNightIsWalkedOnADeskWithScripts(t *testing.T) {
	inBrowser(t, func(t *testing.T, o *office) { walkTheNight(t, o, "desk") })
}

// walkTheNight is the way of somebody at ten past two: open, go through the list, write the plan, hand over.
func walkTheNight(t *testing.T, o *office, name string, settings ...webtest.Setting) {
	tab := webtest.Browser(t, settings...)
	axe := func() { // it needs scripts itself
		if name == "desk" {
			tab.AxeClean()
		}
	}
	site := o.As("ruth").URL()
	tab.Open(site + "/cases")
	tab.Shot("case-list-empty-" + name)
	tab.Press("Open a record")
	tab.Type("What to call the child", "no name given")
	tab.Type("What is known about the age", "boy, says 16")
	tab.Type("Where the child is now", "custody suite, with the nurse")
	tab.Shot("case-new-" + name)
	tab.Press("Open the record")
	waits(t, tab, "The record is open. Its reference is")
	if tab.Title() != "Waymark" {
		t.Fatal(tab.Title())
	}
	tab.FitsAcross()
	axe()
	tab.Shot("case-tonight-" + name)
	tab.Tick("Done") // of the first line
	tab.Type("Handed over to whom, by voice?", "Mona Reid")
	tab.Press("Save and continue")
	waits(t, tab, "02:10, you")
	var kept string
	tab.Eval(`document.querySelector('[name="q.handed-to"]').value`, &kept)
	if kept != "Mona Reid" {
		t.Errorf("%q was kept", kept)
	}
	tab.Press("Finish the first day")
	waits(t, tab, "The first day is not finished without the description and plan")
	tab.Press("Missing now")
	waits(t, tab, "Say this on the phone")
	waits(t, tab, "no name given")
	axe()
	tab.FitsAcross()
	tab.Shot("case-missing-" + name)
	tab.Press("Fill in or change the description and plan")
	waits(t, tab, "If parts could not be filled in")
	tab.Type("If parts could not be filled in, why, and who does it by when?", "He sleeps. Tom Hale does it by 07:00.")
	tab.FitsAcross()
	axe()
	tab.Shot("case-missing-sheet-" + name)
	tab.Press("Save and continue")
	waits(t, tab, "Say this on the phone")
	tab.Press("Tonight")
	waits(t, tab, "Finish the first day")
	tab.Press("Finish the first day")
	waits(t, tab, "What to call the child")
	if tab.Has("The first day is not finished") {
		t.Errorf("%s\n%s", tab.Address(), tab.Words())
	}
	axe()
	tab.Shot("case-overview-" + name)
	tab.Open(tab.Address() + "/tonight/print")
	if _, sheets := tab.Print(); sheets != 1 {
		t.Errorf("tonight's list takes %d sheets of paper", sheets)
	}
	tab.ShotPDF("case-tonight-paper-" + name)
	tab.Shot("case-tonight-paper-" + name)
}

func TestAFieldSaysThatItIsSavedAndASecondPersonIsShownBoth(t *testing.T) {
	inBrowser(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "girl, says 15", "")
		sheet := path + "/sheets/record-child?page=language"
		ruth, tom := webtest.Browser(t), webtest.Browser(t, webtest.Phone)
		ruth.Open(o.As("ruth").URL() + sheet)
		tom.Open(o.As("tom").URL() + sheet)
		began := time.Now()
		ruth.Type("Language that the child thinks in", "Tigrinya")
		ruth.TabKey()
		waits(t, ruth, "Saved at 02:10")
		t.Logf("typed, left and acknowledged in %v", time.Since(began))
		if n := o.count(`select count(id) from answer where question = 'language'`); n != 1 {
			t.Errorf("%d versions are on disk", n)
		}
		tom.Type("Language that the child thinks in", "Tigre")
		tom.TabKey()
		waits(t, tom, "Two people wrote here at the same time")
		tom.FitsAcross()
		tom.AxeClean()
		tom.Shot("case-choice-phone")
		tom.Press("Let this one stand")
		for range 100 {
			if !tom.Has("Two people wrote here") {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Error(tom.Words())
	})
}

func TestEveryPageOfARecordPassesAxeAndFitsANarrowScreen(t *testing.T) {
	inBrowser(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "ሰላም Tekle-Who-Has-A-Very-Long-Name-Indeed", "girl, says 15", "with the duty foster carer")
		to := o.As("ruth").Get(path + "/sheets/new/record-person").Header.Get("Location")
		o.fill("ruth", to, url.Values{"q.name": {"“Uncle”"}, "q.what": {"presenting-carer"}, "q.phone": {"01632 960222"}, "q.rules": {"never-ring"}, "q.relation": {"says he is her uncle"}})
		o.send("ruth", path+"/import", "check.json", checkFile(t, o), nil)
		o.As("wes").Post("/cases/new", url.Values{"q.called": {"ሰላም Tekle-Who-Has-A-Very-Long-Name-Indeed"}, "q.age": {"15"}})
		site := o.As("ruth").URL()
		for name, settings := range map[string][]webtest.Setting{"narrow": {webtest.Narrow}, "wide": nil, "dark": {webtest.Dark}} {
			tab := webtest.Browser(t, settings...)
			for page, at := range map[string]string{"list": "/cases", "new": "/cases/new", "import-new": "/cases/import", "overview": path, "sheets": path + "/sheets",
				"child": path + "/sheets/record-child", "child-page": path + "/sheets/record-child?page=age", "person": to, "import": path + "/import", "missing": path + "/missing", "voice": path + "/sheets/record-voice"} {
				tab.AxeCleanAt(site + at)
				tab.FitsAcross()
				tab.Shot("case-" + page + "-" + name)
			}
		}
		tab := webtest.Browser(t)
		tab.Open(site + path + "/missing")
		if _, sheets := tab.Print(); sheets > 2 {
			t.Errorf("a missing child takes %d sheets of paper", sheets)
		}
		tab.ShotPDF("case-missing")
	})
}

func TestBackInTheBrowserShowsWhatWasSavedAndGoesOnFromThere(t *testing.T) {
	inBrowser(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "", "")
		tab := webtest.Browser(t, webtest.NoScripts)
		tab.Open(o.As("ruth").URL() + path + "/sheets/record-child?page=language")
		tab.Type("Language that the child thinks in", "Tigrinya")
		tab.Press("Save and continue")
		var gone bool
		tab.Eval(`(history.back(), true)`, &gone)
		for range 100 {
			if strings.Contains(tab.Address(), "page=language") {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		var stands string
		tab.Eval(`document.querySelector('[name="q.language"]').value`, &stands)
		if stands != "Tigrinya" {
			t.Errorf("the field holds %q", stands)
		}
		// The page may come out of the browser's memory as it was left; it is sent as it stands.
		tab.Eval(`(() => { const f = document.querySelector('form[data-save]'); f.elements['q.language'].value += ', of Adigrat'; f.submit(); return true })()`, &gone)
		for range 100 {
			if o.count(`select count(id) from answer where question = 'language'`) == 2 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if page := o.get("tom", path+"/sheets/record-child?page=language"); !strings.Contains(string(page.Body), `value="Tigrinya, of Adigrat"`) || page.Has("Two people wrote here") {
			t.Error(page.Main())
		}
		if n := o.count(`select count(id) from answer where question = 'language'`); n != 2 {
			t.Errorf("%d versions", n)
		}
	})
}
