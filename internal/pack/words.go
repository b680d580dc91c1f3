package pack

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// said is a text that people read, and where it stands.
type said struct {
	place Place
	text  string
}

// What a list of words may cost: forks for each character of text, over all words. Measured: a fork takes 5 to 50 ns, so that
// a file of 128 kB costs less than a second. The shipped list needs 19.
const (
	mostForks      = 100
	longestPattern = 4000
	widestPattern  = 4000    // steps of one pattern, which repeats such as {0,80} multiply
	widestPatterns = 100_000 // steps of all patterns of a file
	freeWork       = 5_000_000
)

// pattern is a regular expression over words, any case. RE2 has none that takes for ever, but the list of words meets
// every text of a pack, so a sentence is looked at only when it holds the letters that the pattern cannot do without.
type pattern struct {
	*regexp.Regexp
	needs need
	forks int // how many ways one sign of text can lead
}

func (d *decoder) pattern(node ast.Node, source string) pattern {
	if source == "" || d.steps > widestPatterns {
		return pattern{} // nothing to read, or said already
	}
	if len(source) > longestPattern {
		d.fault(node, "the pattern is longer than %d signs; make two words of it", longestPattern)
		return pattern{}
	}
	tree, err := syntax.Parse("(?i)"+source, syntax.Perl)
	if err != nil {
		d.fault(node, "the pattern does not read: %s", strings.NewReplacer("error parsing regexp: ", "", "(?i)", "").Replace(err.Error()))
		return pattern{}
	}
	tree = tree.Simplify()
	program, err := syntax.Compile(tree)
	if err != nil || len(program.Inst) > widestPattern {
		d.fault(node, "the pattern repeats too much; take {…} with large numbers out, or make two words of it")
		return pattern{}
	}
	if d.steps += len(program.Inst); d.steps > widestPatterns {
		d.fault(node, "the patterns of this file repeat too much, from here on; take {…} with large numbers out, or leave words away")
		return pattern{}
	}
	forks := 1
	for _, step := range program.Inst {
		if step.Op == syntax.InstAlt || step.Op == syntax.InstAltMatch {
			forks++
		}
	}
	return pattern{regexp.MustCompile("(?i)" + source), needed(tree), forks}
}

// need is what a sentence must hold for a pattern to match it: some letters, all of some needs, or any of some.
// The zero need is always met.
type need struct {
	letters  string
	pairs    letterPairs // of the letters
	all, any []need
}

// letterPairs says roughly which two letters stand side by side in a text. What lacks a pair of some letters lacks the letters,
// and that is seen at once, where looking for the letters would take most of the time in which a pack is loaded.
type letterPairs [4]uint64

func pairsIn(s string) (p letterPairs) {
	for i := 1; i < len(s); i++ {
		at := s[i-1]*31 + s[i]
		p[at>>6] |= 1 << (at & 63)
	}
	return p
}

func (p letterPairs) allIn(q *letterPairs) bool {
	return p[0]&^q[0]|p[1]&^q[1]|p[2]&^q[2]|p[3]&^q[3] == 0
}

// small is a text in small letters, with its pairs.
type small struct {
	letters string
	pairs   letterPairs
}

func inSmall(s string) *small {
	s = strings.ToLower(s)
	return &small{s, pairsIn(s)}
}

func needed(re *syntax.Regexp) need {
	switch re.Op {
	case syntax.OpLiteral:
		letters := strings.ToLower(string(re.Rune))
		return need{letters: letters, pairs: pairsIn(letters)}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpConcat:
		var all []need
		for _, sub := range re.Sub {
			if n := needed(sub); !n.nothing() {
				all = append(all, n)
			}
		}
		return need{all: all}
	case syntax.OpAlternate:
		var any []need
		for _, sub := range re.Sub {
			n := needed(sub)
			if n.nothing() {
				return need{}
			}
			any = append(any, n)
		}
		return need{any: any}
	}
	return need{}
}

func (n need) nothing() bool { return n.letters == "" && n.all == nil && n.any == nil }

func (n *need) met(in *small) bool {
	if n.letters != "" {
		return n.pairs.allIn(&in.pairs) && strings.Contains(in.letters, n.letters)
	}
	for i := range n.all {
		if !n.all[i].met(in) {
			return false
		}
	}
	for i := range n.any {
		if n.any[i].met(in) {
			return true
		}
	}
	return n.any == nil
}

// Found gives the first use of the word in a text, or nothing. Each sentence is looked at by itself, and the exceptions
// are cut out of it first.
func (w Word) Found(text string) string {
	for _, s := range sentencesOf(text) {
		if found, _ := w.found(s, inSmall(s)); found != "" {
			return found
		}
	}
	return ""
}

// found says also how much work it was at most.
func (w Word) found(sentence string, in *small) (string, int) {
	if w.find.Regexp == nil || !w.find.needs.met(in) {
		return "", 0
	}
	work := w.find.forks * len(sentence)
	// A sentence without the word stays without it when something is cut out, so most end here.
	if !w.find.MatchString(sentence) {
		return "", work
	}
	for _, e := range w.except {
		if e.Regexp != nil && e.needs.met(in) {
			work += e.forks * len(sentence)
			sentence = e.ReplaceAllString(sentence, "…")
		}
	}
	return w.find.FindString(sentence), work
}

// sentenceEnd is where one sentence ends and the next begins.
var sentenceEnd = regexp.MustCompile(`[.!?]["'”’)]*\s+|\n\s*\n`)

func sentencesOf(text string) []string {
	var all []string
	from := 0
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		all = append(all, text[from:at[1]])
		from = at[1]
	}
	if from < len(text) {
		all = append(all, text[from:])
	}
	return all
}

// sentence is one sentence that people read.
type sentence struct {
	place Place
	text  string
	small *small // made once for all words
}

func sentencesIn(texts []said) []sentence {
	var all []sentence
	for _, one := range texts {
		line := 0
		for _, s := range sentencesOf(one.text) {
			all = append(all, sentence{one.place.down(line), s, inSmall(s)})
			line += strings.Count(s, "\n")
		}
	}
	return all
}

// words tries each word's own sentences, then looks for the word in all that people read.
func (c *checker) words() {
	all := sentencesIn(c.said)
	left := freeWork
	for _, s := range all {
		left += mostForks * len(s.text)
	}
	for _, w := range c.Words.all {
		if w.find.Regexp == nil {
			continue // its fault is told where it stands
		}
		if left = c.tried(w, left); left > 0 {
			left = c.sought(w, all, left)
		}
		if left <= 0 {
			c.fault(w.At, "the list of words takes too long to look for, from word %q on; write patterns that begin with letters, and fewer that repeat", w.ID)
			return
		}
	}
	c.said = nil // looked at once; a pack in use needs no second copy of its words
}

// sought looks for a word in every sentence, and gives what is left of the work that may be done.
func (c *checker) sought(w Word, all []sentence, left int) int {
	for _, s := range all {
		found, work := w.found(s.text, s.small)
		if found != "" {
			at := s.place.down(strings.Count(s.text[:max(0, strings.Index(s.text, found))], "\n"))
			c.fault(at, "says %q; write instead: %s", strings.TrimSpace(found), w.But)
		}
		if left -= work; left <= 0 {
			break
		}
	}
	return left
}

// tried tries a word's own sentences, and gives what is left of the work that may be done.
func (c *checker) tried(w Word, left int) int {
	for i, s := range slices.Concat(w.Fail, w.Pass) {
		if left -= w.find.forks * len(s); left <= 0 {
			break
		}
		switch found := w.Found(s); {
		case i < len(w.Fail) && found == "":
			c.fault(w.At, "word %q should catch %q and does not; mend the pattern or the sentence", w.ID, s)
		case i >= len(w.Fail) && found != "":
			c.fault(w.At, "word %q should let %q pass, but catches %q", w.ID, s, found)
		}
	}
	return left
}
