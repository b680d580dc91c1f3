package contacts_test

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"waymark/internal/block"
	"waymark/internal/contacts"
	"waymark/internal/lang"
	"waymark/internal/pack"
	"waymark/internal/search"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

func open(t *testing.T, at time.Time) *webtest.House {
	t.Helper()
	p := register(t)
	words, err := lang.Read(web.Text, contacts.Text)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := web.New(web.Config{
		Now: func() time.Time { return at }, Live: func() *pack.Pack { return p },
		Emergency: func(p *pack.Pack) block.Contact { return contacts.Open(p, at, "", "", "emergency")[0] },
		Words:     words, Language: "en", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}, (&contacts.Contacts{}).Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Open(t, handler)
}

func TestTheRegisterShowsDangerFirstAndOwnAreaFirst(t *testing.T) {
	page := open(t, noon).Get("/contacts")
	if page.Status != http.StatusOK {
		t.Fatal(page.Status)
	}
	page.Golden("list-noon")
}

func TestAtNightTheCouncilIsClosedAndTheRegisterSaysWhomToRingUntilMorning(t *testing.T) {
	page := open(t, night).Get("/contacts?need=council")
	page.Golden("list-council-night")
	for _, words := range []string{"Closed now.", "Until then ring: Ashmere duty team"} {
		if !page.Has(words) {
			t.Errorf("%q is not on the page", words)
		}
	}
}

func TestTheRegisterIsNarrowedByNationAndByWhoIsOpen(t *testing.T) {
	house := open(t, noon)
	if page := house.Get("/contacts?nation=england"); page.Has("Line for Wales") || !page.Has("Ashmere children's services") {
		t.Error(page.Words())
	}
	if page := house.Get("/contacts?nation=wales"); !page.Has("Line for Wales") || page.Has("Ashmere children's services") {
		t.Error(page.Words())
	}
	if page := house.Get("/contacts?open=now"); page.Has("Advice line") || page.Has("Ashmere duty team 01") || !page.Has("Line for Wales") {
		t.Error(page.Words())
	}
	if page := house.Get("/contacts?need=wales&nation=england"); !page.Has("Nobody in this list fits") {
		t.Error(page.Words())
	}
	if page := house.Get("/contacts?need=nonsense&nation=nowhere"); !page.Has("Advice line") {
		t.Error("what nobody knows narrows nothing")
	}
}

func TestEachContactHasAPageOfItsOwn(t *testing.T) {
	house := open(t, noon)
	house.Get("/contacts/helpline").Golden("show-helpline")
	house.Get("/contacts/front-door").Golden("show-front-door")
	if page := house.Get("/contacts/nobody"); page.Status != http.StatusNotFound {
		t.Error(page.Status)
	}
}

func TestNothingOfTheRegisterIsKeptOrTold(t *testing.T) {
	house := open(t, noon)
	for _, path := range []string{"/contacts", "/contacts/front-door", "/contacts?need=council"} {
		page := house.Get(path)
		if page.Header.Get("Cache-Control") != "no-store" || !strings.Contains(page.Words(), "title: Waymark\n") || !page.Has("Exit this page") {
			t.Errorf("%s: kept %q\n%s", path, page.Header.Get("Cache-Control"), page.Words())
		}
	}
}

func TestANumberThatNobodyRangSaysSo(t *testing.T) {
	house := open(t, noon)
	if page := house.Get("/contacts/helpline"); !page.Has("Check before you rely on this") || !page.Has("Needs confirmation: Nobody has rung it.") {
		t.Error(page.Main())
	}
	for _, id := range []string{"ashmere-front-door", "police-999", "police-101"} {
		if page := house.Get("/contacts/" + id); page.Has("Check before you rely on this") {
			t.Errorf("%s: %s", id, page.Main())
		}
	}
}

func TestEveryLineOfTheRoomIsKnown(t *testing.T) {
	house := open(t, noon)
	for _, path := range []string{"/contacts", "/contacts/helpline", "/contacts/front-door", "/contacts?open=now&nation=wales"} {
		if page := house.Get(path); strings.Contains(page.Words(), "⟦") {
			t.Error(page.Words())
		}
	}
}

func TestTheSearchFindsAContactByWhatItIsForAndNeverByItsNumber(t *testing.T) {
	found := map[string]search.Document{}
	for _, d := range contacts.Documents(register(t)) {
		found[d.ID] = d
		if words := d.Title + d.Summary + d.Body + d.Also; strings.Contains(words, "01632") {
			t.Errorf("a number stands among the words of %s: %s", d.ID, words)
		}
	}
	if d := found["helpline"]; d.Path != "/contacts/helpline" || !strings.Contains(d.Also, "advice") {
		t.Errorf("%+v", d)
	}
	if got := found["police-101"].Body; got != "Nobody answers at children's social care." {
		t.Error(got)
	}
}

func TestTheRegisterPassesAxeAndFitsASmallPhone(t *testing.T) {
	house := open(t, night)
	tab := webtest.Browser(t, webtest.Narrow)
	for _, path := range []string{"/contacts", "/contacts?need=wales&nation=england", "/contacts/ashmere-front-door", "/contacts/front-door"} {
		tab.AxeCleanAt(house.URL() + path)
		tab.FitsAcross()
	}
}
