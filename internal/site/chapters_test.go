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
