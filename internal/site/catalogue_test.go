package site_test

import (
	"os"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestEverythingOnThePageOf2011HasARecordThatSaysWhatBecameOfIt also holds that no record promises an address or a
// licence that nobody found.
func TestEverythingOnThePageOf2011HasARecordThatSaysWhatBecameOfIt(t *testing.T) {
	raw, err := os.ReadFile("testdata/page-of-2011.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var named []struct{ Item, Record string }
	if err := yaml.Unmarshal(raw, &named); err != nil {
		t.Fatal(err)
	}
	p, _ := shipped(t)
	for _, n := range named {
		record, ok := p.Records.Get(n.Record)
		switch {
		case !ok:
			t.Errorf("%s: there is no record %s", n.Item, n.Record)
		case record.State == "current":
			t.Errorf("%s: a paper of 2011 is called current", n.Item)
		case record.StateNote.Words() == "":
			t.Errorf("%s: nothing says what became of it", n.Item)
		}
	}
	for _, record := range p.Records.All() {
		if record.Where == "" && record.WhereNote.Words() == "" {
			t.Errorf("%s has no address, and does not say how to ask for it", record.ID)
		}
		if record.State == "unlocated" && record.MayCopy == "yes" {
			t.Errorf("%s was not found, and yet may be copied", record.ID)
		}
	}
}
