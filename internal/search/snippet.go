package search

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// How long a snippet is, and how much of a text is read for it.
const (
	snippetLength = 240
	snippetBefore = 60
	mostRead      = 64 << 10
)

// marker finds in a text the words that were looked for.
type marker struct {
	terms  map[string]int    // stem -> which word of the query
	parts  []part            // for words without a stemmer: what a word must contain
	starts [3][256]uint64    // a bit for each stem: the bytes that its words can have at these places, in small letters
	met    map[string]string // stem -> the word as it is written somewhere in the results
	words  int               // how many words of the query can be met at all
}

type part struct {
	word   int
	folded string
}

func newMarker(plan []sought) *marker {
	m := &marker{terms: map[string]int{}, met: map[string]string{}}
	for i, s := range plan {
		if len(s.ways) > 0 {
			m.words++
		}
		for _, w := range s.ways {
			if strings.HasPrefix(w.terms[0], gramMark) {
				m.parts = append(m.parts, part{i, s.folded})
				continue
			}
			m.expect(w.terms[0])
			m.terms[w.terms[0]] = i
		}
	}
	return m
}

// expect notes how words of a stem begin. Endings change; the first three letters do not, but for a few old plurals.
func (m *marker) expect(term string) {
	bit := uint64(1) << (len(m.terms) % 64)
	for place := range m.starts {
		anything := place > 0 && oldPlurals[term]
		for c := range 256 {
			if anything || place >= len(term) || byte(c) == term[place] {
				m.starts[place][c] |= bit
			}
		}
	}
}

var oldPlurals = func() map[string]bool {
	all := map[string]bool{}
	for word := range irregular {
		all[stem(word)] = true
	}
	return all
}()

// may reports that a word could be one of those looked for, by its first three letters.
func (m *marker) may(word string) bool {
	mask := m.starts[0][lower[word[0]]]
	for place := 1; place < 3 && mask != 0; place++ {
		c := byte(0)
		if place < len(word) {
			c = lower[word[place]]
		}
		mask &= m.starts[place][c]
	}
	return mask != 0
}

// metFor gives the words, as written in the results, that stand for one that is written nowhere.
func (m *marker) metFor(s sought) []string {
	var all []string
	for _, w := range s.ways {
		if word := m.met[w.terms[0]]; word != "" && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all[:min(len(all), 3)]
}

// spot is a marked word: where it stands, and which word of the query it is.
type spot struct{ start, end, word int }

// spots finds the marked words of a text, and stops where enough is enough. It looks closely only at words that begin
// rightly, since it reads whole bodies.
func (m *marker) spots(text string, enough func([]spot) bool) []spot {
	if m.words == 0 {
		return nil
	}
	var all []spot
	for at := 0; at < len(text); {
		if lower[text[at]] == 0 {
			at++
			continue
		}
		end, plain := at, true
		for ; end < len(text) && lower[text[end]] != 0; end++ {
			plain = plain && text[end] < utf8.RuneSelf
		}
		if !plain || len(m.parts) > 0 || m.may(text[at:end]) {
			before := len(all)
			eachWord(text[at:end], func(word string, start, stop int) bool {
				if i, ok := m.looked(word); ok {
					all = append(all, spot{at + start, at + stop, i})
				}
				return true
			})
			if len(all) > before && enough != nil && enough(all) {
				return all
			}
		}
		at = end
	}
	return all
}

// lower gives for each byte that may stand in a word its small letter, and 0 for the others. What lies beyond ASCII is
// looked at again, letter by letter.
var lower = func() (table [256]byte) {
	for c := range 256 {
		switch b := byte(c); {
		case b >= 'A' && b <= 'Z':
			table[c] = b + 'a' - 'A'
		case b >= 'a' && b <= 'z', b >= '0' && b <= '9', b == '\'', b == '&', b >= utf8.RuneSelf:
			table[c] = b
		}
	}
	return table
}()

// looked says which word of the query this is.
func (m *marker) looked(word string) (int, bool) {
	folded := fold(word)
	if latin(folded) && !stop[folded] {
		term := stem(folded)
		if i, ok := m.terms[term]; ok {
			if m.met[term] == "" {
				m.met[term] = strings.Clone(strings.ToLower(word))
			}
			return i, true
		}
	}
	for _, p := range m.parts {
		if strings.Contains(folded, p.folded) {
			return p.word, true
		}
	}
	return 0, false
}

// whole gives all of a text with its marks.
func (m *marker) whole(text string) []Piece { return pieces(text, m.spots(text, nil), 0, len(text)) }

// snippet gives the stretch that shows most of the words: of the summary when it does, otherwise of the body.
func (m *marker) snippet(summary, body string) []Piece {
	inSummary := m.spots(summary, nil)
	first, most := bestStretch(inSummary)
	if most < m.words && body != "" {
		if len(body) > mostRead {
			body = strings.ToValidUTF8(body[:mostRead], "")
		}
		inBody := m.spots(body, m.allTogether)
		if at, more := bestStretch(inBody); more > most || summary == "" {
			return cutOut(body, inBody, at)
		}
	}
	return cutOut(summary, inSummary, first)
}

// allTogether reports that the last marks stand close together and are of all the words.
func (m *marker) allTogether(all []spot) bool {
	last := all[len(all)-1]
	var seen uint32
	for i := len(all) - 1; i >= 0 && last.end-all[i].start <= snippetLength-snippetBefore; i-- {
		seen |= 1 << all[i].word
	}
	return bits.OnesCount32(seen) == m.words
}

// bestStretch gives the mark at which the stretch with most different words begins, and how many those are.
func bestStretch(all []spot) (first, most int) {
	for i := range all {
		var seen uint32
		n := 0
		for _, s := range all[i:] {
			if s.end-all[i].start > snippetLength-snippetBefore {
				break
			}
			if bit := uint32(1) << s.word; seen&bit == 0 {
				seen |= bit
				n++
			}
		}
		if n > most {
			first, most = i, n
		}
	}
	return first, most
}

// cutOut cuts a stretch around a mark, between words, and from the beginning of its sentence where that is near.
func cutOut(text string, all []spot, first int) []Piece {
	from := 0
	if len(all) > 0 && all[first].end > snippetLength-snippetBefore {
		from = beginning(text, all[first].start)
	}
	to := len(text)
	if to-from > snippetLength {
		to = from + snippetLength
		if space := strings.LastIndexAny(text[from:to], " \n"); space > snippetLength/2 {
			to = from + space
		}
		for to > from && !utf8.RuneStart(text[to]) {
			to--
		}
	}
	cut := pieces(text, all, from, to)
	if from > 0 {
		cut = append([]Piece{{Words: "… "}}, cut...)
	}
	if to < len(text) {
		cut = append(cut, Piece{Words: " …"})
	}
	return joined(cut)
}

func beginning(text string, mark int) int {
	back := max(mark-2*snippetBefore, 0)
	for back > 0 && !utf8.RuneStart(text[back]) {
		back++
	}
	before := text[back:mark]
	if end := max(strings.LastIndex(before, ". "), strings.LastIndex(before, "\n")); end >= 0 {
		return back + end + 1 + len(before[end+1:]) - len(strings.TrimLeft(before[end+1:], " \n"))
	}
	if tail := max(len(before)-snippetBefore, 0); back+tail > 0 {
		if space := strings.IndexAny(before[tail:], " \n"); space >= 0 {
			return back + tail + space + 1
		}
		return mark
	}
	return 0
}

// pieces cuts a text from there to there at the edges of its marks. Lines become one.
func pieces(text string, all []spot, from, to int) []Piece {
	var out []Piece
	put := func(s string, marked bool) {
		if s = strings.ReplaceAll(s, "\n", " "); s != "" {
			out = append(out, Piece{s, marked})
		}
	}
	for _, s := range all {
		if s.start < from || s.end > to {
			continue
		}
		put(text[from:s.start], false)
		put(text[s.start:s.end], true)
		from = s.end
	}
	put(text[from:to], false)
	return out
}

// joined makes one of pieces that stand side by side unmarked.
func joined(in []Piece) []Piece {
	var out []Piece
	for _, p := range in {
		if last := len(out) - 1; last >= 0 && !p.Marked && !out[last].Marked {
			out[last].Words += p.Words
			continue
		}
		out = append(out, p)
	}
	return out
}
