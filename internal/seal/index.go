package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// Index makes blind indexes: values by which a row is found without its words being in the database. Equal words give
// equal values, so whoever holds the database sees that two rows are alike, though not what they say. It prints as dots.
type Index struct {
	hidden
	sum func(message []byte) []byte
}

// Index gives the blind index of this key. It panics without a key, since everybody could compute what zeroes give.
func (k Key) Index() Index {
	if k.IsZero() {
		panic(NoKey)
	}
	secret := derive(k.held().root[:], "index")
	return Index{sum: func(message []byte) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write(message)
		return mac.Sum(nil)
	}}
}

// Blind gives 32 bytes for these parts together, such as a name's sound and a birth year: the parts alone are few enough
// to be guessed by whoever counts. The caller brings them into one form first (NFC, folded). It panics without a key.
func (x Index) Blind(kind string, parts ...string) []byte {
	if x.sum == nil {
		panic(NoKey)
	}
	message := appendPart(nil, kind)
	message = binary.BigEndian.AppendUint64(message, uint64(len(parts)))
	for _, part := range parts {
		message = appendPart(message, part)
	}
	return x.sum(message)
}
