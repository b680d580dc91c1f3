package seal

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"
)

func openAll(key Key, label Label, sealed []byte) ([]byte, error) {
	r, err := key.OpenStream(label, bytes.NewReader(sealed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func sealAll(t *testing.T, key Key, label Label, plain []byte) []byte {
	t.Helper()
	var sealed bytes.Buffer
	w, err := key.SealStream(label, &sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return sealed.Bytes()
}

// plainOf is content in which every place differs from the ones around it.
func plainOf(n int) []byte {
	plain := make([]byte, n)
	for i := range plain {
		plain[i] = byte(i * i >> 8)
	}
	return plain
}

func TestAStreamOfAnyLengthComesBack(t *testing.T) {
	key, label := newKey(t), Label{"attachment", "row", 1}
	for _, n := range []int{0, 1, segment - 100, segment - 16, segment - 15, segment, segment + 1, 3*segment + 17} {
		plain := plainOf(n)
		sealed := sealAll(t, key, label, plain)
		if n > 3 && bytes.Contains(sealed, plain[:min(n, 50)]) {
			t.Errorf("%d bytes: the stream holds plain bytes", n)
		}
		opened, err := openAll(key, label, sealed)
		if err != nil || !bytes.Equal(opened, plain) {
			t.Errorf("%d bytes came back as %d (%v)", n, len(opened), err)
		}
	}
}

func TestAStreamOpensOnlyInItsOwnPlace(t *testing.T) {
	key, label := newKey(t), Label{"attachment", "row", 1}
	sealed := sealAll(t, key, label, plainOf(1000))
	for _, other := range []Label{{"attachmen", "row", 1}, {"attachment", "rov", 1}, {"attachment", "row", 2}} {
		if opened, err := openAll(key, other, sealed); !errors.Is(err, Broken) || len(opened) > 0 {
			t.Errorf("%v opened %d bytes (%v)", other, len(opened), err)
		}
	}
	if _, err := openAll(newKey(t), label, sealed); !errors.Is(err, Broken) {
		t.Errorf("another key: %v", err)
	}
	value, err := key.Seal(label, plainOf(1000))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openAll(key, label, value); !errors.Is(err, Broken) {
		t.Errorf("a sealed value opened as a stream: %v", err)
	}
	if _, err := key.Open(label, sealed); !errors.Is(err, Broken) {
		t.Errorf("a stream opened as a sealed value: %v", err)
	}
}

func TestAStreamThatWasCutLengthenedOrReorderedIsRefused(t *testing.T) {
	key, label := newKey(t), Label{"attachment", "row", 1}
	plain := plainOf(3 * segment)
	sealed := sealAll(t, key, label, plain)
	wrong := map[string][]byte{"lengthened": append(slices.Clone(sealed), 0), "doubled": append(slices.Clone(sealed), sealed...)}
	for _, n := range []int{0, 1, 20, 40, 41, segment - 1, segment, segment + 1, segment + 2, 2*segment + 1, 3*segment + 1, len(sealed) - 1} {
		wrong["cut"] = sealed[:n]
		if opened, err := openAll(key, label, wrong["cut"]); !errors.Is(err, Broken) || !bytes.HasPrefix(plain, opened) {
			t.Errorf("cut to %d of %d bytes: %d came out (%v)", n, len(sealed), len(opened), err)
		}
	}
	swapped := slices.Clone(sealed)
	copy(swapped[1+segment:], sealed[1+2*segment:1+3*segment])
	copy(swapped[1+2*segment:], sealed[1+segment:1+2*segment])
	wrong["re-ordered"] = swapped
	for i := 0; i < len(sealed); i += 4999 {
		changed := slices.Clone(sealed)
		changed[i] ^= 1
		wrong["changed"] = changed
		for how, bytes := range wrong {
			if _, err := openAll(key, label, bytes); !errors.Is(err, Broken) {
				t.Errorf("a stream that was %s opened (%v)", how, err)
			}
		}
	}
}

func TestAStreamThatWasNeverClosedIsRefused(t *testing.T) {
	key, label := newKey(t), Label{"attachment", "row", 1}
	var sealed bytes.Buffer
	w, err := key.SealStream(label, &sealed)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(plainOf(2 * segment))
	if _, err := openAll(key, label, sealed.Bytes()); !errors.Is(err, Broken) {
		t.Errorf("it opened (%v)", err)
	}
}

func TestABadDiskIsNotTakenForABadSeal(t *testing.T) {
	key, label := newKey(t), Label{"attachment", "row", 1}
	sealed := sealAll(t, key, label, plainOf(2*segment))
	disk := errors.New("the disk does not answer")
	for _, n := range []int{0, 10, 100, segment + 10} {
		r, err := key.OpenStream(label, io.MultiReader(bytes.NewReader(sealed[:n]), iotest.ErrReader(disk)))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, disk) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}
