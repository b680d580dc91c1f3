package site_test

import (
	"strings"
	"testing"
)

// mostWords is what somebody reads in three minutes, with some to spare: 238 words a minute is usual in silence.
const mostWords = 900

// TestEveryChapterIsReadInAboutThreeMinutes leaves out the glossary, in which people look up one word.
func TestEveryChapterIsReadInAboutThreeMinutes(t *testing.T) {
	p, _ := shipped(t)
	for _, chapter := range p.Chapters.All() {
		if words := len(strings.Fields(chapter.Body.Words())); words > mostWords && chapter.ID != "glossary" {
			t.Errorf("%s has %d words; part it, or take away what another chapter says", chapter.ID, words)
		}
	}
}

// mostLetters is what a step or a "do not" may hold on the first screen of a phone.
const mostLetters = 110

// TestTheFirstScreenOfTheAnswerIsShort looks at what stands above the fold: each step to do now, and each "do not", which
// has to read as one under that heading.
func TestTheFirstScreenOfTheAnswerIsShort(t *testing.T) {
	p, _ := shipped(t)
	for _, advice := range p.Advice.All() {
		if advice.Section != "now" && advice.Section != "never" {
			continue
		}
		first := advice.Short.Words()
		if first == "" {
			first = advice.Says.Words()
		}
		if len(first) > mostLetters {
			t.Errorf("%s says %d letters on the first screen; give it a `short`: %s", advice.ID, len(first), first)
		}
		if advice.Section == "never" && (!strings.HasPrefix(first, "Do not ") || !strings.HasPrefix(advice.Says.Words(), "Do not ")) {
			t.Errorf("%s does not begin with \"Do not\": %s", advice.ID, first)
		}
	}
}
