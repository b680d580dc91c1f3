package account

import (
	"strings"
	"unicode"
)

// blank are letters that show nothing.
const blank = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"

// Joiners stand inside words of Persian and of Indian languages, and nowhere in a Latin one.
const joiners = "\u200c\u200d"

// unseen reports signs that nobody sees or that turn a line round. With them one person's name, or a team's, could be made
// to read like another's, in "who has looked" above all.
func unseen(s string) bool {
	latin := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
	return strings.ContainsFunc(s, func(r rune) bool {
		switch {
		case strings.ContainsRune(joiners, r):
			return latin
		case strings.ContainsRune(blank, r):
			return true
		}
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || unicode.Is(unicode.Zs, r) && r != ' '
	})
}
