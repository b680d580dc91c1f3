package db

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// unportable are words that one of the two databases does not know, or reads otherwise. Each was tried.
var unportable = regexp.MustCompile(`(?i)\bilike\b|\bnow\(|= *any *\(|\bgreatest\b|\bleast\b|\bfor update\b|::|->|` +
	`\bselect \*|\bautoincrement\b|\bserial\b|\blower\(|\bupper\(|\brandom\(|\bcurrent_|\bstrftime\b|\binterval\b|\bpragma\b|\bor replace\b|\bglob\b|\?`)

var checked sync.Map // statements that were found good

// check refuses, in tests, a statement that would not mean the same on both databases. A running copy does not look:
// every statement has passed a test by then.
func check(query string) error {
	if !testing.Testing() {
		return nil
	}
	if _, good := checked.Load(query); good {
		return nil
	}
	if found := unportable.FindString(outsideQuotes(query)); found != "" {
		return fmt.Errorf("%s: %q does not mean the same on both databases", brief(query), found)
	}
	checked.Store(query, true)
	return nil
}

// outsideQuotes blanks what stands between single quotes.
func outsideQuotes(query string) string {
	parts := strings.Split(query, "'")
	for i := range parts {
		if i%2 == 1 {
			parts[i] = ""
		}
	}
	return strings.Join(parts, "''")
}

// brief is a statement on one line, cut short.
func brief(query string) string {
	return fmt.Sprintf("%.120s", strings.Join(strings.Fields(query), " "))
}

var numbered = regexp.MustCompile(`\$(\d+)`)

// questionMarks writes $1 as ?1. SQLite reads $1 as a name, and numbers names in the order in which they appear.
func questionMarks(query string) string { return numbered.ReplaceAllString(query, "?$1") }
