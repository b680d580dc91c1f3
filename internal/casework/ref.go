package casework

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// refSigns are the letters and digits of a reference: none that is misread for another (0 O, 1 I L, 2 Z, 5 S, 8 B,
// U V, 6 G), and no vowels, so that chance spells nothing. Their number is prime, which is what makes the last sign
// catch every slip.
const refSigns = "23456789CDFHJKMNPQRTVWX"

const refLength = 8

// newRef gives a reference by chance: it tells nothing of when, where or whose. The last sign checks the others.
func newRef() string {
	var b [refLength]byte
	for i := range refLength - 1 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(refSigns))))
		if err != nil {
			panic(err) // crypto/rand never fails on the systems that Go supports
		}
		b[i] = refSigns[n.Int64()]
	}
	b[refLength-1] = refCheck(string(b[:refLength-1]))
	return string(b[:])
}

// refCheck gives the sign that makes the weighted sum divisible. The weights all differ and none is nothing, and the
// number of signs is prime; so a wrong sign, or two that changed places, never give the same sum.
func refCheck(first string) byte {
	sum := 0
	for i := range len(first) {
		sum += (i + 1) * strings.IndexByte(refSigns, first[i])
	}
	for v := range len(refSigns) {
		if (sum+refLength*v)%len(refSigns) == 0 {
			return refSigns[v]
		}
	}
	panic("the number of signs is not prime")
}

// readRef takes a reference as somebody typed it, with spaces or in small letters, and reports whether it can be one.
func readRef(typed string) (string, bool) {
	ref := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(ref) != refLength || strings.Trim(ref, refSigns) != "" {
		return "", false
	}
	return ref, refCheck(ref[:refLength-1]) == ref[refLength-1]
}

// shownRef is a reference as people read it out: four and four.
func shownRef(ref string) string {
	if len(ref) != refLength {
		return ref
	}
	return ref[:4] + " " + ref[4:]
}
