package casework

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func marked(parts []diffPart) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString([]string{"", "[-", "[+"}[p.Kind] + p.Words + []string{"", "]", "]"}[p.Kind])
	}
	return b.String()
}

func TestACorrectionShowsWhichWordsItChanged(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"He came at ten.", "He came at ten.", "He came at ten."},
		{"He came at ten.", "He came at nine.", "He came at [-ten][+nine]."},
		{"", "He came.", "[+He came.]"},
		{"He came.", "", "[-He came.]"},
		{"She has a blue phone", "She has a phone", "She has a [-blue ]phone"},
		{"one two three", "one 2 three four", "one [-two][+2] three[+ four]"},
		{"ወደ ቤት መሄድ እፈልጋለሁ", "ወደ ቤት አሁን መሄድ እፈልጋለሁ", "ወደ ቤት [+አሁን ]መሄድ እፈልጋለሁ"},
		{"line\nline", "line\n\nline", "line[-\n][+\n\n]line"},
	} {
		if got := marked(wordDiff(c.before, c.after)); got != c.want {
			t.Errorf("%q to %q: %s", c.before, c.after, got)
		}
	}
}

func TestADifferenceHoldsBothTextsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "b", " ", "\n", "é", ".", "'s", "ቤት"})
		before := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "before"), "")
		after := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "after"), "")
		var old, now string
		for _, p := range wordDiff(before, after) {
			if p.Kind != added {
				old += p.Words
			}
			if p.Kind != gone {
				now += p.Words
			}
		}
		if old != before || now != after {
			t.Fatalf("%q and %q", old, now)
		}
	})
}

func TestTwoLongTextsThatShareNothingAreComparedInATime(t *testing.T) {
	a, b := strings.Repeat("one ", 20_000), strings.Repeat("two ", 20_000)
	if parts := wordDiff(a, b); len(parts) < 2 {
		t.Error(len(parts))
	}
}
