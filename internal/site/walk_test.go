package site_test

import (
	"strings"
	"testing"
	"time"

	"waymark/internal/clock"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// afternoon is when a teacher walks the check: a working day, with the front door open.
var afternoon = time.Date(2026, 11, 24, 15, 40, 0, 0, clock.London)

func open(t testing.TB, at time.Time) *webtest.House {
	t.Helper()
	s, err := site.Open(site.Config{Pack: "england-wales", Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return webtest.Open(t, s.Handler())
}

// TestATeacherWalksFromHomeToWhatToDoOnPlainHTTPWithoutScripts is the path that must never break: in an office, on a phone
// in the same network, with scripts off.
func TestATeacherWalksFromHomeToWhatToDoOnPlainHTTPWithoutScripts(t *testing.T) {
	house := open(t, afternoon)
	tab := webtest.Browser(t, webtest.NoScripts, webtest.Phone)
	tab.Open(house.PlainURL() + "/")
	tab.Shot("home")
	emergencyLinks(t, tab, 1)
	tab.Press("I am worried about a child")
	tab.Shot("check-1-now")
	tab.Tick("With me and safe for now")
	tab.Press("Continue")
	tab.Shot("check-2-place")
	tab.Tick("School or college")
	tab.Tick("No")
	tab.Choose("Which council area is the child in now?", "Leeds")
	tab.Press("Continue")
	tab.Shot("check-3-noticed")
	tab.Tick("Worn out or sore")
	tab.Tick("New phone, clothes or money")
	tab.Press("Continue")
	tab.Shot("check-4-about")
	tab.Tick("I saw it")
	tab.Press("Continue")
	tab.Shot("check-5-answer")
	for _, wanted := range []string{"You do not have to be sure", "Do now", "Do not", "Whom to call", "Say this on the phone", "If nobody answers", "Today", "Who files the national referral", "Write it down now", "Why each step is shown"} {
		if !tab.Has(wanted) {
			t.Errorf("the answer does not say %q", wanted)
		}
	}
	if tab.Title() != "Waymark" {
		t.Errorf("the tab's title shouts: %q", tab.Title())
	}
	if at := tab.Address(); strings.Contains(at, "?") || strings.Contains(at, "sign") || !strings.HasSuffix(at, "/concern") {
		t.Errorf("the address carries something: %s", at)
	}
	tab.FitsAcross()
	if _, pages := tab.Print(); pages > 2 {
		t.Errorf("the answer prints on %d pages, not two", pages)
	}
	tab.ShotPDF("check-5-answer")
}

// TestEveryScreenOfTheCheckIsCleanForEverybody walks the same with axe on the narrowest phone, in forced colours, and with
// something wrong on the way.
func TestEveryScreenOfTheCheckIsCleanForEverybody(t *testing.T) {
	house := open(t, afternoon)
	for name, settings := range map[string][]webtest.Setting{"narrow": {webtest.Narrow}, "forced": {webtest.Forced}, "dark": {webtest.Dark, webtest.Phone}} {
		t.Run(name, func(t *testing.T) {
			tab := webtest.Browser(t, settings...)
			look := func() {
				t.Helper()
				tab.FitsAcross()
				tab.AxeClean()
			}
			tab.Open(house.URL() + "/")
			look()
			tab.Press("I am worried about a child")
			look()
			tab.Tick("Missing, or cannot be reached")
			tab.Press("Continue")
			look()
			tab.Press("I have rung: what next?")
			look()
			tab.Tick("Hospital emergency department")
			tab.Press("Continue")
			tab.Tick("Something else")
			tab.Type("The something else, in a few words", strings.Repeat("too long ", 40))
			tab.Press("Continue")
			if !tab.Has("This is longer than 300 letters") {
				t.Error(tab.Words())
			}
			look()
			tab.Press("Skip: tell me what to do")
			look()
		})
	}
}

// TestTheCheckGoesByKeyboardAlone reaches the answer with Tab, Space and Enter.
func TestTheCheckGoesByKeyboardAlone(t *testing.T) {
	tab := webtest.Browser(t)
	tab.Open(open(t, afternoon).URL() + "/concern")
	for range 40 {
		if strings.HasPrefix(tab.TabKey(), "button Skip") {
			tab.Key("\r")
			if !tab.Has("Do now") {
				t.Error(tab.Words())
			}
			return
		}
	}
	t.Error("the Tab key does not reach the button")
}

// TestOrderedFirstActionsAreTwoPressesAway counts: the door, then "skip".
func TestOrderedFirstActionsAreTwoPressesAway(t *testing.T) {
	tab := webtest.Browser(t, webtest.NoScripts, webtest.Phone)
	tab.Open(open(t, afternoon).URL() + "/")
	tab.Press("I am worried about a child")
	tab.Press("Skip: tell me what to do")
	if !tab.Has("Do now") {
		t.Fatal(tab.Words())
	}
	var steps int
	tab.Eval(`document.querySelectorAll('.wm-now > li').length`, &steps)
	if steps < 1 || steps > 3 {
		t.Errorf("%d steps to do now", steps)
	}
	tab.Shot("skip-answer")
}

// emergencyLinks looks for links that ring the emergency number of the register.
func emergencyLinks(t *testing.T, tab *webtest.Tab, least int) {
	t.Helper()
	var links int
	tab.Eval(`[...document.querySelectorAll('a[href^="tel:"]')].filter(e => e.getBoundingClientRect().top < innerHeight).length`, &links)
	if links < least {
		t.Errorf("%d emergency links within the first screen", links)
	}
}
