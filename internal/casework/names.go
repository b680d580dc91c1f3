package casework

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// single are letters that no decomposition takes apart, as people write them who have no such key.
var single = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i", "ŋ", "n", "ə", "e", "ħ", "h", "ɗ", "d", "ɓ", "b", "ƙ", "k")

// spelt gives the words of a name as they are compared: without accents, capitals, points and the order that a form
// asked for. "Al-Hassan" is also "Alhassan", and "O'Brien" one word.
func spelt(name string) []string {
	folded := cases.Fold().String(norm.NFKD.String(name))
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, single.Replace(norm.NFC.String(word.String())))
			word.Reset()
		}
	}
	for _, r := range folded {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mc, r):
			word.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || strings.ContainsRune("'’ʼ`ʻʿʾ\u200c\u200d", r): // accents, apostrophes, joiners
		default:
			end()
		}
	}
	end()
	slices.Sort(words)
	return words
}

// sound gives how a word of a name sounds, roughly: names from other scripts are written down in many ways, and mostly
// the vowels differ. Mohamed, Muhammad and Mehmet sound alike; so do Yusuf and Youssef, Tesfay and Tesfai.
func sound(word string) string {
	latin, ok := romanised(word)
	if !ok {
		return word // a script that we do not read: only the same spelling is the same
	}
	latin = sounds.Replace(latin)
	var code strings.Builder
	var last rune
	for i, r := range latin {
		class, known := soundOf[r]
		switch {
		case known && class != last:
			code.WriteRune(class)
			last = class
		case known:
		default: // a vowel, or a letter that is hardly heard: it parts what stands around it
			if i == 0 && strings.ContainsRune("aeiou", r) {
				code.WriteByte('A')
			}
			if r != 'h' && r != '-' {
				last = 0
			}
		}
	}
	if code.Len() == 0 {
		return word
	}
	return code.String()
}

// sounds are letters that mean one sound together.
var sounds = strings.NewReplacer("ph", "f", "kh", "k", "gh", "g", "ck", "k", "sch", "s", "sh", "s", "tsch", "s", "tch", "s", "ch", "s",
	"ts", "s", "tz", "s", "dzh", "s", "zh", "s", "dj", "s", "gj", "s", "xh", "s", "dh", "t", "th", "t", "ce", "se", "ci", "si", "cy", "sy",
	"qu", "k", "x", "ks", "ngh", "ng", "gi", "si", "ge", "se", "j", "s", "g", "k")

// soundOf puts consonants that are mistaken for one another into one class. H, w and y are hardly heard, and are left out.
var soundOf = map[rune]rune{
	'b': '1', 'p': '1', 'f': '1', 'v': '1',
	'k': '2', 'q': '2', 'c': '2', 'g': '2',
	's': '3', 'z': '3',
	't': '4', 'd': '4',
	'l': '5', 'm': '6', 'n': '7', 'r': '8',
}

// romanised writes a word in Latin letters, well enough to compare how it sounds; false for a script it does not know.
func romanised(word string) (string, bool) {
	var out strings.Builder
	for _, r := range word {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case unicode.Is(unicode.Ethiopic, r):
			// Each row of eight is one consonant with its vowels.
			row := int(r-0x1200) / 8
			if r < 0x1200 || row >= len(ethiopic) {
				return "", false
			}
			out.WriteString(ethiopic[row])
			if ethiopic[row] != "a" {
				out.WriteByte('a')
			}
		default:
			latin, ok := letters[r]
			if !ok {
				return "", false
			}
			out.WriteString(latin)
		}
	}
	return out.String(), true
}

// ethiopic are the consonants of the rows from U+1200 on.
var ethiopic = []string{
	"h", "l", "h", "m", "s", "r", "s", "s", "q", "q", "q", "q", "b", "v", "t", "c", "h", "h", "n", "n", "a", "k", "k", "k", "k",
	"w", "a", "z", "z", "y", "d", "d", "j", "g", "g", "g", "t", "c", "p", "s", "s", "f", "p",
}

// letters are those of the scripts in which names come to us most: Arabic (with Persian, Pashto, Urdu and Kurdish), Cyrillic, Greek.
var letters = map[rune]string{
	'ا': "a", 'ب': "b", 'پ': "p", 'ت': "t", 'ٹ': "t", 'ث': "t", 'ج': "j", 'چ': "ch", 'ح': "ha", 'خ': "k", 'د': "d", 'ڈ': "d", 'ذ': "z",
	'ر': "r", 'ڑ': "r", 'ز': "z", 'ژ': "s", 'س': "s", 'ش': "s", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "a", 'غ': "g", 'ف': "f",
	'ق': "q", 'ک': "k", 'ك': "k", 'گ': "g", 'ل': "l", 'م': "m", 'ن': "n", 'ں': "n", 'ه': "ha", 'ہ': "ha", 'ھ': "h", 'ة': "a", 'و': "w",
	'ی': "y", 'ي': "y", 'ى': "a", 'ے': "e", 'ء': "", 'ۆ': "o", 'ێ': "e", 'ە': "e", 'ڕ': "r", 'ڵ': "l", 'ڤ': "v",
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "e", 'ж': "zh", 'з': "z", 'и': "i", 'і': "i", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch",
	'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n",
	'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "kh", 'ψ': "ps", 'ω': "o",
}

// sounding gives how the words of a name sound, each once.
func sounding(words []string) []string {
	var all []string
	for _, word := range words {
		all = append(all, sound(word))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
