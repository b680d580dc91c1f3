package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"waymark/internal/seal"
)

// NewToken makes what opens a session or a link: 256 bits by chance. Only its hash is kept.
func NewToken() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: without randomness Go ends the program
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashed is what is kept of a token. One round is enough: there is nothing to guess.
func hashed(token string) []byte {
	sum := sha256.Sum256([]byte("waymark token 1 " + token))
	return sum[:]
}

// letters of codes that people read and type: none that looks like another.
const letters = "23456789abcdefghjkmnpqrstuvwxyz"

// newCode makes a code of three groups of four: about 59 bits.
func newCode() string {
	var b strings.Builder
	for i := range 12 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[below(len(letters))])
	}
	return b.String()
}

// below draws a number below n, each as likely as the other.
func below(n int) int {
	for {
		var b [1]byte
		rand.Read(b[:])
		if int(b[0]) < 256-256%n {
			return int(b[0]) % n
		}
	}
}

// plainCode is a code as it is compared: whatever somebody put between its letters, and capitals, do not matter.
func plainCode(typed string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		}
		return -1
	}, normal(typed))
}

// An authenticator app shows six digits that follow from a secret and the half minute: RFC 6238, as every app knows it.
const (
	period = 30 // seconds
	drift  = 1  // periods that a telephone's clock may be off, either way
	digits = 6
)

// Enrolment is what an authenticator app must be told once.
type Enrolment struct {
	Secret  seal.Text // to type
	Address seal.Text // otpauth://…, for the picture to scan
}

func newSecret() string {
	var b [20]byte
	rand.Read(b[:])
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// enrolment writes a secret as apps read it. issuer and label are what the app shows its owner.
func enrolment(secret, issuer, label string) (Enrolment, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return Enrolment{}, fmt.Errorf("read the secret of an authenticator: %w", err)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: label, Secret: raw, Period: period, Digits: digits})
	if err != nil {
		return Enrolment{}, fmt.Errorf("write the secret of an authenticator: %w", err)
	}
	return Enrolment{Secret: seal.Hide(secret), Address: seal.Hide(key.URL())}, nil
}

// stepOf finds the half minute for which a code is right: now, or one before or after. A code counts once: what is not
// newer than last is refused, also when it is right.
func stepOf(secret, typed string, now time.Time, last int64) (step int64, ok bool) {
	typed = plainCode(typed)
	at := now.Unix() / period
	for near := at - drift; near <= at+drift; near++ {
		right, err := totp.GenerateCodeCustom(secret, time.Unix(near*period, 0), totp.ValidateOpts{Period: period, Digits: otp.Digits(digits)})
		if err == nil && subtle.ConstantTimeCompare([]byte(right), []byte(typed)) == 1 && near > last {
			step, ok = near, true
		}
	}
	return step, ok
}

// isAuthenticatorCode reports that what was typed has the form of an app's code, and so is none of the longer ones.
func isAuthenticatorCode(typed string) bool {
	typed = plainCode(typed)
	return len(typed) == digits && strings.IndexFunc(typed, func(c rune) bool { return c < '0' || c > '9' }) < 0
}
