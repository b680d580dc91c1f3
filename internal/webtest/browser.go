package webtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long one thing asked of a page may take, on a machine that does much else.
const patience = 45 * time.Second

// Tab is one window of a real browser.
type Tab struct {
	t   testing.TB
	ctx context.Context
}

// Setting changes how a tab begins.
type Setting func(*Tab)

// NoScripts turns scripts off, as some offices do.
var NoScripts Setting = func(tab *Tab) {
	call(tab, "turn scripts off", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// Scripts turns them on again. A page that came without them stays without its own: this is for axe, which is one itself.
var Scripts Setting = func(tab *Tab) {
	call(tab, "turn scripts on", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
}

// Forced turns on the colours that somebody with low vision chose for everything.
var Forced = media("", "forced-colors", "active")

// Dark asks for the look by night.
var Dark = media("", "prefers-color-scheme", "dark")

// OnPaper shows the page as it prints.
var OnPaper = media("print", "", "")

// Phone is the window of a phone.
var Phone = Window(390, 844)

// Narrow is the least width that a page must serve: also what 400 % zoom leaves of 1280 pixels.
var Narrow = Window(320, 640)

// Window sets the size.
func Window(width, height int64) Setting {
	return func(tab *Tab) { tab.Do("set the size", chromedp.EmulateViewport(width, height)) }
}

func media(kind, feature, value string) Setting {
	set := emulation.SetEmulatedMediaParams{Media: kind}
	if feature != "" {
		set.Features = []*emulation.MediaFeature{{Name: feature, Value: value}}
	}
	return func(tab *Tab) { call(tab, "set the media", emulation.SetEmulatedMedia, set) }
}

// call sends one command of the protocol.
func call[P, R any](tab *Tab, doing string, command cdp.Command[P, R], with P) R {
	tab.t.Helper()
	return do(tab, doing, func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, command, with) })
}

// do runs one action within our patience and fails the test when it fails.
func do[T any](tab *Tab, doing string, action chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatalf("%s: %v", doing, err)
	}
	return got
}

var shared struct {
	once sync.Once
	ctx  context.Context
	err  error
}

// Browser opens a tab, 1280 pixels wide unless told otherwise. All tests of one binary share one browser,
// which is new, knows nothing and asks nobody. A missing browser is a failure, not a reason to skip.
func Browser(t testing.TB, settings ...Setting) *Tab {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is not asked by `make quick`; `make test` asks it")
	}
	shared.once.Do(startBrowser)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	ctx, cancel := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tab := &Tab{t, ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)); err != nil { // the first call opens the tab and has no limit of its own
		t.Fatalf("open a tab: %v", err)
	}
	for _, setting := range settings {
		setting(tab)
	}
	return tab
}

func startBrowser() {
	path, err := findBrowser()
	if err != nil {
		shared.err = err
		return
	}
	sweep()
	home, err := os.MkdirTemp("", "waymark-browser-")
	if err != nil {
		shared.err = err
		return
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ExecPath(path), chromedp.UserDataDir(home),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"), // nothing leaves this machine
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("hide-scrollbars", true))
	ctx, _ := chromedp.NewExecAllocator(context.Background(), options...) // it ends with the test binary
	ctx, _ = chromedp.NewContext(ctx)
	shared.ctx, shared.err = ctx, chromedp.Do(ctx)
}

// sweep removes what browsers of earlier days left: the last thing a test binary does is to end, and nothing comes after.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), "waymark-browser-*"))
	for _, home := range left {
		if info, err := os.Stat(home); err == nil && time.Since(info.ModTime()) > 6*time.Hour {
			_ = os.RemoveAll(home)
		}
	}
}

// findBrowser looks at $CHROMIUM, then on the PATH.
func findBrowser() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "/usr/bin/chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no browser found: install the package chromium (Debian: apt-get install chromium), or set CHROMIUM to its path")
}

// Do runs actions of chromedp, for what this package has no word for.
func (tab *Tab) Do(doing string, actions ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	do(tab, doing, chromedp.Steps(actions...))
}

// Open goes to an address.
func (tab *Tab) Open(url string) {
	tab.t.Helper()
	tab.Do("open "+url, chromedp.Navigate(url))
}

// Press clicks the button, link or folded heading that says these words, and waits for the page that follows, if one does.
func (tab *Tab) Press(says string) {
	tab.t.Helper()
	tab.click("press", `a, button, summary`, says)
}

// Tick clicks the box or button that is labelled with these words.
func (tab *Tab) Tick(label string) {
	tab.t.Helper()
	tab.click("tick", `label`, label)
}

// Type writes into the field with that label, behind what stands there.
func (tab *Tab) Type(label, words string) {
	tab.t.Helper()
	field := tab.find("type into", "label", label, "e.control")
	var done bool
	tab.Eval(`(() => { const f = document.querySelector('[data-webtest]'); f.focus(); f.setSelectionRange(f.value.length, f.value.length); return true })()`, &done)
	tab.Do("type into "+label, chromedp.SendKeys(field, words))
}

// Choose picks an option of a list by its words.
func (tab *Tab) Choose(label, option string) {
	tab.t.Helper()
	field := tab.find("choose in", "label", label, "e.control")
	var done bool
	tab.Eval(fmt.Sprintf(`(() => { const s = document.querySelector(%s); for (const o of s.options) if (o.text.trim() === %s) { s.value = o.value; return true } return false })()`,
		script(string(field)), script(option)), &done)
	if !done {
		tab.t.Fatalf("choose in %s: there is no %q", label, option)
	}
}

// click presses in the middle of the element, as a hand does.
func (tab *Tab) click(doing, among, says string) {
	tab.t.Helper()
	found := tab.find(doing, among, says, "e")
	before := tab.moment()
	tab.Do(doing+" "+says, chromedp.ScrollIntoView(found), chromedp.Click(found, chromedp.NodeVisible))
	tab.settle(before)
}

// find gives the visible element with these words: the one that says just them, else one that begins with them, else one that holds them.
func (tab *Tab) find(doing, among, says, wanted string) chromedp.CSS {
	tab.t.Helper()
	var found bool
	tab.Eval(fmt.Sprintf(`(() => {
		const flat = s => s.replace(/\s+/g, ' ').trim(), says = flat(%s);
		const all = [...document.querySelectorAll(%s)].filter(e => e.getClientRects().length);
		const e = all.find(e => flat(e.innerText) === says) || all.find(e => flat(e.innerText).startsWith(says)) || all.find(e => flat(e.innerText).includes(says));
		for (const old of document.querySelectorAll('[data-webtest]')) old.removeAttribute('data-webtest');
		const it = e && (%s); if (it) it.setAttribute('data-webtest', ''); return !!it })()`, script(says), script(among), wanted), &found)
	if !found {
		tab.t.Fatalf("%s: nothing here says %q; the page says:\n%s", doing, says, tab.Words())
	}
	return `[data-webtest]`
}

// script makes words a string of JavaScript.
func script(words string) string {
	quoted, err := json.Marshal(words)
	if err != nil {
		panic(err) // a string always becomes JSON
	}
	return string(quoted)
}

// moment tells one page that was loaded from the next.
func (tab *Tab) moment() float64 {
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	origin, _ := chromedp.Run(ctx, chromedp.Evaluate[float64](`performance.timeOrigin`)) // between two pages there is none
	return origin
}

// settle waits until a page that was asked for by a click is there. A click that asks for none costs a moment.
func (tab *Tab) settle(before float64) {
	tab.t.Helper()
	for start := time.Now(); time.Since(start) < 400*time.Millisecond; time.Sleep(20 * time.Millisecond) {
		if now := tab.moment(); now != 0 && now != before {
			break
		}
	}
	for start := time.Now(); time.Since(start) < patience; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(tab.ctx, patience)
		state, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState`))
		cancel()
		if state == "complete" {
			return
		}
	}
	tab.t.Fatal("the page that follows does not come")
}

// TabKey moves the focus on and says where it is: tag, then words.
func (tab *Tab) TabKey() string {
	tab.t.Helper()
	tab.Do("press the tab key", chromedp.KeyEvent(kb.Tab))
	return tab.text(focused)
}

const focused = `(() => { const e = document.activeElement; if (!e || e === document.body) return 'nowhere';
	const label = e.labels && e.labels[0] ? e.labels[0].innerText : (e.innerText || e.getAttribute('aria-label') || '');
	return e.tagName.toLowerCase() + ' ' + label.trim().replace(/\s+/g, ' ') })()`

// Key presses a key, such as kb.Enter or " ", and waits for the page that follows, if one does.
func (tab *Tab) Key(key string) {
	tab.t.Helper()
	before := tab.moment()
	tab.Do("press a key", chromedp.KeyEvent(key))
	tab.settle(before)
}

// Shift presses the Shift key alone.
func (tab *Tab) Shift() {
	tab.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{kb.KeyDown, kb.KeyUp} {
		call(tab, "press Shift", input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Shift", Code: "ShiftLeft", WindowsVirtualKeyCode: 16})
	}
}

// Eval puts what an expression gives in the page into result. It works with scripts off, too.
// While one page gives way to the next there is nothing to look at, so it looks again.
func (tab *Tab) Eval(expression string, result any) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression))
	for tries := 0; err != nil && strings.Contains(err.Error(), "navigated") && tries < 20; tries++ {
		time.Sleep(100 * time.Millisecond)
		raw, err = chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression))
	}
	if err != nil {
		tab.t.Fatalf("look at the page: %v", err)
	}
	if err := json.Unmarshal(raw, result); err != nil {
		tab.t.Fatalf("look at the page: %s gave %s: %v", expression, raw, err)
	}
}

// Title is what the tab says.
func (tab *Tab) Title() string { return tab.text(`document.title`) }

// Address is where the tab is.
func (tab *Tab) Address() string { return tab.text(`location.href`) }

// Words is what can be read on the page now.
func (tab *Tab) Words() string { return tab.text(`document.body ? document.body.innerText : ''`) }

// Has reports that these words can be read on the page now.
func (tab *Tab) Has(words string) bool { return strings.Contains(flat(tab.Words()), flat(words)) }

func (tab *Tab) text(expression string) string {
	tab.t.Helper()
	var words string
	tab.Eval(expression, &words)
	return words
}

// FitsAcross fails when the page must be moved sideways to be read, and names what is too wide.
func (tab *Tab) FitsAcross() {
	tab.t.Helper()
	var wide []string
	tab.Eval(`(() => { const room = document.documentElement.clientWidth, out = [];
		if (document.documentElement.scrollWidth <= room) return out;
		for (const e of document.querySelectorAll('body *')) { const r = e.getBoundingClientRect();
			if (r.width > 0 && (r.right > room + 1 || r.left < -1) && getComputedStyle(e).position !== 'absolute') out.push(e.tagName.toLowerCase() + '.' + e.className + ' ' + Math.round(r.right)) }
		return out.length ? out.slice(0, 8) : ['something unseen: ' + document.documentElement.scrollWidth + ' of ' + room] })()`, &wide)
	if len(wide) > 0 {
		tab.t.Errorf("%s is wider than its window:\n%s", tab.Address(), strings.Join(wide, "\n"))
	}
}

// Print gives the page as PDF and says how many sheets of A4 it takes.
func (tab *Tab) Print() ([]byte, int) {
	tab.t.Helper()
	pdf := do(tab, "print", chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	return pdf, len(sheet.FindAll(pdf, -1))
}

// sheet is how a PDF of Chromium begins each of its pages; the list of all pages is called Pages.
var sheet = regexp.MustCompile(`/Type\s*/Page\b`)

// Shot keeps a picture of the whole page in the folder that WAYMARK_SHOTS names; without it, it does nothing.
func (tab *Tab) Shot(name string) {
	tab.t.Helper()
	tab.keep(name+".png", func() []byte {
		return do(tab, "take a picture", chromedp.FullScreenshot(100))
	})
}

// ShotPDF keeps the page as it prints, in the same folder.
func (tab *Tab) ShotPDF(name string) {
	tab.t.Helper()
	tab.keep(name+".pdf", func() []byte {
		pdf, _ := tab.Print()
		return pdf
	})
}

func (tab *Tab) keep(name string, picture func() []byte) {
	tab.t.Helper()
	folder := os.Getenv("WAYMARK_SHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), picture(), 0o644); err != nil {
		tab.t.Fatal(err)
	}
}
