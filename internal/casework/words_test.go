package casework_test

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever is typed or pasted stays: what no text holds as a draft beside a sentence, everything else as it was written.
func TestWordsOfAnyKindAreKeptAndWhatNoTextHoldsIsSaid(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		sheet := o.begin("ruth", "Selam", "", "") + "/sheets/record-child"
		long := strings.Repeat("long ", 4000)
		page := o.fill("ruth", sheet, url.Values{"q.names": {"סלאם\nسلام 👧🏾"}, "q.papers": {"a pass\x00port"}, "q.responsible": {long}})
		if page.Status != 422 {
			t.Fatalf("%d\n%s", page.Status, page.Main())
		}
		again := o.get("tom", sheet)
		for _, words := range []string{"סלאם", "سلام 👧🏾", "a pass␀port", strings.TrimSpace(long), "signs that no program can keep", "longer than 1000 letters"} {
			if !strings.Contains(string(again.Body), words) && !again.Has(words) {
				t.Errorf("%.60q is missing", words)
			}
		}
		if n := o.count(`select count(id) from answer where state = 'draft'`); n != 2 {
			t.Errorf("%d drafts", n)
		}
		if told := o.save("ruth", sheet, "dialect", "", url.Values{"q.dialect": {"Enderta\x00"}}); told.State != "draft" {
			t.Errorf("%+v", told)
		}
	})
}
