package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// forbidden is something that belongs into a pack, where a practitioner can correct it, and never into the program.
type forbidden struct {
	what    string
	pattern *regexp.Regexp
}

var forbiddenWords = []forbidden{
	{"a telephone number; it stands once, in the register of a pack", regexp.MustCompile(
		`(?:^|[^\w.,/#&-])(?:(?:\+44|\(?0\d)[\d ()-]{7,}\d|999|101|111|112|116 ?\d{3})(?:$|[^\w,/-])`)},
	{"the id of an indicator", regexp.MustCompile(`\bLM\d\d\b`)},
	{"the name of a law", regexp.MustCompile(`\b(?:Act|Regulations?|Order|Measure) (?:19|20)\d\d\b`)},
	{"a section of a law", regexp.MustCompile(`(?i)\b(?:sections?|regulation|article|schedule) \d+|\bs\.?\d{2,3}\b`)},
	{"a deadline", regexp.MustCompile(
		`(?i)\b(?:\d+|two|three|four|five|six|seven|ten|fourteen|twenty|thirty|forty|sixty|ninety)[ -](?:(?:working|calendar|clear)[ -])?(?:days?|hours?)\b`)},
}

// excused are the files that may hold one of these words all the same, with the reason.
var excused = map[string]string{
	"internal/pack/decode.go": "holds the pattern by which a telephone number outside the register is found",
}

func TestEngineCodeKnowsNoNumberNoLawAndNoDeadline(t *testing.T) {
	used := map[string]bool{}
	complain := func(path, place, text string) {
		for _, f := range forbiddenWords {
			if found := f.pattern.FindString(text); found != "" {
				if excused[path] != "" {
					used[path] = true
					continue
				}
				t.Errorf("%s: %q looks like %s", place, strings.TrimSpace(found), f.what)
			}
		}
	}
	for _, s := range sources(t) {
		if s.test || s.generated || s.folder() == "bench/corpus" { // bench/corpus invents texts; it serves no page
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(literal.Value); err == nil {
				complain(s.path, s.at(literal.Pos()), text)
			}
			return true
		})
	}
	for _, path := range mustFind(".templ", ".yaml") {
		if strings.HasPrefix(path, "packs/") || strings.HasSuffix(path, ".yaml") && !strings.Contains(path, "/text/") {
			continue
		}
		for i, line := range strings.Split(read(t, path), "\n") {
			if rest := strings.TrimSpace(line); !strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "#") {
				complain(path, path+":"+strconv.Itoa(i+1), line)
			}
		}
	}
	for path := range excused {
		if !used[path] {
			t.Errorf("%s is excused, but needs no excuse any more", path)
		}
	}
}

func TestTheForbiddenWordsAreFoundAndOthersAreNot(t *testing.T) {
	find := func(text string) bool {
		for _, f := range forbiddenWords {
			if f.pattern.MatchString(text) {
				return true
			}
		}
		return false
	}
	for _, bad := range []string{
		"Ring 999 now", "101", "tel: 0800 0121 700", "+44 20 7946 0000", "116 000", "see LM04", "Children Act 1989",
		"section 47", "an s47 enquiry", "within 45 days", "5 working days", "ten calendar days", "72-hour",
	} {
		if !find(bad) {
			t.Errorf("%q should be found", bad)
		}
	}
	for _, good := range []string{
		"public, max-age=31536000, immutable", "%s 10", "400 lines", "HTTP 404", "2026-11-24", "every day", "in working hours",
		"http://127.0.0.1:8080", "#999", "&#101;", "10 results", "utf-8", "0123456",
	} {
		if find(good) {
			t.Errorf("%q should not be found", good)
		}
	}
}
