package site_test

import (
	"strings"
	"testing"
	"time"

	"waymark/internal/webtest"
)

// Somebody writes a long note in Amharic, is called away, and comes back: a real browser locks, hides the words, and has
// handed over all of them. A request that may outlive its page holds less.
func TestAScreenThatLocksItselfOverALongNoteLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not asked by `make quick`; `make test` asks it")
	}
	w := &whole{T: t, now: afternoon, idle: 3 * time.Second}
	w.open(privateConfig(t))
	c := w.teams()
	path := c.ruth.opens("Selam", "15", "custody")
	tab := webtest.Browser(t)
	tab.Open(c.ruth.house().URL() + path + "/notes/new/write")
	var length int
	tab.Eval(`(() => {
		const field = document.querySelector('[name="q.words"]')
		field.value = 'ሰላም ነው '.repeat(990) + 'መጨረሻ'
		document.querySelector('[name="q.said"]').value = 'ትርሕስ '.repeat(600)
		field.dispatchEvent(new Event('input', { bubbles: true }))
		return field.value.length
	})()`, &length)
	wait := func(words string) {
		t.Helper()
		for range 200 {
			if tab.Has(words) {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("%q did not come (%d signs were typed):\n%s\n%s", words, length, tab.Words(), w.failures())
	}
	wait("your password opens the screen again")
	if tab.Has("መጨረሻ") || tab.Has("Selam") {
		t.Error("the words are still on the screen")
	}
	tab.Type("Password", secure)
	tab.Press("Unlock")
	wait("What you typed was kept")
	var kept string
	tab.Eval(`document.querySelector('main').textContent`, &kept)
	if !strings.Contains(kept, "መጨረሻ") || strings.Count(kept, "ትርሕስ") < 600 {
		t.Errorf("of what was typed, %d signs are left", len(kept))
	}
}
