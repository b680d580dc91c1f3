// Package seal keeps words from those who hold the disk but not the key: text that cannot print itself, and encryption
// that is bound to the field, the row and the version it was made for. It is pure: it stores nothing and reads no file.
// Which key belongs to which case is the business of keys.
package seal

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// Broken is the one error of everything that does not open: wrong key, wrong label or changed bytes. Telling them apart
// would help only somebody who tries.
var Broken = errors.New("what was sealed does not open: another key, another place, or changed bytes")

// NoKey is the error of a key that was never made: the zero value seals nothing.
var NoKey = errors.New("there is no key to seal with")

const (
	keyBytes = 32
	version  = 1  // the first byte of whatever this package writes
	block    = 64 // lengths are rounded up to this, so that they tell less
)

// Label says for which place something was sealed. It opens only under the same label, so that nobody can move a sealed
// answer to another question, another child or an older version.
type Label struct {
	Field   string // a stable name, such as "answer.body"; never changed once rows exist
	Row     string // the id of the row
	Version int64  // the version of the row
}

// bytes is the label as associated data. Every part carries its length, so no two labels have the same bytes.
func (l Label) bytes() []byte {
	b := make([]byte, 0, 32+len(l.Field)+len(l.Row))
	b = append(b, version)
	b = appendPart(b, l.Field)
	b = appendPart(b, l.Row)
	return binary.BigEndian.AppendUint64(b, uint64(l.Version))
}

func appendPart(b []byte, part string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(part)))
	return append(b, part...)
}

// Key seals and opens. It prints as dots, and its zero value refuses.
type Key struct {
	hidden
	held func() *material // a function, because reflection cannot look into one: not even fmt's can
}

// material is a key with what is derived from it: one key for each use, so that no two uses share a nonce or a proof.
type material struct {
	root  [keyBytes]byte
	value *subtle.AESGCM
}

// NewKey makes a key from the system's randomness.
func NewKey() (Key, error) {
	var root [keyBytes]byte
	rand.Read(root[:]) // never fails: without randomness Go ends the program
	return keyOf(root)
}

func keyOf(root [keyBytes]byte) (Key, error) {
	value, err := subtle.NewAESGCM(derive(root[:], "value"))
	if err != nil {
		return Key{}, err
	}
	m := &material{root: root, value: value}
	return Key{held: func() *material { return m }}, nil
}

// derive gives 32 bytes for one use of a secret.
func derive(secret []byte, use string) []byte {
	out, err := hkdf.Key(sha256.New, secret, nil, "waymark seal 1 "+use, keyBytes)
	if err != nil {
		panic(err) // only a length beyond HKDF's limit does that
	}
	return out
}

// IsZero reports a key that was never made.
func (k Key) IsZero() bool { return k.held == nil }

// Seal encrypts plain for the place that the label names. The result is a little longer than plain, and its length tells
// plain's only roughly.
func (k Key) Seal(l Label, plain []byte) ([]byte, error) {
	if k.IsZero() {
		return nil, NoKey
	}
	return sealWith(k.held().value, l.bytes(), pad(plain))
}

// Open gives back what was sealed under the same label, or Broken.
func (k Key) Open(l Label, sealed []byte) ([]byte, error) {
	if k.IsZero() {
		return nil, NoKey
	}
	padded, err := openWith(k.held().value, l.bytes(), sealed)
	if err != nil {
		return nil, err
	}
	return unpad(padded)
}

// Derive gives 32 bytes that only this key gives for this purpose, for machinery that needs a key of its own. It panics
// without a key, since zeroes would look like one.
func (k Key) Derive(purpose string) []byte {
	if k.IsZero() {
		panic(NoKey)
	}
	return derive(k.held().root[:], "derive "+purpose)
}

func sealWith(aead *subtle.AESGCM, label, plain []byte) ([]byte, error) {
	sealed, err := aead.Encrypt(plain, label)
	if err != nil {
		return nil, err
	}
	return append([]byte{version}, sealed...), nil
}

func openWith(aead *subtle.AESGCM, label, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != version {
		return nil, Broken
	}
	plain, err := aead.Decrypt(sealed[1:], label)
	if err != nil {
		return nil, Broken
	}
	return plain, nil
}

// pad adds one bit and zeroes up to the next whole block: "yes" and "no" are of one length then.
func pad(plain []byte) []byte {
	padded := make([]byte, (len(plain)/block+1)*block)
	copy(padded, plain)
	padded[len(plain)] = 0x80
	return padded
}

func unpad(padded []byte) ([]byte, error) {
	for i := len(padded) - 1; i >= 0; i-- {
		switch padded[i] {
		case 0:
		case 0x80:
			return padded[:i:i], nil
		default:
			return nil, Broken
		}
	}
	return nil, Broken
}
