package pack

import (
	"sort"
	"strings"
	"unicode"
)

// Reading is how hard a text is to read.
type Reading struct {
	ID    string
	Words int
	Grade float64 // Flesch-Kincaid: years of school; 6 to 8 is read at about age 11 to 13
}

// Readings measures every chapter and short text, hardest first. It is a rough measure made for English: it counts signs,
// not sense, so it says where to look and nothing about whether a sentence is good.
func (p *Pack) Readings() []Reading {
	var all []Reading
	for _, c := range p.Chapters.all {
		all = append(all, readingOf("chapters:"+c.ID, c.Body.Words()))
	}
	for _, t := range p.Texts.all {
		all = append(all, readingOf("texts:"+t.ID, t.Body.Words()))
	}
	for _, s := range p.Settings.all {
		var b strings.Builder
		for _, body := range []Body{s.Who, s.Inside, s.Others, s.Write, s.NoAnswer, s.BelowThreshold, s.ToldToWait, s.Disagreement, s.Files} {
			b.WriteString(body.Words() + "\n")
		}
		all = append(all, readingOf("settings:"+s.ID, b.String()))
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Grade > all[j].Grade })
	return all
}

func readingOf(id, text string) Reading {
	words, sentences, syllables := 0, 0, 0
	for _, line := range strings.Split(text, "\n") {
		open := false // a line that ends without a full stop is a sentence all the same
		for _, word := range strings.Fields(line) {
			n := syllablesOf(word)
			if n == 0 {
				continue
			}
			words++
			syllables += n
			open = true
			if strings.ContainsAny(word[len(word)-1:], ".!?:;") {
				sentences++
				open = false
			}
		}
		if open {
			sentences++
		}
	}
	r := Reading{ID: id, Words: words}
	if words > 0 {
		r.Grade = 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
	}
	return r
}

// syllablesOf counts groups of vowels, less a silent e at the end.
func syllablesOf(word string) int {
	word = strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
	if word == "" {
		return 0
	}
	n, before := 0, false
	for _, r := range word {
		vowel := strings.ContainsRune("aeiouyàáâäèéêëìíîïòóôöùúûüŵŷ", r)
		if vowel && !before {
			n++
		}
		before = vowel
	}
	if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") && n > 1 {
		n--
	}
	return max(n, 1)
}
