package webtest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axe string

// finding is what axe has to say about one rule.
type finding struct {
	ID, Help, HelpURL, Impact string
	Nodes                     []struct {
		HTML           string
		Target         []any
		FailureSummary string
	}
}

// AxeClean fails when axe finds anything against WCAG 2.2 AA on the page. Rules that are only good advice are not asked.
// Axe comes in through the browser's own door, so the page's policy stays as strict as it is.
func (tab *Tab) AxeClean() {
	tab.t.Helper()
	tab.Do("bring axe in", chromedp.Evaluate[chromedp.Void](axe+";0"))
	told := do(tab, "ask axe", chromedp.Evaluate[string](`axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']
	}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	var found []finding
	if err := json.Unmarshal([]byte(told), &found); err != nil {
		tab.t.Fatalf("axe said %q: %v", told, err)
	}
	if len(found) == 0 {
		return
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s (%s): %s %s\n", f.ID, f.Impact, f.Help, f.HelpURL)
		for _, node := range f.Nodes {
			fmt.Fprintf(&b, "    %v\n    %s\n    %s\n", node.Target, node.HTML, strings.ReplaceAll(node.FailureSummary, "\n", "\n    "))
		}
	}
	tab.t.Errorf("axe on %s:\n%s", tab.Address(), b.String())
}

// AxeCleanAt opens the address and asks axe.
func (tab *Tab) AxeCleanAt(url string) {
	tab.t.Helper()
	tab.Open(url)
	tab.AxeClean()
}
