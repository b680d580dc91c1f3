package webtest_test

import (
	"net/http"
	"testing"

	"waymark/internal/webtest"
)

const form = `<!DOCTYPE html><html><head><title>Waymark</title><script>hidden()</script></head><body>
<a class="skip" href="#main">Skip</a>
<main><h1>What have you noticed?</h1>
<p>Nothing is <strong>kept</strong>, see <a href="/privacy">privacy</a>.</p>
<form method="post"><input type="hidden" name="now" value="danger">
<fieldset><legend>Signs</legend>
<input type="checkbox" id="a" checked><label for="a">The first</label>
<input type="checkbox" id="b"><label for="b">The second</label></fieldset>
<label for="w">In a few words</label><textarea id="w">some
words</textarea>
<select id="s"><option>North</option><option selected>South</option></select><label for="s">Area</label>
<button>Go on</button> <a class="govuk-button" href="/">Leave</a> <button hidden>Copy</button></form>
<details><summary>More</summary><p>Folded.</p></details>
<pre>One
 two</pre><span aria-hidden="true">#</span></main></body></html>`

const formInWords = `# What have you noticed?
Nothing is kept, see privacy → /privacy .
Signs
[x] The first
[ ] The second
In a few words: (some words)
Area:
  ( ) North
  (•) South
[Go on] [Leave] → /
▸ More
Folded.
    One
     two
`

func TestAPageReadsAsAPersonReadsIt(t *testing.T) {
	house := webtest.Open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(form)) }))
	page := house.Get("/")
	if got := page.Main(); got != formInWords {
		t.Errorf("got:\n%s\nwant:\n%s", got, formInWords)
	}
	if !page.Has("Nothing is kept") || page.Has("hidden()") || page.Has("danger") {
		t.Errorf("the page is read wrongly:\n%s", page.Words())
	}
}

func TestABrowserPressesTicksTypesAndReads(t *testing.T) {
	house := webtest.Open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte("<title>Sent</title><p>thank you</p>"))
			return
		}
		_, _ = w.Write([]byte(form))
	}))
	for _, settings := range [][]webtest.Setting{nil, {webtest.NoScripts, webtest.Phone}} {
		tab := webtest.Browser(t, settings...)
		tab.Open(house.PlainURL())
		tab.Tick("The second")
		tab.Type("In a few words", " more")
		tab.Choose("Area", "North")
		var filled string
		tab.Eval(`[b.checked, w.value, s.value].join()`, &filled)
		if filled != "true,some\nwords more,North" {
			t.Errorf("the form holds %q", filled)
		}
		tab.Press("Go on")
		if tab.Title() != "Sent" || !tab.Has("thank you") {
			t.Errorf("%s:\n%s", tab.Title(), tab.Words())
		}
	}
}
