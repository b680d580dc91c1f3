package casework

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEverySlipInAReferenceIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.StringOfN(rapid.SampledFrom([]rune(refSigns)), refLength-1, refLength-1, -1).Draw(t, "first")
		ref := first + string(refCheck(first))
		if got, ok := readRef(ref); !ok || got != ref {
			t.Fatalf("%s is refused", ref)
		}
		for i := range ref {
			for _, sign := range refSigns {
				if wrong := ref[:i] + string(sign) + ref[i+1:]; wrong != ref {
					if _, ok := readRef(wrong); ok {
						t.Fatalf("%s passes for %s", wrong, ref)
					}
				}
			}
			for j := i + 1; j < len(ref); j++ { // neighbours, and any other two that changed places
				swapped := []byte(ref)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if _, ok := readRef(string(swapped)); ok && string(swapped) != ref {
					t.Fatalf("%s passes for %s", swapped, ref)
				}
			}
		}
	})
}

func TestAReferenceIsReadAsPeopleTypeIt(t *testing.T) {
	ref := newRef()
	for _, typed := range []string{ref, strings.ToLower(ref), shownRef(ref), " " + ref[:4] + "-" + ref[4:] + " "} {
		if got, ok := readRef(typed); !ok || got != ref {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	for _, typed := range []string{"", "K", ref + "2", "O" + ref[1:], "é" + ref[2:], "../../etc"} {
		if _, ok := readRef(typed); ok {
			t.Errorf("%q passes", typed)
		}
	}
	if newRef() == ref {
		t.Error("two references are one")
	}
}
