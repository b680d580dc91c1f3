package audit

import "testing"

// The encoding is kept for ever: every proof ever given rests on it.
func TestALeafIsNineLinesThatAnybodyCanRead(t *testing.T) {
	r := record{ID: "06h1kc4zesefkcf2gkwe0zkxar", At: "2026-11-24T02:00:00.000Z", Who: "amara", Act: "case.viewed", Case: "c1", Number: 3, Of: "sheet-7",
		Digest: []byte{0x0f, 0xa0}}
	const want = `waymark log entry 1
id 06h1kc4zesefkcf2gkwe0zkxar
at 2026-11-24T02:00:00.000Z
who amara
act case.viewed
case c1
number 3
about sheet-7
detail 0fa0
`
	if got := string(r.leaf(nil)); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := r.hash().String(); got != "6TH1vCeSgycQEXwoV72PWv7dX+hRjlQ86EYnKWJG6OU=" {
		t.Errorf("the hash of this leaf is now %s", got)
	}
	raw := row{id: []byte(r.ID), at: []byte(r.At), who: []byte(r.Who), act: []byte(r.Act), casefile: []byte(r.Case), number: []byte("3"), about: []byte(r.Of), digest: r.Digest}
	if raw.hash() != r.hash() {
		t.Error("an entry that is verified is encoded otherwise than one that is taken in")
	}
}
