package form_test

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/internal/form"
)

var signs = []form.Option{{ID: "tired", Says: "Tired"}, {ID: "afraid", Says: "Afraid"}}

func check() form.Form {
	return form.Form{ID: "check", Version: 1, Pages: []form.Page{
		{ID: "now", Questions: []form.Question{{ID: "now", Kind: form.One, Options: []form.Option{{ID: "danger"}, {ID: "safe"}}}}},
		{ID: "noticed", Questions: []form.Question{
			{ID: "signs", Kind: form.Ticks, Options: signs, Gaps: []form.Option{{ID: "later"}}},
			{ID: "words", Kind: form.Words, Max: 20},
			{ID: "lead", Kind: form.Yes}}},
		{ID: "about", Questions: []form.Question{{ID: "seen", Kind: form.Observation, About: signs, Options: []form.Option{{ID: "saw"}, {ID: "told"}}, Max: 20}}},
	}}
}

func TestAnswersOfEveryKindAreReadAndCarriedWhole(t *testing.T) {
	f := check()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching(`[a-zé .\n]{0,30}`)
		in := url.Values{}
		if v := rapid.SampledFrom([]string{"", "danger", "safe"}).Draw(t, "now"); v != "" {
			in.Set("q.now", v)
		}
		for _, sign := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"tired", "afraid"}), rapid.ID).Draw(t, "signs") {
			in.Add("q.signs", sign)
		}
		in.Set("q.words", words.Draw(t, "words"))
		in.Set("q.lead", rapid.SampledFrom([]string{"", "yes", "no"}).Draw(t, "lead"))
		in.Set("q.signs.gap", rapid.SampledFrom([]string{"", "later"}).Draw(t, "gap"))
		in.Set("q.seen.tired", rapid.SampledFrom([]string{"", "saw", "told"}).Draw(t, "how"))
		in.Set("q.seen.tired.note", words.Draw(t, "note"))
		answers, _ := f.Read(in)
		for _, page := range append(f.Pages, form.Page{}) {
			carried := f.Carry(answers, page)
			for _, q := range page.Questions {
				for name := range in {
					if name == q.Field() || strings.HasPrefix(name, q.Field()+".") {
						carried[name] = in[name]
					}
				}
			}
			again, _ := f.Read(carried)
			if diff := cmp.Diff(answers, again); diff != "" {
				t.Fatalf("page %q lost something:\n%s", page.ID, diff)
			}
		}
	})
}

func TestWhatWasNotTouchedIsNotAskedAndNeverNo(t *testing.T) {
	answers, problems := check().Read(url.Values{"q.signs": {"tired"}})
	if len(problems) > 0 || len(answers) != 1 || answers["signs"].Is("afraid") {
		t.Errorf("%v %v", answers, problems)
	}
}

func TestWordsThatAreTooLongAreKeptAsADraft(t *testing.T) {
	long := strings.Repeat("a", 21)
	answers, problems := check().Read(url.Values{"q.words": {long}})
	if len(problems) != 1 || problems[0].Reason != "form.too-long" || answers["words"].Draft != long || answers["words"].Words != "" {
		t.Errorf("%v %v", answers, problems)
	}
}

func TestAnOptionThatIsNotOnTheListIsRefused(t *testing.T) {
	answers, problems := check().Read(url.Values{"q.now": {"low risk"}, "q.signs": {"tired", "' or 1=1"}, "q.seen.tired": {"guessed"}})
	if len(problems) != 3 || answers["now"].One() != "" || len(answers["signs"].Picked) != 1 || len(answers["seen"].Observed) != 0 {
		t.Errorf("%v %v", answers, problems)
	}
}

func TestAGapWithAReasonIsAnAnswer(t *testing.T) {
	answers, _ := check().Read(url.Values{"q.signs.gap": {"later"}})
	if answers["signs"].Gap != "later" || answers["signs"].Empty() {
		t.Error(answers)
	}
}

func TestThePagesFollowOneAnother(t *testing.T) {
	f := check()
	next, ok, err := f.Next("now", nil)
	if err != nil || !ok || next.ID != "noticed" {
		t.Error(next.ID, ok, err)
	}
	if _, ok, _ := f.Next("about", nil); ok {
		t.Error("there is nothing behind the last page")
	}
	before, ok, _ := f.Before("", nil)
	if !ok || before.ID != "about" {
		t.Error(before.ID)
	}
}

func TestAnAnswerFileComesBackAsItWas(t *testing.T) {
	in := form.File{Pack: "p@1", Form: "check", Version: 1, At: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC),
		Answers: form.Answers{"signs": {Picked: []string{"tired"}}, "seen": {Observed: map[string]form.Observed{"tired": {How: "saw", Note: "ከሰዓት በኋላ"}}}}}
	raw, err := in.Save()
	if err != nil {
		t.Fatal(err)
	}
	out, err := form.Open(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	in.Format = form.FileFormat
	if diff := cmp.Diff(in, out); diff != "" {
		t.Error(diff)
	}
}

func TestAHostileAnswerFileIsRefused(t *testing.T) {
	for name, raw := range map[string]string{
		"another format":       `{"format":"waymark-answers/99"}`,
		"an unknown key":       `{"format":"waymark-answers/1","score":7}`,
		"something behind":     `{"format":"waymark-answers/1"}{}`,
		"not JSON":             `<html>`,
		"not UTF-8":            "{\"format\":\"waymark-answers/1\",\"pack\":\"\xff\"}",
		"nothing":              ``,
		"too large":            `{"format":"` + strings.Repeat("a", 300<<10) + `"}`,
		"nested beyond reason": strings.Repeat(`{"answers":`, 20_000),
	} {
		_, err := form.Open(strings.NewReader(raw))
		if !errors.Is(err, fault.Invalid) && !errors.Is(err, fault.TooLarge) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzOpenNeverPanics(f *testing.F) {
	f.Add([]byte(`{"format":"waymark-answers/1","answers":{"now":{"picked":["danger"]}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := form.Open(bytes.NewReader(raw))
		if err != nil {
			return
		}
		again, err := file.Save()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := form.Open(bytes.NewReader(again)); err != nil {
			t.Fatalf("what was read does not read again: %v", err)
		}
	})
}
