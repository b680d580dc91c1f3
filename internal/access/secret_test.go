package access

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"
)

func TestPasswordsThatManyPeopleUseAreRefused(t *testing.T) {
	for password, want := range map[string]Fault{
		"":                      TooShort,
		"short":                 TooShort,
		"thirteen-sign":         TooShort,
		"12345678901234":        TooCommon,
		"aaaaaaaaaaaaaaaaaa":    TooCommon,
		"password123456":        TooCommon,
		"Password2024!!":        TooCommon,
		"P@ssw0rdP@ssw0rd":      TooCommon,
		"qwertyuiopasdfgh":      TooCommon,
		"letmeinletmeinletmein": TooCommon,
		"Summer2026London!":     TooCommon,
		"1qaz2wsx3edc4rfv":      TooCommon,
		"waymarkwaymark1":       TooCommon,
		"michaeljackson":        TooCommon,
		"Okonkwo-Bexley-2026":   TooCommon, // both are about the person
		"ｐａｓｓｗｏｒｄ１２３４５６":                   TooCommon, // wide letters are the same letters
		strings.Repeat("ab ", 100):         TooLong,
		"herring lantern teacup":           "",
		"coffee train fish":                "", // three words, as people are advised
		"ሰላም ለዓለም ሰላም ይሁን":                 "",
		"a long sentence that nobody says": "",
		"vTq8-mmeW-2kzp-77":                "",
	} {
		if got := FaultOf(password, "Ada Okonkwo", "ada@bexley.example"); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestLengthIsCountedInSignsNotInBytes(t *testing.T) {
	if got := FaultOf("ሰላምለዓለምሁሉ"); got != TooShort { // 10 signs, 30 bytes
		t.Errorf("got %q", got)
	}
}

func TestAPasswordIsTheSameHoweverTheKeyboardWritesIt(t *testing.T) {
	store := &Store{work: strength}
	kept, err := store.hash("caf\u00e9 au lait, s'il vous plait")
	if err != nil {
		t.Fatal(err)
	}
	ok, weak, err := store.matches("cafe\u0301 au lait, s'il vous plait", kept)
	if err != nil || !ok || weak {
		t.Errorf("composed and decomposed differ: %v %v %v", ok, weak, err)
	}
	if ok, _, _ := store.matches("cafe au lait, s'il vous plait", kept); ok {
		t.Error("another password was taken")
	}
	if !strings.HasPrefix(kept, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("kept as %.30s", kept)
	}
	weaker := &Store{work: argon2id.Params{Memory: 64 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	kept, err = weaker.hash("herring lantern teacup")
	if _, weak, _ := store.matches("herring lantern teacup", kept); err != nil || !weak {
		t.Error("a hash made with less work is not found weak")
	}
}

func TestACodeOfTheAuthenticatorCountsOnceAndMayBeHalfAMinuteOff(t *testing.T) {
	secret := newSecret()
	now := time.Date(2026, 11, 24, 2, 0, 10, 0, time.UTC)
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	step, ok := stepOf(secret, code(now), now, 0)
	if !ok {
		t.Fatal("the right code was refused")
	}
	if _, again := stepOf(secret, code(now), now.Add(5*time.Second), step); again {
		t.Error("a code was taken twice")
	}
	if _, ok := stepOf(secret, code(now)[:3]+" "+code(now)[3:], now, 0); !ok {
		t.Error("a space in a code matters")
	}
	for _, off := range []time.Duration{-30 * time.Second, 30 * time.Second} {
		if _, ok := stepOf(secret, code(now.Add(off)), now, 0); !ok {
			t.Errorf("a telephone that is %v off was refused", off)
		}
	}
	for _, off := range []time.Duration{-90 * time.Second, 90 * time.Second} {
		if _, ok := stepOf(secret, code(now.Add(off)), now, 0); ok && code(now.Add(off)) != code(now) {
			t.Errorf("a code %v off was taken", off)
		}
	}
	// After the code of the next half minute was used, the one before it is worth nothing.
	later, _ := stepOf(secret, code(now.Add(30*time.Second)), now, 0)
	if _, ok := stepOf(secret, code(now), now, later); ok {
		t.Error("an older code was taken after a newer one")
	}
	if e, err := enrolment(secret, "Waymark Ashmere", "ada"); err != nil || !strings.HasPrefix(e.Address.Reveal(), "otpauth://totp/Waymark%20Ashmere:ada?") {
		t.Errorf("%v %s", err, e.Address.Reveal())
	}
}

func TestCodesToTypeHaveNoLettersThatLookAlike(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		c := newCode()
		if !regexp.MustCompile(`^[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){2}$`).MatchString(c) || seen[c] {
			t.Fatal(c)
		}
		seen[c] = true
		if plainCode(" "+strings.ToUpper(c)+" ") != strings.ReplaceAll(c, "-", "") {
			t.Fatal("capitals or spaces matter")
		}
	}
	if one, other := NewToken(), NewToken(); one == other || len(one) != 43 {
		t.Error("tokens")
	}
}

func TestABrakeWaitsLongerEachTimeButNeverLongerThanItsLimit(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	for _, b := range []brake{byPair, bySource, byDevice, byCode, byAccount} {
		var c count
		before := time.Duration(0)
		for i := range 200 {
			wait := b.wait(c, now)
			switch {
			case i < b.free && wait != 0:
				t.Errorf("failure %d of %d free ones waits %v", i, b.free, wait)
			case wait < before && before <= b.most/2, wait > b.most:
				t.Errorf("failure %d waits %v after %v", i, wait, before)
			}
			before = wait
			now = now.Add(wait)
			c = b.failed(c, now)
		}
		if wait := b.wait(c, now); wait != b.most {
			t.Errorf("after 200 failures the wait is %v, not %v", wait, b.most)
		}
		if wait := b.wait(c, now.Add(40*b.fade)); wait != 0 {
			t.Errorf("long after, the wait is %v", wait)
		}
		if wait := b.wait(c, now.Add(-time.Hour)); wait > b.most {
			t.Errorf("a clock that jumped back makes somebody wait %v", wait)
		}
	}
}
