package access

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// What a password must be. There are no rules about its letters: length is what helps.
const (
	PasswordLeast = 14  // signs
	PasswordMost  = 256 // signs; longer ones only keep the machine busy
)

// Fault says what is wrong with a password somebody chose: a code, for which account has the words.
type Fault string

// The faults. None is "".
const (
	TooShort  Fault = "short"
	TooLong   Fault = "long"
	TooCommon Fault = "common"
)

// normal brings a password into the form in which it is compared: the same key presses give different signs on
// different devices.
func normal(password string) string { return norm.NFKC.String(password) }

// FaultOf looks at a password somebody chose. about are words that others would try first: names and addresses of the
// person and of their team.
func FaultOf(password string, about ...string) Fault {
	password = normal(password)
	n := utf8.RuneCountInString(password)
	switch {
	case n < PasswordLeast:
		return TooShort
	case n > PasswordMost:
		return TooLong
	case common(password, about):
		return TooCommon
	}
	return ""
}

// commonWords are passwords, and words in passwords, that very many people use: the long ones whole, and the most used
// of the short ones. NOTICE says where they come from.
//
//go:embed common.txt
var commonText string

var commonWords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.Lines(commonText) {
		all[strings.TrimSpace(word)] = true
	}
	return all
})

const (
	commonMost  = 2  // a password of so many common words, and nothing but padding, is one that programs try
	longestWord = 24 // signs
	shortRun    = 4  // of digits, such as a year: padding
)

// rows of keys that lie side by side, there and back.
var rows = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz",
	"poiuytrewq", "lkjhgfdsa", "mnbvcxz", "098765" + "4321", "zyxwvutsrqponmlkjihgfedcba"}

// unmask writes the signs that people put for letters as those letters.
var unmask = strings.NewReplacer("4", "a", "@", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// common reports a password that is made of at most two common words, once or repeated, with words about the person, digits,
// neighbours on the keyboard and punctuation around them.
func common(password string, about []string) bool {
	raw := []rune(strings.ToLower(password))
	plain := []rune(unmask.Replace(string(raw)))
	if len(plain) != len(raw) {
		plain = raw
	}
	own := ownWords(about)
	const never = 1 << 20
	least := make([]int, len(raw)+1) // the fewest words that explain the password up to there
	for end := 1; end <= len(raw); end++ {
		least[end] = never
		for begin := end - 1; begin >= 0; begin-- {
			if least[begin] == never {
				continue
			}
			cost := never
			switch piece := string(raw[begin:end]); {
			case padding(raw[begin:end]), repeated(raw, begin, end), own[piece], own[string(plain[begin:end])]:
				cost = 0
			case end-begin <= longestWord && end-begin >= 3 && (commonWords()[piece] || commonWords()[string(plain[begin:end])]):
				cost = 1
			}
			least[end] = min(least[end], least[begin]+cost)
		}
	}
	return least[len(raw)] <= commonMost
}

// ownWords are the words that are about the person: not whole addresses only, but their parts.
func ownWords(about []string) map[string]bool {
	all := map[string]bool{}
	for _, one := range about {
		for _, word := range strings.FieldsFunc(strings.ToLower(normal(one)), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			if utf8.RuneCountInString(word) >= 3 {
				all[word] = true
			}
		}
	}
	return all
}

// padding is what adds nothing: one sign that is no letter, a few digits, one sign many times, a walk along the keys.
func padding(piece []rune) bool {
	if len(piece) == 1 {
		return !unicode.IsLetter(piece[0])
	}
	digits, same := true, true
	for _, c := range piece {
		digits = digits && unicode.IsDigit(c)
		same = same && c == piece[0]
	}
	if same || digits && len(piece) <= shortRun {
		return true
	}
	if len(piece) < 4 {
		return false
	}
	for _, row := range rows {
		if strings.Contains(row, string(piece)) {
			return true
		}
	}
	return false
}

// repeated reports that a piece says again what stands right before it.
func repeated(all []rune, begin, end int) bool {
	n := end - begin
	return n >= 2 && begin >= n && string(all[begin-n:begin]) == string(all[begin:end])
}

// strength is how much work one guess is: 64 MB and about a quarter of a second of one core.
var strength = argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hash makes what is kept of a password. It is slow on purpose; the gate says how many may run.
func (s *Store) hash(password string) (string, error) {
	work := s.work
	return argon2id.CreateHash(normal(password), &work)
}

// matches compares a password with what was kept of it. weak says that it was kept with less work than today's.
func (s *Store) matches(password, kept string) (ok, weak bool, err error) {
	ok, params, err := argon2id.CheckHash(normal(password), kept)
	if err != nil {
		return false, false, err
	}
	return ok, params.Memory < s.work.Memory || params.Iterations < s.work.Iterations, nil
}

// nobodys is what an unknown name's password is compared with, so that a stranger cannot tell known from unknown names
// by the time an answer takes.
func (s *Store) nobodys() (string, error) {
	s.once.Do(func() { s.nobody, s.nobodyErr = s.hash(NewToken()) })
	return s.nobody, s.nobodyErr
}
