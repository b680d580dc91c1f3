package seal

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func newKey(t interface{ Fatal(...any) }) Key {
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestWhatWasSealedOpensUnderTheSameKeyAndLabel(t *testing.T) {
	key := newKey(t)
	rapid.Check(t, func(t *rapid.T) {
		label := drawLabel(t)
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed, err := key.Seal(label, plain)
		if err != nil {
			t.Fatal(err)
		}
		if len(plain) > 3 && bytes.Contains(sealed, plain) {
			t.Fatal("the sealed bytes hold the plain ones")
		}
		opened, err := key.Open(label, sealed)
		if err != nil || !bytes.Equal(opened, plain) {
			t.Fatalf("%x came back as %x (%v)", plain, opened, err)
		}
	})
}

func drawLabel(t *rapid.T) Label {
	return Label{rapid.String().Draw(t, "field"), rapid.String().Draw(t, "row"), rapid.Int64().Draw(t, "version")}
}

func TestNothingOpensUnderAnotherFieldRowOrVersion(t *testing.T) {
	key := newKey(t)
	rapid.Check(t, func(t *rapid.T) {
		here, there := drawLabel(t), drawLabel(t)
		switch rapid.IntRange(0, 3).Draw(t, "what differs") {
		case 0:
			there = Label{there.Field, here.Row, here.Version}
		case 1:
			there = Label{here.Field, there.Row, here.Version}
		case 2:
			there = Label{here.Field, here.Row, there.Version}
		}
		if here == there {
			return
		}
		sealed, err := key.Seal(here, []byte("Lantern Street"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := key.Open(there, sealed); !errors.Is(err, Broken) {
			t.Fatalf("what was sealed for %v opened for %v (%v)", here, there, err)
		}
	})
}

func TestLabelsWhosePartsMeetElsewhereAreNotTheSame(t *testing.T) {
	seen := map[string]Label{}
	for _, l := range []Label{{"ab", "c", 1}, {"a", "bc", 1}, {"abc", "", 1}, {"", "abc", 1}, {"a\x00b", "c", 1}, {"a", "\x00bc", 1}, {"ab", "c", -1}} {
		if other, twice := seen[string(l.bytes())]; twice {
			t.Errorf("%v and %v are one label", l, other)
		}
		seen[string(l.bytes())] = l
	}
}

func TestOneChangedByteOrAnotherKeyOpensNothing(t *testing.T) {
	key, label := newKey(t), Label{"answer.body", "row", 3}
	sealed, err := key.Seal(label, []byte("She said his name was Wrenfield."))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		for _, flip := range []byte{1, 0x80} {
			wrong := slices.Clone(sealed)
			wrong[i] ^= flip
			if _, err := key.Open(label, wrong); !errors.Is(err, Broken) {
				t.Fatalf("byte %d of %d was changed and nobody saw it: %v", i, len(sealed), err)
			}
		}
	}
	for n := range len(sealed) {
		if _, err := key.Open(label, sealed[:n]); !errors.Is(err, Broken) {
			t.Fatalf("cut to %d bytes, and it opened: %v", n, err)
		}
	}
	if _, err := newKey(t).Open(label, sealed); !errors.Is(err, Broken) {
		t.Errorf("another key gave %v", err)
	}
}

func TestTheLengthOfWhatIsSealedTellsLittle(t *testing.T) {
	key := newKey(t)
	lengths := map[int]bool{}
	for n := range block {
		sealed, err := key.Seal(Label{}, make([]byte, n))
		if err != nil {
			t.Fatal(err)
		}
		lengths[len(sealed)] = true
	}
	if len(lengths) != 1 {
		t.Errorf("texts of 0 to %d bytes have %d lengths when they are sealed, not one", block-1, len(lengths))
	}
}

func TestTheSameWordsAreNeverSealedAlike(t *testing.T) {
	key := newKey(t)
	seen := map[string]bool{}
	for range 1000 {
		sealed, err := key.Seal(Label{"f", "r", 1}, []byte("no"))
		if err != nil {
			t.Fatal(err)
		}
		if seen[string(sealed)] {
			t.Fatal("two seals of the same words are the same")
		}
		seen[string(sealed)] = true
	}
}

func TestAKeyThatWasNeverMadeRefuses(t *testing.T) {
	var none Key
	if _, err := none.Seal(Label{}, nil); !errors.Is(err, NoKey) {
		t.Error("Seal:", err)
	}
	if _, err := none.Open(Label{}, nil); !errors.Is(err, NoKey) {
		t.Error("Open:", err)
	}
	if _, err := none.SealStream(Label{}, &bytes.Buffer{}); !errors.Is(err, NoKey) {
		t.Error("SealStream:", err)
	}
	if _, err := none.OpenStream(Label{}, &bytes.Buffer{}); !errors.Is(err, NoKey) {
		t.Error("OpenStream:", err)
	}
	if _, err := NewMaster().Wrap("id", none); !errors.Is(err, NoKey) {
		t.Error("Wrap:", err)
	}
	if _, err := (Master{}).Wrap("id", newKey(t)); !errors.Is(err, NoKey) {
		t.Error("Wrap:", err)
	}
	if _, err := (Master{}).Unwrap("id", nil); !errors.Is(err, NoKey) {
		t.Error("Unwrap:", err)
	}
	for name, use := range map[string]func(){
		"Derive":      func() { none.Derive("x") },
		"Index":       func() { none.Index() },
		"Blind":       func() { Index{}.Blind("x") },
		"Fingerprint": func() { Master{}.Fingerprint() },
		"Reveal":      func() { Master{}.Reveal() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s of a key that was never made gave an answer", name)
				}
			}()
			use()
		}()
	}
}

func TestEachPurposeHasAKeyOfItsOwn(t *testing.T) {
	key := newKey(t)
	root := key.held().root[:]
	all := [][]byte{root, key.Derive("pages waymark"), key.Derive("pages keys"), key.Derive(""), key.Index().Blind("a"), newKey(t).Derive("pages waymark")}
	for i, a := range all {
		if len(a) != keyBytes {
			t.Errorf("%d: %d bytes", i, len(a))
		}
		for j, b := range all[:i] {
			if bytes.Equal(a, b) {
				t.Errorf("%d and %d are the same", i, j)
			}
		}
	}
	if !bytes.Equal(key.Derive("pages waymark"), key.Derive("pages waymark")) {
		t.Error("the same purpose gives two keys")
	}
}

func TestBlindIndexesDifferWhereTheirPartsDo(t *testing.T) {
	key := newKey(t)
	index := key.Index()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.String())
		kindA, kindB := rapid.String().Draw(t, "kind"), rapid.String().Draw(t, "other kind")
		a, b := parts.Draw(t, "parts"), parts.Draw(t, "other parts")
		same := kindA == kindB && slices.Equal(a, b)
		if bytes.Equal(index.Blind(kindA, a...), index.Blind(kindB, b...)) != same {
			t.Fatalf("%q %q and %q %q", kindA, a, kindB, b)
		}
	})
	if bytes.Equal(index.Blind("k", "ab", "c"), index.Blind("k", "a", "bc")) {
		t.Error("parts run together")
	}
	if !bytes.Equal(index.Blind("k", "a"), key.Index().Blind("k", "a")) {
		t.Error("the same key finds nothing again")
	}
	if bytes.Equal(index.Blind("k", "a"), newKey(t).Index().Blind("k", "a")) {
		t.Error("another key gives the same value")
	}
}

func FuzzOpen(f *testing.F) {
	key := newKey(f)
	label := Label{"field", "row", 1}
	good, err := key.Seal(label, []byte("plain"))
	if err != nil {
		f.Fatal(err)
	}
	var stream bytes.Buffer
	w, err := key.SealStream(label, &stream)
	if err != nil {
		f.Fatal(err)
	}
	w.Write([]byte("plain"))
	w.Close()
	for _, seed := range [][]byte{nil, {version}, good, good[:len(good)-1], stream.Bytes(), stream.Bytes()[:50]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, err := key.Open(label, sealed); err == nil && !bytes.Equal(sealed, good) {
			t.Fatalf("opened to %q", plain)
		} else if err != nil && !errors.Is(err, Broken) {
			t.Fatal(err)
		}
		if plain, err := openAll(key, label, sealed); err == nil && !bytes.Equal(sealed, stream.Bytes()) {
			t.Fatalf("opened to %q", plain)
		}
		NewMaster().Unwrap("id", sealed)
		ParseMaster(sealed)
	})
}
