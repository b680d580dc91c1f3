package seal

import (
	"bytes"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/secretsharing"
)

// Share is one of three parts of a master key. Any two give the key back; one alone tells nothing about it. It prints as
// dots.
type Share struct {
	hidden
	held func() shareMaterial
}

type shareMaterial struct {
	number byte              // 1, 2 or 3
	set    [setBytes]byte    // the beginning of the key's fingerprint: which key this is a part of
	value  [scalarBytes]byte // the value of Shamir's line at number
}

const (
	// Shares is how many parts there are.
	Shares = 3
	// Needed is how many of them give the key back.
	Needed = 2
	// ShareLines is how many lines a part has when it is written down.
	ShareLines = 6

	setBytes    = 4
	scalarBytes = 32
	lineLetters = 10 // and two more, which show a typing mistake
	lineWhole   = lineLetters + 2
	linePrime   = 1021 // the largest prime that two letters can tell
)

// field is where Shamir's arithmetic is done: the numbers below the order of P-256, a little less than 2^256.
var field = group.P256

// fits reports a secret that is a number of the field, and not 0. One in four thousand million is not.
func fits(secret [keyBytes]byte) bool {
	n := new(big.Int).SetBytes(secret[:])
	return n.Sign() > 0 && n.Cmp(elliptic.P256().Params().N) < 0
}

// Split makes three new parts. Parts of two splits do not go together.
func (m Master) Split() ([Shares]Share, error) {
	if m.IsZero() {
		return [Shares]Share{}, NoKey
	}
	secret, err := scalar(m.held().secret)
	if err != nil {
		return [Shares]Share{}, err
	}
	var all [Shares]Share
	for i, part := range secretsharing.New(rand.Reader, Needed-1, secret).Share(Shares) {
		value, err := part.Value.MarshalBinary()
		if err != nil {
			return [Shares]Share{}, err
		}
		all[i] = shareOf(shareMaterial{byte(i + 1), m.set(), [scalarBytes]byte(value)})
	}
	return all, nil
}

func shareOf(s shareMaterial) Share { return Share{held: func() shareMaterial { return s }} }

// set is the beginning of the fingerprint.
func (m Master) set() [setBytes]byte {
	raw, err := hex.DecodeString(strings.ReplaceAll(m.Fingerprint(), "-", ""))
	if err != nil {
		panic(err) // a fingerprint is hexadecimal
	}
	return [setBytes]byte(raw)
}

// scalar reads a number of the field. It refuses one that is too large, where the library would take what remains of it.
func scalar(raw [scalarBytes]byte) (group.Scalar, error) {
	s := field.NewScalar()
	if err := s.UnmarshalBinary(raw[:]); err != nil {
		return nil, err
	}
	if back, err := s.MarshalBinary(); err != nil || !bytes.Equal(back, raw[:]) {
		return nil, errors.New("this number is not one of those that parts are made of")
	}
	return s, nil
}

// Join gives the key back from two of its parts, in either order.
func Join(a, b Share) (Master, error) {
	if a.held == nil || b.held == nil {
		return Master{}, NoKey
	}
	first, second := a.held(), b.held()
	switch {
	case first.set != second.set:
		return Master{}, errors.New("these two parts belong to two different keys")
	case first.number == second.number && first.value == second.value:
		return Master{}, fmt.Errorf("both are part %d; it takes two different parts", first.number)
	case first.number == second.number:
		return Master{}, fmt.Errorf("both say that they are part %d, but they differ: they were made at two times, and do not go together", first.number)
	}
	parts := make([]secretsharing.Share, 0, Needed)
	for _, s := range []shareMaterial{first, second} {
		value, err := scalar(s.value)
		if err != nil {
			return Master{}, err
		}
		parts = append(parts, secretsharing.Share{ID: field.NewScalar().SetUint64(uint64(s.number)), Value: value})
	}
	secret, err := secretsharing.Recover(Needed-1, parts)
	if err != nil {
		return Master{}, err
	}
	raw, err := secret.MarshalBinary()
	if err != nil {
		return Master{}, err
	}
	m := masterOf([keyBytes]byte(raw))
	if m.set() != first.set {
		return Master{}, errors.New("the two parts do not make the key that both name: they were made at two times, or a letter is wrong all the same; compare every line with the paper")
	}
	return m, nil
}

// Number says which of the three it is. It panics without a share.
func (s Share) Number() int { return int(s.held().number) }

// Set is the beginning of the fingerprint of the key it is a part of. It panics without a share.
func (s Share) Set() string {
	set := s.held().set
	digits := hex.EncodeToString(set[:])
	return digits[:4] + "-" + digits[4:]
}

// Reveal gives the six lines that are written down, each of three groups of four letters. It panics without a share.
func (s Share) Reveal() [ShareLines]string {
	held := s.held()
	raw := append([]byte{version<<4 | held.number}, held.set[:]...)
	text := letters.EncodeToString(append(raw, held.value[:]...))
	var lines [ShareLines]string
	for i := range lines {
		line := text[i*lineLetters : (i+1)*lineLetters]
		line += checkLetters(i+1, line)
		lines[i] = line[:4] + " " + line[4:8] + " " + line[8:]
	}
	return lines
}

// checkLetters are two letters from the rest of a line and its number. Reading the line as a number and dividing by a
// prime, they show every wrong letter, every two letters that changed places, and every two lines that did.
func checkLetters(number int, line string) string {
	n := number
	for _, letter := range line {
		n = (n*32 + strings.IndexRune(alphabet, letter)) % linePrime
	}
	return string(alphabet[n/32]) + string(alphabet[n%32])
}

// LineError says in which line of a part a mistake is.
type LineError struct {
	Line int // from 1
	Why  string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d %s", e.Line, e.Why) }

var lookAlike = strings.NewReplacer("o", "0", "i", "1", "l", "1", " ", "", "-", "", ".", "", ":", "", "\t", "", "\r", "")

// CheckLine looks at one line as somebody typed it, and gives it as it should be. Capital letters, other gaps, the number
// of the line in front, and letters that look alike do not matter.
func CheckLine(number int, typed string) (string, error) {
	line := lookAlike.Replace(strings.ToLower(typed))
	if len(line) == lineWhole+1 && int(line[0]) == '0'+number {
		line = line[1:]
	}
	for i, letter := range line {
		if !strings.ContainsRune(alphabet, letter) {
			return "", &LineError{number, fmt.Sprintf("has at place %d something that is in no part", i+1)}
		}
	}
	if len(line) != lineWhole {
		return "", &LineError{number, fmt.Sprintf("has %d letters and digits, not %d", len(line), lineWhole)}
	}
	if line[lineLetters:] != checkLetters(number, line[:lineLetters]) {
		return "", &LineError{number, "has a mistake: a wrong letter, or two that changed places; compare it with the paper"}
	}
	return line, nil
}

// ParseShare reads a part as Reveal gave it, or as somebody typed it. Empty lines do not matter.
func ParseShare(text string) (Share, error) {
	var payload strings.Builder
	n := 0
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if n++; n > ShareLines {
			return Share{}, fmt.Errorf("a part has %d lines, and this has more", ShareLines)
		}
		good, err := CheckLine(n, line)
		if err != nil {
			return Share{}, err
		}
		payload.WriteString(good[:lineLetters])
	}
	if n < ShareLines {
		return Share{}, fmt.Errorf("a part has %d lines, and this has %d", ShareLines, n)
	}
	raw, err := letters.DecodeString(payload.String())
	if err != nil || letters.EncodeToString(raw) != payload.String() || len(raw) != 1+setBytes+scalarBytes {
		return Share{}, &LineError{ShareLines, "ends in a letter that no part ends in"}
	}
	s := shareMaterial{number: raw[0] & 0x0f, set: [setBytes]byte(raw[1:]), value: [scalarBytes]byte(raw[1+setBytes:])}
	switch {
	case raw[0]>>4 != version:
		return Share{}, errors.New("this part was made by another version of the program")
	case s.number < 1 || s.number > Shares:
		return Share{}, errors.New("this is none of the three parts")
	}
	if _, err := scalar(s.value); err != nil {
		return Share{}, err
	}
	return shareOf(s), nil
}
