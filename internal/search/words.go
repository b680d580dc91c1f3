package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/registry"
	"golang.org/x/text/unicode/norm"
)

// The two analysers: English words are cut down to their stem; the words of every other language, for which there may
// be no stemmer, are folded and cut into pieces of three letters, which find a word in most of its endings.
const (
	english = "waymark_english"
	grams   = "waymark_grams"
)

// gramMark stands before a piece of a word, so that a piece never looks like a whole English word.
const gramMark = "~"

// longestWord is how many bytes of one word count. Nothing longer was written by a person.
const longestWord = 64

func init() {
	for name, stemmed := range map[string]bool{english: true, grams: false} {
		err := registry.RegisterAnalyzer(name, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return analyser{stemmed}, nil
		})
		if err != nil {
			panic(err) // two analysers of one name in one program: a mistake of ours, seen in the first test
		}
	}
}

// analyser turns a text into terms for Bleve.
type analyser struct{ stemmed bool }

// Analyze is called by Bleve for each field of each document, and for a query that is put to Bleve directly.
func (a analyser) Analyze(input []byte) analysis.TokenStream {
	var stream analysis.TokenStream
	position := 0
	eachWord(string(input), func(word string, start, end int) bool {
		position++
		for _, term := range a.terms(word) {
			stream = append(stream, &analysis.Token{Term: []byte(term), Start: start, End: end, Position: position, Type: analysis.AlphaNumeric})
		}
		return true
	})
	return stream
}

func (a analyser) terms(word string) []string {
	folded := fold(word)
	if a.stemmed && latin(folded) {
		if stop[folded] {
			return nil
		}
		return []string{stem(folded)}
	}
	return cut(folded)
}

// eachWord gives the words of a text with the bytes where they stand, until give says no. A word is a run of letters,
// marks and digits; an apostrophe or an ampersand between two letters belongs to it: child's, A&E.
func eachWord(text string, give func(word string, start, end int) bool) {
	start := -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		if !inside && start >= 0 && (r == '\'' || r == '’' || r == '&') {
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			inside = unicode.IsLetter(next)
		}
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			if !give(text[start:i], start, i) {
				return
			}
			start = -1
		}
	}
	if start >= 0 {
		give(text[start:], start, len(text))
	}
}

// fold makes words that differ only in capitals, accents or the kind of apostrophe the same, and takes off the English 's.
func fold(word string) string {
	if len(word) > longestWord {
		word = strings.ToValidUTF8(word[:longestWord], "")
	}
	plain := true
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf || c == '\'' {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToLower(word)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(word)) {
		switch {
		case r == '’' || r == '\'':
			b.WriteByte('\'')
		case unicode.Is(unicode.Mn, r) && !keepsMarks(b.String()):
		case unfolded[r] != "":
			b.WriteString(unfolded[r])
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "'s"), "'", "")
}

// unfolded are letters that Unicode does not take apart.
var unfolded = map[rune]string{'ø': "o", 'ł': "l", 'đ': "d", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ħ': "h", 'ŧ': "t"}

// keepsMarks reports a script whose marks are vowels rather than accents.
func keepsMarks(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return !unicode.In(last, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew)
}

// latin reports a word in letters that an English stemmer may meet.
func latin(word string) bool {
	for _, r := range word {
		if r >= utf8.RuneSelf && !unicode.In(r, unicode.Latin, unicode.Common) {
			return false
		}
	}
	return true
}

// cut gives the pieces of three letters of a word, or the whole of a shorter one.
func cut(word string) []string {
	letters := []rune(word)
	if len(letters) == 0 {
		return nil
	}
	if len(letters) <= 3 {
		return []string{gramMark + word}
	}
	pieces := make([]string, 0, len(letters)-2)
	for i := range len(letters) - 2 {
		pieces = append(pieces, gramMark+string(letters[i:i+3]))
	}
	return pieces
}

var (
	stemmer = en.NewEnglishStemmerFilter()
	stems   sync.Map // word -> stem: a language has far fewer words than a library has
	stemmed sync.Mutex
	known   int
)

// mostStems bounds what is remembered, since anybody may type anything.
const mostStems = 200_000

// stem cuts a folded English word down to what it shares with its other forms.
func stem(word string) string {
	if s, ok := stems.Load(word); ok {
		return s.(string)
	}
	one := irregular[word]
	if one == "" {
		one = word
	}
	s := string(stemmer.Filter(analysis.TokenStream{{Term: []byte(one)}})[0].Term)
	if strings.HasSuffix(s, "rr") {
		s = s[:len(s)-1] // transferral, transfer: the stemmer leaves the r that English doubles
	}
	stemmed.Lock()
	defer stemmed.Unlock()
	if known < mostStems {
		known++
		stems.Store(strings.Clone(word), s)
	}
	return s
}

// irregular are the plurals that no rule of endings knows.
var irregular = map[string]string{"children": "child", "women": "woman", "men": "man", "people": "person"}

// stop are the words too common to look for.
var stop = stopWords()

func stopWords() map[string]bool {
	words := analysis.NewTokenMap()
	if err := words.LoadBytes(en.EnglishStopWords); err != nil {
		panic(err) // the list is part of Bleve
	}
	folded := map[string]bool{}
	for word := range words {
		folded[fold(word)] = true
	}
	return folded
}
