package library_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"waymark/internal/lang"
	"waymark/internal/library"
	"waymark/internal/webtest"
)

func TestTheLibraryShowsEverythingAndTheWaysToNarrowIt(t *testing.T) {
	page := open(t).Get("/library")
	page.Golden("search-all")
	if got := page.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("the page that asks nothing says %q", got)
	}
}

func TestWordsFindRecordsAndGuidanceBesideThem(t *testing.T) {
	open(t).Get("/library?q=lantern").Golden("search-words")
}

func TestAMistypedSearchSaysWhatWasFoundInstead(t *testing.T) {
	if page := open(t).Get("/library?q=lantrens"); !page.Has("“lantrens” is not in the library. Showing: lanterns") {
		t.Error(page.Main())
	}
}

func TestARecordIsFoundByWhatItIsAndByItsLanguage(t *testing.T) {
	if page := open(t).Get("/library?q=research+amharic"); !page.Has("1 resource") || !page.Has("Harbour walls") {
		t.Error(page.Main())
	}
}

func TestNothingFoundSaysWhatToTry(t *testing.T) {
	house := open(t)
	house.Get("/library?q=xylophone&kind=toolkit").Golden("search-nothing")
	if page := house.Get("/library?q=of+the"); !page.Has("These words are in nearly every text.") {
		t.Error(page.Main())
	}
}

func TestWhatOnlyTheGuidanceHoldsIsShownBeforeAnyAdvice(t *testing.T) {
	words := open(t).Get("/library?q=dusk").Main()
	there, advice := strings.Index(words, "The harbour at night"), strings.Index(words, "You could try this")
	if there < 0 || advice < there {
		t.Error(words)
	}
}

func TestPickedValuesNarrowAndCanBeGivenUp(t *testing.T) {
	page := open(t).Get("/library?q=lantern&nation=wales&nation=england&format=pdf")
	for _, words := range []string{"1 resource", "Only: Wales Remove", "Only: PDF Remove", "→ /library?format=pdf&nation=england&q=lantern", "→ /library?q=lantern"} {
		if !page.Has(words) {
			t.Errorf("%q is not on the page", words)
		}
	}
	if t.Failed() {
		t.Log(page.Main())
	}
}

func TestAValueThatNobodyKnowsFindsNothingAndBreaksNothing(t *testing.T) {
	page := open(t).Get("/library?format=" + url.QueryEscape("<papyrus>"))
	if page.Status != http.StatusOK || !page.Has("Nothing in the library for this") || !page.Has("Only: <papyrus>") {
		t.Error(page.Status, page.Main())
	}
}

func TestWhatSomebodyLooksForIsKeptByNobody(t *testing.T) {
	house := open(t)
	for _, path := range []string{"/library?q=lantern", "/library?kind=toolkit", "/library/feed.xml?q=lantern"} {
		if got := house.Get(path).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s says %q", path, got)
		}
	}
	if page := house.Get("/library?q=lantern"); strings.Contains(page.Words(), "title: Library") {
		t.Error("the tab tells that somebody searches")
	}
}

func TestEachRecordHasAPageThatSaysFirstWhatMustBeKnownFirst(t *testing.T) {
	house := open(t)
	for _, slug := range []string{"lanterns", "lanterns-2009", "walls", "boats", "lost-chart"} {
		house.Get("/library/" + slug).Golden("show-" + slug)
	}
	if page := house.Get("/library/nowhere"); page.Status != http.StatusNotFound {
		t.Error(page.Status)
	}
}

func TestARecordIsDescribedToMachines(t *testing.T) {
	root, err := html.Parse(strings.NewReader(string(open(t).Get("/library/lanterns-2009").Body)))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data != "script" || n.FirstChild == nil {
			continue
		}
		var about map[string]any
		if err := json.Unmarshal([]byte(n.FirstChild.Data), &about); err != nil {
			t.Fatal(err)
		}
		if about["name"] != "Lanterns: 100% of them" || about["@context"] != "https://schema.org" || about["supersededBy"].([]any)[0] != "https://waymark.example/library/lanterns" {
			t.Error(about)
		}
		return
	}
	t.Error("no linked data on the page")
}

func TestCitationsComeInThreeForms(t *testing.T) {
	house := open(t)
	for _, file := range []string{"lanterns/cite.ris", "lanterns/cite.bib", "lanterns/cite.json", "lanterns-2009/cite.ris", "lanterns-2009/cite.bib", "lost-chart/cite.json"} {
		page := house.Get("/library/" + file)
		if page.Status != http.StatusOK || !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment; filename=") {
			t.Errorf("%s: %d %v", file, page.Status, page.Header)
		}
		webtest.Golden(t, strings.ReplaceAll(file, "/", "-")+".txt", strings.ReplaceAll(string(page.Body), "\r", ""))
	}
	for _, none := range []string{"lanterns/cite.docx", "nowhere/cite.ris"} {
		if page := house.Get("/library/" + none); page.Status != http.StatusNotFound {
			t.Error(none, page.Status)
		}
	}
}

func TestAnySearchCanBeFollowed(t *testing.T) {
	house := open(t)
	for _, path := range []string{"/library/feed.xml", "/library/feed.xml?q=lantern&nation=wales"} {
		page := house.Get(path)
		if err := wellFormed(page.Body); err != nil || !strings.HasPrefix(page.Header.Get("Content-Type"), "application/atom+xml") {
			t.Errorf("%s: %v %v", path, err, page.Header)
		}
	}
	webtest.Golden(t, "feed.xml", string(house.Get("/library/feed.xml?q=lantern&nation=wales").Body))
}

func TestABrowserLearnsHowToSearchHere(t *testing.T) {
	page := open(t).Get("/opensearch.xml")
	if err := wellFormed(page.Body); err != nil || !strings.Contains(string(page.Body), `template="https://waymark.example/library?q={searchTerms}"`) {
		t.Error(err, string(page.Body))
	}
}

func wellFormed(body []byte) error { return xml.Unmarshal(body, new(struct{})) }

func TestEveryPageOfTheRoomIsOnTheSiteMap(t *testing.T) {
	house := open(t)
	paths := library.Paths(shelf(t))
	if len(paths) != 6 {
		t.Error(paths)
	}
	for _, path := range paths {
		if page := house.Get(path); page.Status != http.StatusOK {
			t.Error(path, page.Status)
		}
	}
}

func TestEveryLineThatThePagesSayIsInTheWords(t *testing.T) {
	for _, language := range []string{"en", lang.Pseudo, lang.PseudoRTL} {
		house := openAt(t, "", language)
		for _, path := range append(library.Paths(shelf(t)), "/library?q=lantern&state=current&page=1", "/library?q=nothing+at+all+xyz", "/opensearch.xml", "/library/feed.xml") {
			if page := house.Get(path); page.Status != http.StatusOK || strings.Contains(string(page.Body), "⟦") {
				t.Errorf("%s in %s: %d %s", path, language, page.Status, page.Main())
			}
		}
	}
}

func FuzzSearchPage(f *testing.F) {
	for _, query := range []string{"q=lantern", "q=%00", "page=-1", "page=99999999999999999999", "kind=%ff", "q=" + strings.Repeat("((*", 3000), "sort=;drop", "year=2019&year=2019", "q=a&q=b&q", "=&=&", "page=500&q=lantern"} {
		f.Add(query)
	}
	house := open(f)
	f.Fuzz(func(t *testing.T, query string) {
		if len(query) > 8000 {
			return // longer requests end before they come here
		}
		path := "/library?" + strings.Map(func(c rune) rune {
			if c <= ' ' || c == '#' || c == utf8.RuneError || c == 0x7f {
				return '+'
			}
			return c
		}, query)
		if _, err := url.Parse(path); err != nil {
			return
		}
		if page := house.Get(path); page.Status >= 500 {
			t.Errorf("%q gave %d", path, page.Status)
		}
	})
}
