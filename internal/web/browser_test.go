package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"waymark/internal/access"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

func TestComponentsPassAxeInEveryLight(t *testing.T) {
	house := newCopy().open(t)
	for name, settings := range map[string][]webtest.Setting{
		"wide": nil, "phone": {webtest.Phone}, "dark": {webtest.Dark}, "forced": {webtest.Forced},
	} {
		tab := webtest.Browser(t, settings...)
		tab.Open(house.URL() + "/components")
		tab.AxeClean()
		tab.Shot("components-" + name)
	}
}

func TestComponentsFitThreeHundredAndTwentyPixels(t *testing.T) {
	for _, language := range []string{"en", "en-XA", "ar-XB"} {
		c := newCopy()
		c.language, c.demo = language, true
		house := c.open(t)
		tab := webtest.Browser(t, webtest.Narrow)
		tab.Open(house.URL() + "/components")
		tab.FitsAcross()
		tab.Shot("components-320-" + language)
	}
}

func TestAShellFromRightToLeftPassesAxe(t *testing.T) {
	c := newCopy()
	c.language = "ar-XB"
	house := c.open(t)
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/components")
	tab.AxeClean()
	tab.Shot("components-rtl")
	var left bool
	tab.Eval(`document.querySelector('.wm-brand').getBoundingClientRect().left > innerWidth / 2`, &left)
	if !left {
		t.Error("the name does not stand at the right, where this language begins")
	}
}

func TestEveryErrorPagePassesAxe(t *testing.T) {
	c := newCopy()
	house := c.open(t, anyone("/broken", func(*web.Request) (web.Reply, error) { return nil, fmt.Errorf("no") }))
	tab := webtest.Browser(t, webtest.Phone)
	for _, path := range []string{"/nowhere", "/broken", "/x?q=%ff"} {
		tab.AxeCleanAt(house.URL() + path)
	}
	tab.Shot("error")
}

func TestTextIsLargeAndStandsOutEverywhere(t *testing.T) {
	house := newCopy().open(t)
	for _, setting := range []webtest.Setting{webtest.Window(1280, 900), webtest.Dark} {
		tab := webtest.Browser(t, setting)
		tab.Open(house.URL() + "/components")
		var weak []string
		tab.Eval(weakText, &weak)
		if len(weak) > 0 {
			t.Errorf("smaller than 19 px, or less than 7:1:\n%s", strings.Join(weak, "\n"))
		}
	}
}

// weakText measures every piece of text against what lies behind it.
const weakText = `(() => {
	const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m };
	const lum = c => c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((a, v, i) => a + v * [.2126, .7152, .0722][i], 0);
	const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > .99) return c } return [255, 255, 255] };
	const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, s = getComputedStyle(e);
		if (!walk.currentNode.textContent.trim() || !e.getClientRects().length || e.closest('.govuk-visually-hidden, .govuk-skip-link, .wm-anchor, option, script')) continue;
		const a = lum(rgb(s.color)), b = lum(behind(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (parseFloat(s.fontSize) < 19 || ratio < 7) out.push(walk.currentNode.textContent.trim().slice(0, 40) + ' | ' + s.fontSize + ' | ' + ratio.toFixed(2) + ' | ' + e.className);
	}
	return out })()`

func TestAPageStaysUnderAHundredKilobytes(t *testing.T) {
	house := newCopy().open(t)
	total := 0
	for _, path := range []string{"/components", web.Asset("waymark.css"), web.Asset("waymark.js"), web.Asset("mark.svg"), web.Asset("favicon.svg")} {
		total += len(send(house, "GET", path, nil, "Accept-Encoding", "gzip").Body)
	}
	if total > 100<<10 {
		t.Errorf("%d bytes", total)
	}
	t.Logf("the largest page and all that it needs: %d bytes", total)
}

func TestAnythingThatIsSkippedToIsReachedFirst(t *testing.T) {
	house := newCopy().open(t)
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/nowhere")
	if where := tab.TabKey(); where != "a Skip to the main part" {
		t.Errorf("the first thing that the Tab key reaches is %q", where)
	}
	if where := tab.TabKey(); where != "a Ring 999" {
		t.Errorf("the second thing that the Tab key reaches is %q", where)
	}
}

func TestAPageIsLeftByTheShiftKeyPressedThreeTimes(t *testing.T) {
	house := newCopy().open(t, anyone("/private", func(*web.Request) (web.Reply, error) {
		return web.Page(web.Head{Private: true, Exit: true}, line("words that somebody should not see")), nil
	}))
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/private")
	for range 3 {
		tab.Shift()
	}
	if tab.Has("words that somebody should not see") {
		t.Error("the words are still to be seen")
	}
}

func TestAFormWalksOverPlainHTTPFromAnotherMachineAndWithoutScripts(t *testing.T) {
	form := func(*web.Request) (web.Reply, error) {
		return web.Page(web.Head{Private: true, Exit: true}, formSample()), nil
	}
	house := newCopy().open(t, anyone("/form", form), web.Post("/answer", access.Anyone, func(r *web.Request) (web.Reply, error) {
		return web.Page(web.Head{Private: true}, line("thank you for "+r.PostForm.Get("words"))), nil
	}))
	for name, settings := range map[string][]webtest.Setting{"with scripts": nil, "without": {webtest.NoScripts}} {
		tab := webtest.Browser(t, settings...)
		tab.Open(house.PlainURL() + "/form")
		tab.Type("A line", "some words")
		tab.Press("Go on")
		if !tab.Has("thank you for some words") {
			t.Errorf("%s: %s", name, tab.Words())
		}
		if strings.Contains(tab.Address(), "words") {
			t.Errorf("%s: the answer stands in the address %s", name, tab.Address())
		}
	}
}

func TestAFormWalksByKeyboardAlone(t *testing.T) {
	house := newCopy().open(t, anyone("/form", func(*web.Request) (web.Reply, error) { return web.Page(web.Head{}, formSample()), nil }),
		web.Post("/answer", access.Anyone, func(r *web.Request) (web.Reply, error) { return web.Page(web.Head{}, line("thank you")), nil }))
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/form")
	for range 20 {
		if tab.TabKey() == "button Go on" {
			break
		}
	}
	tab.Key(kb.Enter)
	if !tab.Has("thank you") {
		t.Error(tab.Words())
	}
}

func TestPaperShowsNoNavigationAndNumbersItsSheets(t *testing.T) {
	house := newCopy().open(t)
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/components")
	if _, sheets := tab.Print(); sheets < 2 || sheets > 8 {
		t.Errorf("%d sheets", sheets)
	}
	tab.ShotPDF("components")
	paper := webtest.Browser(t, webtest.OnPaper)
	paper.Open(house.URL() + "/nowhere")
	if words := paper.Words(); strings.Contains(words, "Check a worry") || strings.Contains(words, "Ring 999") || strings.Contains(words, "Privacy") {
		t.Errorf("what is for the screen stands on paper:\n%s", words)
	}
	foot := house.Get(footOf(string(house.Get("/components").Body)))
	if foot.Status != 200 || !strings.Contains(foot.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("the foot of the sheets: %d %v", foot.Status, foot.Header)
	}
}

func footOf(page string) string {
	_, after, _ := strings.Cut(page, `media="print" href="`)
	path, _, _ := strings.Cut(after, `"`)
	return path
}
