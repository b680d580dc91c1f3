package form_test

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/rule"
)

var kinds = []form.Kind{form.Ticks, form.One, form.Buttons, form.Yes, form.YesNoKnown, form.Words, form.Line, form.Long, form.Lines,
	form.Day, form.Moment, form.Number, form.Phone, form.Reference, form.Observation}

var pool = []form.Option{{ID: "a", Says: "A"}, {ID: "b", Says: "B"}, {ID: "c", Says: "C"}, {ID: "yes", Says: "Yes"}, {ID: "not-known", Says: "?"}}

func someOptions(t *rapid.T, name string) []form.Option {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, -1, func(o form.Option) string { return o.ID }).Draw(t, name)
}

// someForm draws a definition: the same few ids, so that two of them ask some questions alike and some in another way.
func someForm(t *rapid.T, name string) form.Form {
	f := form.Form{ID: "random", Version: 1}
	for i, id := range []string{"one", "two-two", "three", "four", "five"} {
		if !rapid.Bool().Draw(t, name+id) {
			continue
		}
		q := form.Question{ID: id, Kind: rapid.SampledFrom(kinds).Draw(t, name+"kind"), Says: "Q " + id,
			Max: rapid.SampledFrom([]int{0, 5, 40}).Draw(t, name+"max"), Most: rapid.SampledFrom([]int{0, 99}).Draw(t, name+"most"),
			Days: rapid.SampledFrom([]form.Days{form.AnyDay, form.NotFuture, form.NotPast}).Draw(t, name+"days")}
		if len(fixedOptions(q.Kind)) == 0 {
			q.Options = someOptions(t, name+"options")
		}
		if q.Kind == form.Observation {
			q.About = someOptions(t, name+"things")
		}
		if rapid.Bool().Draw(t, name+"has gaps") {
			q.Gaps = someOptions(t, name+"gaps")
		}
		f.Pages = append(f.Pages, form.Page{ID: fmt.Sprint("p", i), Questions: []form.Question{q}})
	}
	return f.On(clock.Date{Year: 2026, Month: 11, Day: 24})
}

func fixedOptions(k form.Kind) []string {
	return map[form.Kind][]string{form.Yes: {"yes", "no"}, form.YesNoKnown: {"yes", "no", "not-known"}}[k]
}

// words are what people and attackers type: names in any script, signs that are none, a page where a line fits.
var words = rapid.OneOf(
	rapid.SampledFrom([]string{"", "a", "b", "yes", "no", "not-known", "2010", "31", "2", "Feb", "١٢", "02:10", "25:99", "16", "-1", "0x10", "07700 900 123",
		"ሰላም", "سلام", "Ngọc", "Ngo\u0323c", "👧🏾", "a\x00b", "\xff\xfe", "x\ty", "one\r\ntwo", "\u202Eevil", "'; drop table", "<script>", strings.Repeat("long ", 4000)}),
	rapid.String())

// somePost draws a post that has something for most fields, and something for fields that are not there.
func somePost(t *rapid.T, f form.Form) url.Values {
	in := url.Values{}
	put := func(name string) {
		for range rapid.SampledFrom([]int{0, 1, 1, 1, 2}).Draw(t, "times") {
			in.Add(name, words.Draw(t, "value"))
		}
	}
	for _, q := range f.Questions() {
		for _, name := range []string{q.Field(), q.GapField(), q.PartField("day"), q.PartField("month"), q.PartField("year"), q.PartField("about"), q.PartField("time"), q.PartField("stray")} {
			put(name)
		}
		for _, o := range pool {
			put(q.HowField(o.ID))
			put(q.NoteField(o.ID))
		}
	}
	put("q.nowhere")
	put("go")
	return in
}

func TestWhateverIsPostedIsReadKeptAndReadAgainTheSame(t *testing.T) { rapid.Check(t, readsAnything) }

func FuzzWhateverIsPosted(f *testing.F) { f.Fuzz(rapid.MakeFuzz(readsAnything)) }

func readsAnything(t *rapid.T) {
	f := someForm(t, "f")
	in := somePost(t, f)
	answers, problems := f.Read(in)
	for _, q := range f.Questions() {
		a := answers[q.ID]
		fits(t, q, a)
		nothingLost(t, q, in, a)
		if mine := slices.ContainsFunc(problems, func(p form.Problem) bool { return p.Question == q.ID }); a.Draft != "" && !mine {
			t.Fatalf("%s %s keeps a draft and says no problem", q.Kind, q.ID)
		}
		alone, more := form.Fill(q, in)
		if diff := cmp.Diff(a, alone); diff != "" {
			t.Fatalf("filled by itself it is another answer:\n%s", diff)
		}
		for _, p := range more {
			if p.Question != q.ID || !strings.HasPrefix(p.Field, q.Field()) || !strings.HasPrefix(p.Reason, "form.") {
				t.Fatalf("a problem that leads nowhere: %+v", p)
			}
		}
		if a.Draft == "" && a.Finished() {
			again, _ := f.Read(f.Carry(answers, form.Page{}))
			if diff := cmp.Diff(a, again[q.ID]); diff != "" {
				t.Fatalf("carried along, %s came back changed:\n%s", q.Kind, diff)
			}
		}
	}
	_, stray := f.Unknown(in)
	if v := strings.TrimSpace(strings.Join(in["q.nowhere"], "")); v != "" && !slices.ContainsFunc(stray, func(p form.Problem) bool { return p.Field == "q.nowhere" }) {
		t.Fatalf("a field that the form does not have is passed over in silence: %q", v)
	}
	saves(t, f, answers)
	summarized(t, f, answers)
}

// fits reports an answer that its own question would not take.
func fits(t *rapid.T, q form.Question, a form.Answer) {
	for _, o := range a.Picked {
		if !slices.Contains(fixedOptions(q.Kind), o) && !slices.ContainsFunc(q.Options, func(other form.Option) bool { return other.ID == o }) {
			t.Fatalf("%s %s holds %q, which cannot be picked", q.Kind, q.ID, o)
		}
	}
	if q.Kind != form.Ticks && len(a.Picked) > 1 {
		t.Fatalf("%s holds %d answers", q.Kind, len(a.Picked))
	}
	if !utf8.ValidString(a.Words) || !norm.NFC.IsNormalString(a.Words) || utf8.RuneCountInString(a.Words) > q.Limit() && q.Kind != form.Day && q.Kind != form.Moment && q.Kind != form.Number {
		t.Fatalf("%s holds words that are not UTF-8, not composed or too long: %.60q", q.Kind, a.Words)
	}
	if strings.ContainsFunc(a.Words, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		t.Fatalf("%s holds a control character: %q", q.Kind, a.Words)
	}
	if a.Words != "" && (q.Kind == form.Day || q.Kind == form.Moment) {
		if k, err := form.ParseKnown(a.Words); err != nil || k.String() != a.Words {
			t.Fatalf("%q is no day: %v", a.Words, err)
		}
	}
}

// nothingLost reports words that were typed into a field of the question and are nowhere in its answer.
func nothingLost(t *rapid.T, q form.Question, in url.Values, a form.Answer) {
	kept := bare(a.Words + a.Draft + strings.Join(a.Picked, ""))
	switch q.Kind {
	case form.Day, form.Moment, form.Number:
		if a.Draft == "" {
			return // written in another way
		}
		if q.Kind != form.Number {
			for _, part := range []string{"day", "month", "year"} {
				within(t, q, kept, in[q.PartField(part)])
			}
			return
		}
	case form.Observation:
		for _, thing := range q.About {
			within(t, q, bare(a.Observed[thing.ID].Note), in[q.NoteField(thing.ID)])
		}
		return
	}
	within(t, q, kept, in[q.Field()])
}

func within(t *rapid.T, q form.Question, kept string, typed []string) {
	for _, v := range typed {
		if !strings.Contains(kept, bare(v)) {
			t.Fatalf("%s %s lost %.60q; it keeps %.60q", q.Kind, q.ID, v, kept)
		}
	}
}

// bare is a text without what is tidied away.
func bare(s string) string {
	return strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))), "")
}

func saves(t *rapid.T, f form.Form, answers form.Answers) {
	raw, err := form.File{Pack: "p@1", Form: f.ID, Version: 1, Answers: answers}.Save()
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 200<<10 {
		return // larger than a check can be
	}
	file, err := form.Open(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(answers, file.Answers, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("saved and opened, the answers differ:\n%s", diff)
	}
}

func summarized(t *rapid.T, f form.Form, answers form.Answers) {
	lines, err := f.Summary(answers, f.Facts(answers), say)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := f.Missing(answers, f.Facts(answers))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range f.Questions() {
		a := answers[q.ID]
		shown := slices.ContainsFunc(lines, func(l form.Answered) bool { return l.Question == q.ID && (len(l.Answer) > 0 || l.Gap != "") })
		if !a.Empty() && !shown {
			t.Fatalf("the summary says nothing of %s: %+v", q.ID, a)
		}
		asked := slices.ContainsFunc(missing, func(m form.Missing) bool { return m.Question == q.ID })
		if a.Gap != "" && asked || a.Empty() && !asked {
			t.Fatalf("%s: missing %v, answer %+v", q.ID, asked, a)
		}
	}
}

func say(key string, pairs ...string) string { return key + strings.Join(pairs, "|") }

// Whatever was answered under one version opens under the next, and under the first again it is as it was.
func TestAnswersOpenUnderANewerFormAndReadBackTheSame(t *testing.T) { rapid.Check(t, reopens) }

func FuzzAnswersOpenUnderAnotherForm(f *testing.F) { f.Fuzz(rapid.MakeFuzz(reopens)) }

func reopens(t *rapid.T) {
	older, newer := someForm(t, "older"), someForm(t, "newer")
	given, _ := older.Read(somePost(t, older))
	opened := newer.Reopen(given)
	if diff := cmp.Diff(given, opened.Given()); diff != "" {
		t.Fatalf("something was lost on the way to the newer form:\n%s", diff)
	}
	for id, a := range opened.Answers {
		q, ok := newer.Question(id)
		if !ok {
			t.Fatalf("%s fits a form that does not ask it", id)
		}
		fits(t, q, a)
		if was := given[id]; bare(was.Words+was.Draft) != bare(a.Words+a.Draft) || len(a.Picked) < len(was.Picked) {
			if _, kept := opened.Kept[id]; !kept {
				t.Fatalf("%s changed and is not kept: %+v, %+v", id, was, a)
			}
		}
	}
	back := older.Reopen(opened.Given())
	if diff := cmp.Diff(given, back.Answers); diff != "" || len(back.Kept) > 0 {
		t.Fatalf("back under the older form it is not as it was: %v\n%s", back.Kept, diff)
	}
}

func TestAFormWithConditionsAsksOnlyWhatHolds(t *testing.T) {
	bare := form.Form{Pages: []form.Page{{ID: "one", Questions: []form.Question{{ID: "help-needed", Kind: form.YesNoKnown}}},
		{ID: "two", Questions: []form.Question{{ID: "who", Kind: form.One, Options: pool}, {ID: "why", Kind: form.Line}}}}}
	language, err := rule.NewLanguage(bare.Facts(nil))
	if err != nil {
		t.Fatal(err)
	}
	if bare.Pages[1].Questions[0].When, err = language.Read(`help_needed == "yes"`); err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string]int{"yes": 2, "no": 1, "not-known": 1} {
		answers := form.Answers{"help-needed": {Picked: []string{answer}}, "who": {Picked: []string{"a"}}}
		shown, err := bare.Shown(bare.Facts(answers))
		if err != nil || len(shown.Pages[1].Questions) != want {
			t.Errorf("%s: %v %v", answer, shown.Pages, err)
		}
		lines, err := bare.Summary(answers, bare.Facts(answers), say)
		if err != nil || len(lines) != 3 {
			t.Errorf("%s: what was answered stays in the summary, asked or not: %v %v", answer, lines, err)
		}
	}
}
