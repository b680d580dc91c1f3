package search

import (
	"strings"
	"unicode/utf8"
)

// What a query may hold; the rest is passed over. Nobody looks for more words than this, and each costs time.
const (
	mostWords = 12
	mostBytes = 1000
	mostHits  = 100
	deepest   = 10_000 // From beyond this shows nothing
)

// asked is one word of a query.
type asked struct {
	word   string // as typed
	folded string
}

// words takes the words out of what was typed. Every sign, operator and wildcard is only what stands between words.
// Words too common to look for are left out; typed says whether there was any word at all.
func words(typed string) (all []asked, any bool) {
	if len(typed) > mostBytes {
		typed = typed[:mostBytes]
	}
	typed = strings.ToValidUTF8(typed, " ")
	seen := map[string]bool{}
	eachWord(typed, func(word string, _, _ int) bool {
		any = true
		folded := fold(word)
		if folded == "" || stop[folded] || seen[folded] {
			return true
		}
		seen[folded] = true
		all = append(all, asked{word, folded})
		return len(all) < mostWords
	})
	return all, any
}

// typos is how many letters of a word may be wrong.
func typos(folded string) int {
	switch n := utf8.RuneCountInString(folded); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	default:
		return 2
	}
}
