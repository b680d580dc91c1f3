package pack

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// said is a text that people read, and where it stands.
type said struct {
	place Place
	text  string
	lower string // the same in small letters, made once
}

// What a list of words may cost: forks for each sign of text, over all words. Measured: a fork takes about 7 ns, so that
// a file of 128 kB costs less than a second. The shipped list needs about a third.
const (
	mostForks      = 600
	longestPattern = 4000
	widestPattern  = 4000 // steps of one pattern, which repeats such as {0,80} multiply
)

// pattern is a regular expression over words, any case. RE2 has none that takes for ever, but the list of words meets
// every text of a pack, so a text is looked at only when it holds one of the letters that the pattern cannot do without.
type pattern struct {
	*regexp.Regexp
	needs []string // one of these must occur, in small letters; none means that nothing is known
	forks int      // how many ways one sign of text can lead
}

func (d *decoder) pattern(node ast.Node, source string) pattern {
	if source == "" {
		return pattern{}
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
	forks := 1
	for _, step := range program.Inst {
		if step.Op == syntax.InstAlt || step.Op == syntax.InstAltMatch {
			forks++
		}
	}
	return pattern{regexp.MustCompile("(?i)" + source), needed(tree), forks}
}

// needed gives letters of which one must stand in every match, or nothing when none is sure.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(re.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if n := needed(sub); shortest(n) > shortest(best) {
				best = n
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			n := needed(sub)
			if n == nil {
				return nil
			}
			all = append(all, n...)
		}
		return all
	}
	return nil
}

func shortest(all []string) int {
	least := 0
	for i, s := range all {
		if i == 0 || len(s) < least {
			least = len(s)
		}
	}
	return least
}

// mayMatch reports that it is worth looking.
func (p pattern) mayMatch(lower string) bool {
	for _, n := range p.needs {
		if strings.Contains(lower, n) {
			return true
		}
	}
	return p.needs == nil
}

// Found gives the first use of the word in a text, or nothing. Its exceptions are cut out first.
func (w Word) Found(text string) string {
	found, _ := w.found(text, strings.ToLower(text))
	return found
}

// found says also how much work it was at most.
func (w Word) found(text, lower string) (string, int) {
	if w.find.Regexp == nil || !w.find.mayMatch(lower) {
		return "", 0
	}
	work := w.find.forks * len(text)
	// A text without the word stays without it when something is cut out, so most texts end here.
	if !w.find.MatchString(text) {
		return "", work
	}
	for _, e := range w.except {
		if e.Regexp != nil && e.mayMatch(lower) {
			work += e.forks * len(text)
			text = e.ReplaceAllString(text, "…")
		}
	}
	return w.find.FindString(text), work
}

// words tries each word's own sentences, then looks for the word in all that people read.
func (c *checker) words() {
	left := 100_000 // a small pack may have one dear word
	for i := range c.said {
		c.said[i].lower = strings.ToLower(c.said[i].text)
		left += mostForks * len(c.said[i].text)
	}
	for _, w := range c.Words.all {
		if w.find.Regexp == nil || w.But == "" {
			c.fault(w.At, "word %q needs a pattern (not) and what to say instead (but)", w.ID)
			continue
		}
		c.sentences(w)
		for _, s := range c.said {
			found, work := w.found(s.text, s.lower)
			if left -= work; left < 0 {
				c.fault(w.At, "the list of words takes too long to look for, from word %q on; write patterns that begin with letters, and fewer that repeat", w.ID)
				return
			}
			if found != "" {
				c.fault(s.place.down(strings.Count(s.text[:max(0, strings.Index(s.text, found))], "\n")), "says %q; write instead: %s", found, w.But)
			}
		}
	}
	c.said = nil // looked at once; a pack in use needs no second copy of its words
}

func (c *checker) sentences(w Word) {
	for _, sentence := range w.Fail {
		if w.Found(sentence) == "" {
			c.fault(w.At, "word %q should catch %q and does not; mend the pattern or the sentence", w.ID, sentence)
		}
	}
	for _, sentence := range w.Pass {
		if found := w.Found(sentence); found != "" {
			c.fault(w.At, "word %q should let %q pass, but catches %q", w.ID, sentence, found)
		}
	}
}
