package content_test

import (
	"net/http"
	"strings"
	"testing"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/content"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

func TestTheGuidanceListsItsChaptersAndWhatChanged(t *testing.T) {
	open(t, noon).Get("/guidance").Golden("guidance")
}

func TestAChapterSaysOfEachParagraphWhereItComesFromAndHowSureItIs(t *testing.T) {
	house := open(t, noon)
	page := house.Get("/guidance/first")
	page.Golden("chapter-first")
	for _, anchor := range []string{`id="one"`, `id="ring"`, `id="signs"`, `href="#signs"`, `id="source-paper"`} {
		if !strings.Contains(string(page.Body), anchor) {
			t.Errorf("%s is not on the page", anchor)
		}
	}
	house.Get("/guidance/second").Golden("chapter-second")
}

func TestMustAndShouldAreToldApart(t *testing.T) {
	house := open(t, noon)
	if page := house.Get("/guidance/first"); !page.Has("▸ Should. Source") || page.Has("▸ Must.") {
		t.Error(page.Main())
	}
	if page := house.Get("/guidance/second"); !page.Has("▸ Must. Source") {
		t.Error(page.Main())
	}
}

func TestAChapterPastItsReviewSaysSo(t *testing.T) {
	house := open(t, noon)
	if page := house.Get("/guidance/second"); !page.Has("This page is due to be read again") {
		t.Error(page.Main())
	}
	if page := house.Get("/guidance/first"); page.Has("This page is due to be read again") {
		t.Error(page.Main())
	}
}

func TestWhatChangedSaysWhoHasToActAndTellsNothingAheadOfItsDay(t *testing.T) {
	page := open(t, noon).Get("/guidance/changes")
	page.Golden("changes")
	if page.Has("A change to come") {
		t.Error("a change is told before its day")
	}
	if later := open(t, clock.Date{Year: 2027, Month: 1, Day: 1}.At(8, 0)).Get("/guidance/changes"); !later.Has("A change to come") {
		t.Error("a change is not told on its day")
	}
}

func TestNumbersComeFromWhoeverKnowsTheRegister(t *testing.T) {
	room := &content.Content{Refs: func(*web.Request) block.Resolver {
		return func(to block.Target) block.Text {
			return block.Text{{Style: block.Phone, Words: "number of " + to.ID, Href: "tel:0"}}
		}
	}}
	page := openWith(t, noon, room).Get("/guidance/first")
	if !page.Has("Ring number of line → tel:0") || !page.Has("What the law asks → /guidance/second#due") {
		t.Error(page.Main())
	}
}

func TestAboutPagesShowTheTextsOfThisCopy(t *testing.T) {
	house := open(t, noon)
	house.Get("/about").Golden("about")
	house.Get("/about/about-numbers").Golden("about-numbers")
	if page := house.Get("/about/privacy"); !page.Has("Nothing is kept.") {
		t.Error(page.Main())
	}
	if page := house.Get("/about/under-18"); page.Status != http.StatusSeeOther || page.Header.Get("Location") != "/under-18" {
		t.Errorf("%d to %q", page.Status, page.Header.Get("Location"))
	}
	for _, path := range []string{"/about/nothing", "/guidance/nothing"} {
		if page := house.Get(path); page.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}

func TestThisCopySaysInTruthWhatNobodyHasChecked(t *testing.T) {
	page := open(t, noon).Get("/about/this-copy")
	page.Golden("this-copy")
	for _, words := range []string{"Ashmere Partnership", "small@1", "The list was not read again.", "Advice line", "What the law asks → /guidance/second , 1 October 2026"} {
		if !page.Has(words) {
			t.Errorf("%q is not on the page", words)
		}
	}
	if page.Has("A council → /contacts/council") {
		t.Error("a number that somebody rang is listed as not rung")
	}
}

func TestTheSiteMapListsEveryRoom(t *testing.T) {
	room := &content.Content{Places: func(*web.Request) []content.Place {
		return []content.Place{{Under: "Start", Says: "Home", Path: "/"}, {Under: "Start", Says: "Whom to ring", Path: "/contacts"}}
	}}
	openWith(t, noon, room).Get("/about/site-map").Golden("site-map")
}

func TestEveryLineOfTheRoomIsKnownAndNoPageSpeaksOfPacks(t *testing.T) {
	house := open(t, noon)
	for _, path := range content.Paths(small(t)) {
		page := house.Get(path)
		if page.Status != http.StatusOK || strings.Contains(page.Words(), "⟦") {
			t.Errorf("%s: %d\n%s", path, page.Status, page.Words())
		}
		if strings.Contains(strings.ToLower(page.Main()), " pack") {
			t.Errorf("%s speaks of a pack", path)
		}
	}
}

func TestTheSearchFindsAPartOfAChapterAtItsAnchor(t *testing.T) {
	found := map[string]string{}
	for _, d := range content.Documents(small(t)) {
		found[d.Path] = d.Body
	}
	if got := found["/guidance/first#one"]; got != "Ring the advice line or read What the law asks.\ntired\nhungry" {
		t.Errorf("%q", got)
	}
	if _, ok := found["/about/under-18"]; ok {
		t.Error("another room's text is among the documents")
	}
}

func TestGuidanceAndAboutPassAxeAndFitASmallPhone(t *testing.T) {
	house := open(t, noon)
	tab := webtest.Browser(t, webtest.Narrow)
	for _, path := range content.Paths(small(t)) {
		tab.AxeCleanAt(house.URL() + path)
		tab.FitsAcross()
	}
}
