package seal

import (
	"bytes"
	"crypto/elliptic"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func split(t interface{ Fatal(...any) }, m Master) [Shares]Share {
	all, err := m.Split()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(s Share) string { lines := s.Reveal(); return strings.Join(lines[:], "\n") }

func TestAnyTwoOfThreePartsGiveTheKeyBack(t *testing.T) {
	for range 20 {
		m := NewMaster()
		parts := split(t, m)
		for i := range parts {
			for j := range parts {
				if i == j {
					continue
				}
				a, err := ParseShare(write(parts[i]))
				if err != nil {
					t.Fatal(err)
				}
				b, err := ParseShare(write(parts[j]))
				if err != nil {
					t.Fatal(err)
				}
				back, err := Join(a, b)
				if err != nil || !bytes.Equal(back.Reveal(), m.Reveal()) {
					t.Errorf("parts %d and %d: %v", a.Number(), b.Number(), err)
				}
				if a.Number() != i+1 || !strings.HasPrefix(m.Fingerprint(), a.Set()) {
					t.Errorf("part %d of %s says it is part %d of %s", i+1, m.Fingerprint(), a.Number(), a.Set())
				}
			}
		}
	}
}

func TestTheSmallestAndTheLargestKeyCanBeSplit(t *testing.T) {
	var one, most, order [keyBytes]byte
	one[keyBytes-1] = 1
	elliptic.P256().Params().N.FillBytes(order[:])
	most = order
	most[keyBytes-1]--
	for _, secret := range [][keyBytes]byte{one, most} {
		m := masterOf(secret)
		parts := split(t, m)
		if back, err := Join(parts[0], parts[2]); err != nil || back.Fingerprint() != m.Fingerprint() {
			t.Errorf("%x: %v", secret, err)
		}
		if _, err := ParseMaster(m.Reveal()); err != nil {
			t.Error(err)
		}
	}
	for _, secret := range [][keyBytes]byte{{}, order} {
		if _, err := ParseMaster(masterOf(secret).Reveal()); err == nil {
			t.Errorf("%x cannot be split, but was read", secret)
		}
	}
	if _, err := masterOf(order).Split(); err == nil {
		t.Error("a key that is no number of the field was split")
	}
}

// Whatever the key is, part 1 may be any number: for each other key there is a part 2 that leads to it.
func TestOnePartAloneLeadsToAnyKey(t *testing.T) {
	m, other := NewMaster(), NewMaster()
	first := split(t, m)[0].held()
	elsewhere, err := scalar(other.held().secret)
	if err != nil {
		t.Fatal(err)
	}
	value, err := scalar(first.value)
	if err != nil {
		t.Fatal(err)
	}
	// The line through (0, other key) and (1, first part) has at 2 the height 2·first − other.
	second := field.NewScalar().Add(value, value)
	second.Sub(second, elsewhere)
	raw, err := second.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	forged := shareMaterial{2, other.set(), [scalarBytes]byte(raw)}
	first.set = other.set()
	back, err := Join(shareOf(first), shareOf(forged))
	if err != nil || back.Fingerprint() != other.Fingerprint() {
		t.Error(err)
	}
}

func TestPartsThatDoNotGoTogetherAreNamed(t *testing.T) {
	m := NewMaster()
	now, before, other := split(t, m), split(t, m), split(t, NewMaster())
	for want, pair := range map[string][2]Share{
		"belong to two different keys":  {now[0], other[1]},
		"both are part 2":               {now[1], now[1]},
		"both say that they are part 3": {now[2], before[2]},
		"do not make the key that both": {now[0], before[1]},
		"there is no key":               {now[0], {}},
	} {
		if _, err := Join(pair[0], pair[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestEveryTypingMistakeIsNamedByItsLine(t *testing.T) {
	part := split(t, NewMaster())[1]
	lines := part.Reveal()
	wrong := func(why string, line int, typed [ShareLines]string) {
		t.Helper()
		var found *LineError
		if _, err := ParseShare(strings.Join(typed[:], "\n")); !errors.As(err, &found) || found.Line != line {
			t.Errorf("%s in line %d: %v", why, line, err)
		}
	}
	for i, line := range lines {
		plain := strings.ReplaceAll(line, " ", "")
		for at := range plain {
			for _, letter := range alphabet {
				typed := lines
				if typed[i] = plain[:at] + string(letter) + plain[at+1:]; typed[i] != plain {
					wrong("a wrong letter", i+1, typed)
				}
			}
			for and := at + 1; and < len(plain); and++ {
				swapped := []byte(plain)
				swapped[at], swapped[and] = swapped[and], swapped[at]
				typed := lines
				if typed[i] = string(swapped); typed[i] != plain {
					wrong("two letters that changed places", i+1, typed)
				}
			}
			typed := lines
			typed[i] = plain[:at] + plain[at+1:]
			wrong("a letter too few", i+1, typed)
			typed[i] = plain[:at] + "u" + plain[at+1:]
			wrong("a letter that is in no part", i+1, typed)
		}
		typed := lines
		typed[i] = plain + "7"
		wrong("a letter too many", i+1, typed)
	}
	for i := range lines {
		for j := i + 1; j < ShareLines; j++ {
			typed := lines
			typed[i], typed[j] = typed[j], typed[i]
			if lines[i] != lines[j] {
				wrong("two lines that changed places", i+1, typed)
			}
		}
	}
	for n, text := range map[string]string{"and this has 5": strings.Join(lines[:5], "\n"), "and this has more": write(part) + "\n" + lines[5], "and this has 0": ""} {
		if _, err := ParseShare(text); err == nil || !strings.Contains(err.Error(), n) {
			t.Errorf("%s: %v", n, err)
		}
	}
}

func TestAPartMayBeTypedAsPeopleType(t *testing.T) {
	m := NewMaster()
	parts := split(t, m)
	other := parts[0]
	rapid.Check(t, func(t *rapid.T) {
		lines := parts[2].Reveal()
		for i, line := range lines {
			if rapid.Bool().Draw(t, "capitals") {
				line = strings.ToUpper(line)
			}
			line = strings.ReplaceAll(line, "0", rapid.SampledFrom([]string{"0", "o", "O"}).Draw(t, "zero"))
			line = strings.ReplaceAll(line, "1", rapid.SampledFrom([]string{"1", "l", "I", "i", "L"}).Draw(t, "one"))
			line = strings.ReplaceAll(line, " ", rapid.SampledFrom([]string{"", " ", "-", "  "}).Draw(t, "gap"))
			lines[i] = rapid.SampledFrom([]string{"", " ", fmt.Sprint(i+1, " "), fmt.Sprint(i+1, ". ")}).Draw(t, "number") + line + rapid.SampledFrom([]string{"", " ", "\r", "\n"}).Draw(t, "end")
		}
		part, err := ParseShare(strings.Join(lines[:], "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Join(part, other); err != nil || back.Fingerprint() != m.Fingerprint() {
			t.Fatal(err)
		}
	})
}

func TestAPartCannotBePrinted(t *testing.T) {
	part := split(t, NewMaster())[0]
	secret := part.held().value
	text := printed(t, part) + printed(t, struct{ s Share }{part})
	for _, forbidden := range []string{part.Reveal()[2], strings.ReplaceAll(part.Reveal()[2], " ", ""), fmt.Sprintf("%x", secret[:5]), fmt.Sprint(secret[:5])[1:], fmt.Sprintf("% x", secret[:5])} {
		if strings.Contains(text, forbidden) {
			t.Errorf("it prints %q", forbidden)
		}
	}
}

func FuzzParseShare(f *testing.F) {
	m := NewMaster()
	parts := split(f, m)
	f.Add(write(parts[0]))
	f.Add(write(parts[1])[:40])
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		part, err := ParseShare(text)
		if err != nil {
			return
		}
		if again, err := ParseShare(write(part)); err != nil || write(again) != write(part) {
			t.Fatal(err)
		}
		if back, err := Join(part, parts[2]); err == nil && back.Fingerprint() != m.Fingerprint() {
			t.Fatal("another key came out")
		}
	})
}
