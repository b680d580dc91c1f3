package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// Master is the key above all others: it wraps keys and seals nothing else. It prints as dots, and its zero value refuses.
type Master struct {
	hidden
	held func() *masterMaterial
}

type masterMaterial struct {
	secret [keyBytes]byte
	wrap   *subtle.AESGCM
}

const (
	masterMark = "waymark-key-1-"
	checkBytes = 4
)

// alphabet has no i, l, o and u, which are misread.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var letters = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// NewMaster makes a master key from the system's randomness.
func NewMaster() Master {
	var secret [keyBytes]byte
	for !fits(secret) { // so that it can be split; the first one nearly always can
		rand.Read(secret[:]) // never fails: without randomness Go ends the program
	}
	return masterOf(secret)
}

func masterOf(secret [keyBytes]byte) Master {
	wrap, err := subtle.NewAESGCM(derive(secret[:], "wrap"))
	if err != nil {
		panic(err) // only a wrong length does that, and it is a constant
	}
	m := &masterMaterial{secret: secret, wrap: wrap}
	return Master{held: func() *masterMaterial { return m }}
}

// ParseMaster reads what Text gave. White space around it does not matter.
func ParseMaster(text []byte) (Master, error) {
	rest, ok := strings.CutPrefix(string(bytes.TrimSpace(text)), masterMark)
	if !ok {
		return Master{}, errors.New("this is no master key: one begins with " + masterMark)
	}
	raw, err := letters.DecodeString(rest)
	if err != nil || len(raw) != keyBytes+checkBytes || letters.EncodeToString(raw) != rest {
		return Master{}, errors.New("this begins like a master key, but is too long, too short, or holds a letter that none has")
	}
	if !bytes.Equal(check("master", raw[:keyBytes]), raw[keyBytes:]) {
		return Master{}, errors.New("this looks like a master key, but a letter of it is wrong")
	}
	if !fits([keyBytes]byte(raw)) {
		return Master{}, errors.New("this looks like a master key, but no master key is so large, or 0")
	}
	return masterOf([keyBytes]byte(raw)), nil
}

// check is a checksum against typing mistakes. It tells 32 bits about 256.
func check(kind string, raw []byte) []byte {
	sum := sha256.Sum256(append([]byte("waymark check 1 "+kind+" "), raw...))
	return sum[:checkBytes]
}

// Reveal gives the key as one line of text, for the file that holds it and nowhere else. It panics without a key.
func (m Master) Reveal() []byte {
	secret := m.must().secret
	return []byte(masterMark + letters.EncodeToString(append(secret[:], check("master", secret[:])...)) + "\n")
}

// Fingerprint names the key without telling it: 3f2a-90c1-77de-0b42. It panics without a key.
func (m Master) Fingerprint() string {
	secret := m.must().secret
	digits := hex.EncodeToString(derive(secret[:], "fingerprint")[:8])
	return digits[:4] + "-" + digits[4:8] + "-" + digits[8:12] + "-" + digits[12:]
}

// IsZero reports a master key that was never made.
func (m Master) IsZero() bool { return m.held == nil }

func (m Master) must() *masterMaterial {
	if m.IsZero() {
		panic(NoKey)
	}
	return m.held()
}

// wrapLabel binds a wrapped key to the id it was wrapped for. No Label has these bytes: it begins otherwise.
func wrapLabel(id string) []byte { return appendPart([]byte("waymark wrap 1 "), id) }

// Wrap encrypts a key for storage under its id.
func (m Master) Wrap(id string, k Key) ([]byte, error) {
	if m.IsZero() || k.IsZero() {
		return nil, NoKey
	}
	root := k.held().root
	return sealWith(m.held().wrap, wrapLabel(id), root[:])
}

// Unwrap gives back the key that was wrapped under the same id, or Broken.
func (m Master) Unwrap(id string, wrapped []byte) (Key, error) {
	if m.IsZero() {
		return Key{}, NoKey
	}
	root, err := openWith(m.held().wrap, wrapLabel(id), wrapped)
	if err != nil {
		return Key{}, err
	}
	if len(root) != keyBytes {
		return Key{}, Broken
	}
	return keyOf([keyBytes]byte(root))
}
