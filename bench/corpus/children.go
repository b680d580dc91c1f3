package corpus

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Children invents children whose names are as unevenly spread as names are: a few are very common, most are rare. They
// belong to nobody, and come in the same order for one seed.
type Children struct {
	chance                *rand.Rand
	given, family         []string
	pickGiven, pickFamily *rand.Zipf
}

// NewChildren begins a row of children.
func NewChildren(seed uint64) *Children {
	c := &Children{chance: rand.New(rand.NewPCG(seed, 1))}
	all := rand.New(rand.NewPCG(1, 1)) // the same names for every seed: other children, not another world
	c.given, c.family = names(all, 3_000, 2), names(all, 30_000, 3)
	c.pickGiven = rand.NewZipf(c.chance, 1.15, 8, uint64(len(c.given)-1))
	c.pickFamily = rand.NewZipf(c.chance, 1.15, 20, uint64(len(c.family)-1))
	return c
}

func names(chance *rand.Rand, count, syllables int) []string {
	first := []string{"b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "sh", "t", "y", "z", "kh", "j", "", "tr", "gh"}
	vowel := []string{"a", "e", "i", "o", "u", "aa", "ai", "ou"}
	last := []string{"", "", "", "n", "m", "r", "l", "s", "d", "sh"}
	seen := map[string]bool{}
	var all []string
	for len(all) < count {
		var b strings.Builder
		for range syllables {
			b.WriteString(first[chance.IntN(len(first))] + vowel[chance.IntN(len(vowel))])
		}
		b.WriteString(last[chance.IntN(len(last))])
		if !seen[b.String()] {
			seen[b.String()] = true
			all = append(all, b.String())
		}
	}
	return all
}

// Next is one child: two names, and a birth date of which for one in four only the year is known.
func (c *Children) Next() (name, born string) {
	name = c.given[c.pickGiven.Uint64()] + " " + c.family[c.pickFamily.Uint64()]
	born = fmt.Sprintf("%04d-%02d-%02d", 2008+c.chance.IntN(12), 1+c.chance.IntN(12), 1+c.chance.IntN(28))
	if c.chance.IntN(4) == 0 {
		born = born[:4]
	}
	return name, born
}

// Again is the same child as another office writes it: a letter of the name another one, or only the year of the date.
func (c *Children) Again(name, born string) (string, string) {
	swap := map[string]string{"a": "e", "i": "y", "ou": "u", "kh": "k", "sh": "ch", "aa": "a", "o": "u"}
	for _, from := range []string{"aa", "ou", "kh", "sh", "a", "i", "o"} {
		if strings.Contains(name, from) && c.chance.IntN(2) == 0 {
			name = strings.Replace(name, from, swap[from], 1)
			break
		}
	}
	if c.chance.IntN(3) == 0 {
		born = born[:4]
	}
	return name, born
}
