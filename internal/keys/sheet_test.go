package keys_test

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/clock"
	"waymark/internal/keys"
	"waymark/internal/lang"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

func sheetOf(t *testing.T, m seal.Master) string {
	t.Helper()
	words, err := lang.Read(keys.Text)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := keys.WriteSheet(&page, m, words["en"], "Ashmere <&>", clock.Date{Year: 2026, Month: time.November, Day: 24}); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// partsOf reads the parts off the sheet, as somebody who types them would.
func partsOf(t *testing.T, page string) []seal.Share {
	t.Helper()
	var all []seal.Share
	for _, section := range strings.Split(page, "<section>")[1:] {
		var text strings.Builder
		for _, line := range regexp.MustCompile(`<span>(\d)</span><code>([^<]+)</code>`).FindAllStringSubmatch(section, -1) {
			text.WriteString(line[1] + " " + line[2] + "\n")
		}
		all = append(all, must[seal.Share](t)(seal.ParseShare(text.String())))
	}
	return all
}

func TestTheSheetHoldsThreePartsOfWhichTwoGiveTheKeyBack(t *testing.T) {
	m := seal.NewMaster()
	page := sheetOf(t, m)
	parts := partsOf(t, page)
	if len(parts) != seal.Shares {
		t.Fatalf("%d parts", len(parts))
	}
	if back, err := seal.Join(parts[2], parts[0]); err != nil || back.Fingerprint() != m.Fingerprint() {
		t.Error(err)
	}
	if strings.Contains(page, strings.TrimSpace(string(m.Reveal()))) {
		t.Error("the sheet holds the key itself")
	}
	for _, want := range []string{"Part 1 of 3", "Part 3 of 3", "Ashmere &lt;&amp;&gt;", m.Fingerprint(), "24 November 2026"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the sheet", want)
		}
	}
	for _, wrong := range []string{"⟦", "{", "<script", "http"} {
		if strings.Contains(withoutStyle(page), wrong) {
			t.Errorf("%q is on the sheet", wrong)
		}
	}
}

// Each of the three people gets one sheet of paper, with room for the screen's larger letters.
func TestTheSheetPrintsOnThreePages(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is not asked by `make quick`; `make test` asks it")
	}
	page := sheetOf(t, seal.NewMaster())
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) }))
	defer site.Close()
	tab := webtest.Browser(t)
	tab.Open(site.URL)
	if _, pages := tab.Print(); pages != seal.Shares {
		t.Errorf("it takes %d pages", pages)
	}
}

func withoutStyle(page string) string {
	return regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(page, "")
}

// The page may be found by chance, on a desk or in a bin.
func TestTheSheetSaysNothingAboutWhatTheKeyOpens(t *testing.T) {
	text := strings.ToLower(html.UnescapeString(withoutStyle(sheetOf(t, seal.NewMaster()))))
	for _, word := range []string{"child", "traffick", "exploit", "safeguard", "victim", "social"} {
		if strings.Contains(text, word) {
			t.Errorf("the sheet says %q", word)
		}
	}
}
