package form_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/clock"
	"waymark/internal/form"
)

var update = flag.Bool("update", false, "write what comes out into testdata")

var today = clock.Date{Year: 2026, Month: time.November, Day: 24}

// day posts the parts of a day: day, month, year, then "about" or a time.
func day(parts ...string) url.Values {
	in := url.Values{}
	for i, name := range []string{"q.d.day", "q.d.month", "q.d.year", "q.d.time", "q.d.about"} {
		if i < len(parts) && parts[i] != "" {
			in.Set(name, parts[i])
		}
	}
	return in
}

func TestADayIsReadAsFarAsItIsKnown(t *testing.T) {
	q := form.Question{ID: "d", Kind: form.Moment, Days: form.NotFuture}.On(today)
	for _, c := range []struct {
		in          url.Values
		want, words string
	}{
		{day("", "", "2010"), "2010", "2010"},
		{day("", "5", "2010"), "2010-05", "May 2010"},
		{day("", "may", "2010"), "2010-05", "May 2010"},
		{day("", "Sept.", "2010"), "2010-09", "September 2010"},
		{day("3", "05", "2010"), "2010-05-03", "3 May 2010"},
		{day("", "5", "2010", "", "yes"), "2010-05~", "form.aboutday|May 2010"},
		{day("29", "2", "2012"), "2012-02-29", "29 February 2012"},
		{day("٣", "٥", "٢٠١٠"), "2010-05-03", "3 May 2010"},
		{day("24", "11", "2026", "2am"), "2026-11-24T02:00", "form.atday|24 November 2026|time|02:00"},
		{day("24", "11", "2026", "02.10"), "2026-11-24T02:10", "form.atday|24 November 2026|time|02:10"},
		{day("24", "11", "2026", "12:15 am"), "2026-11-24T00:15", "form.atday|24 November 2026|time|00:15"},
		{day("24", "11", "2026", "1530"), "2026-11-24T15:30", "form.atday|24 November 2026|time|15:30"},
		{day("", "", "2026"), "2026", "2026"}, // part of it has been
		{day("", "", "", "", "yes"), "", ""},
		{url.Values{}, "", ""},
	} {
		a, problems := q.Read(c.in)
		if a.Words != c.want || len(problems) > 0 {
			t.Errorf("%v: got %q %v, want %q", c.in, a.Words, problems, c.want)
		}
		if got := form.DayInWords(a.Words, say); got != c.words {
			t.Errorf("%v: said %q, want %q", c.in, got, c.words)
		}
	}
}

func TestADayThatIsNoneIsKeptAsItWasTypedBesideAProblem(t *testing.T) {
	q := form.Question{ID: "d", Kind: form.Moment, Days: form.NotFuture}.On(today)
	for _, c := range []struct {
		in            url.Values
		reason, field string
	}{
		{day("31", "2", "2010"), "form.date.none", "q.d.day"},
		{day("29", "2", "2011"), "form.date.none", "q.d.day"},
		{day("3", "", "2010"), "form.date.month", "q.d.month"},
		{day("3", "13", "2010"), "form.date.month", "q.d.month"},
		{day("0", "3", "2010"), "form.date.day", "q.d.day"},
		{day("3", "3", ""), "form.date.year", "q.d.year"},
		{day("3", "3", "26"), "form.date.year", "q.d.year"},
		{day("3", "3", "spring"), "form.date.year", "q.d.year"},
		{day("25", "11", "2026"), "form.date.ahead", "q.d.year"},
		{day("", "12", "2026"), "form.date.ahead", "q.d.year"},
		{day("", "11", "2026", "02:10"), "form.date.time-day", "q.d.day"},
		{day("24", "11", "2026", "25:10"), "form.date.time", "q.d.time"},
		{day("24", "11", "2026", "13pm"), "form.date.time", "q.d.time"},
		{day("24", "11", "2026", "", "perhaps"), "form.not-listed", "q.d.about"},
		{day("3\x00", "3", "2010"), "form.not-readable", "q.d.day"},
		{day("3", strings.Repeat("3", 20_000), "2010"), "form.date.long", "q.d.month"},
		{url.Values{"q.d.year": {"2010", "2011"}}, "form.twice", "q.d.year"},
	} {
		a, problems := q.Read(c.in)
		if a.Words != "" || a.Draft == "" || len(problems) != 1 || problems[0].Reason != c.reason || problems[0].Field != c.field {
			t.Errorf("%.200v: got %+.80v %+.200v, want %s at %s", c.in, a, problems, c.reason, c.field)
		}
		parts := a.Parts()
		for name, typed := range c.in {
			if got := parts[strings.TrimPrefix(name, "q.d.")]; got != strings.Join(typed, " ") {
				t.Errorf("%.80v: the box %s shows %.40q", c.in, name, got)
			}
		}
	}
	ahead := form.Question{ID: "d", Kind: form.Day, Days: form.NotPast}.On(today)
	if _, problems := ahead.Read(day("23", "11", "2026")); len(problems) != 1 || problems[0].Reason != "form.date.behind" {
		t.Error(problems)
	}
	if _, problems := ahead.Read(day("", "11", "2026")); len(problems) != 0 {
		t.Error("part of this month lies ahead:", problems)
	}
}

func TestAKnownDayHasAnEarliestAndALatest(t *testing.T) {
	for written, want := range map[string][2]string{
		"2012": {"2012-01-01", "2012-12-31"}, "2012-02": {"2012-02-01", "2012-02-29"}, "2012-02-03": {"2012-02-03", "2012-02-03"}, "2012-12~": {"2012-12-01", "2012-12-31"},
	} {
		k, err := form.ParseKnown(written)
		if err != nil || k.First().String() != want[0] || k.Last().String() != want[1] || k.String() != written {
			t.Errorf("%s: %v to %v, %v", written, k.First(), k.Last(), err)
		}
	}
	for _, none := range []string{"", "12", "2012-00", "2012-13", "2012-02-30", "2012-02-03T24:00", "2012T10:00", "2012-2", "about 2012", "2012\n"} {
		if _, err := form.ParseKnown(none); err == nil {
			t.Errorf("%q reads as a day", none)
		}
	}
}

func TestNumbersAndPhonesAreReadInTheDigitsOfAnyScript(t *testing.T) {
	for _, c := range []struct {
		kind                form.Kind
		typed, want, reason string
	}{
		{form.Number, "162", "162", ""}, {form.Number, " 1 62 ", "162", ""}, {form.Number, "١٦٢", "162", ""}, {form.Number, "၁၆", "", "form.too-small"},
		{form.Number, "0162", "162", ""}, {form.Number, "about 160", "", "form.number"}, {form.Number, "300", "", "form.too-large"}, {form.Number, "99999999999999999999", "", "form.number"},
		{form.Phone, "ends in 4471", "ends in 4471", ""}, {form.Phone, "+251 11 ٤٤", "+251 11 ٤٤", ""}, {form.Phone, "ask the police", "", "form.no-digit"},
		{form.Reference, "AB 12/34-x", "AB 12/34-x", ""},
		{form.Line, "one\ntwo", "one two", ""}, {form.Lines, " Selam \n\n ሰላም\r\nسلام ", "Selam\nሰላም\nسلام", ""},
		{form.Line, "Ngo\u0323c", "Ngọc", ""}, {form.Words, "a\x00b", "", "form.not-readable"}, {form.Words, "a\u0085b", "", "form.not-readable"}, {form.Words, "a\xffb", "", "form.not-readable"},
		{form.Words, "tab\there 👧🏾", "tab\there 👧🏾", ""},
		{form.Long, strings.Repeat("e\u0301", 4000), strings.Repeat("é", 4000), ""}, {form.Long, strings.Repeat("a", 20_000), "", "form.too-long"},
	} {
		q := form.Question{ID: "x", Kind: c.kind, Least: 30, Most: 230}
		a, problems := form.Fill(q, url.Values{"q.x": {c.typed}})
		reason := ""
		if len(problems) > 0 {
			reason = problems[0].Reason
		}
		if a.Words != c.want || reason != c.reason || (reason != "") != (a.Draft != "") {
			t.Errorf("%s %.40q: got %+.80v %v", c.kind, c.typed, a, problems)
		}
	}
}

func TestAFieldThatTheFormDoesNotHaveIsSaidAndKept(t *testing.T) {
	stray, problems := check().Unknown(url.Values{"q.older": {"words of the older form"}, "q.words": {"x"}, "q.seen.gone": {"saw"}, "go": {"next"}, "q.lead.note": {" "}})
	want := form.Answers{"older": {Draft: "words of the older form"}, "seen.gone": {Draft: "saw"}}
	if diff := cmp.Diff(want, stray); diff != "" || len(problems) != 2 || problems[0].Reason != "form.unknown" || problems[0].Field != "q.older" {
		t.Error(diff, problems)
	}
	if _, problems := form.Fill(check().Pages[1].Questions[1], url.Values{"q.words": {"x"}, "q.words.more": {"y"}, "q.wordsmith": {"z"}}); len(problems) != 1 || problems[0].Field != "q.words.more" {
		t.Error(problems)
	}
}

func TestTwoAnswersWhereOneFitsAreBothKept(t *testing.T) {
	answers, problems := check().Read(url.Values{"q.now": {"danger", "safe"}, "q.words": {"one", "one", "two"}})
	if len(problems) != 2 || answers["now"].One() != "" || answers["now"].Draft != "danger\nsafe" || answers["words"].Draft != "one\ntwo" {
		t.Errorf("%+v %+v", answers, problems)
	}
}

func TestWhatIsMissingAsksOthersBeforeTheChild(t *testing.T) {
	f := form.Form{Pages: []form.Page{{ID: "p", Questions: []form.Question{
		{ID: "fears", Kind: form.Long, Says: "Fears?", ChildWouldAnswer: true},
		{ID: "name", Kind: form.Line, Says: "Name?"},
		{ID: "born", Kind: form.Day, Says: "Born?", WhoKnows: "The school."},
		{ID: "faith", Kind: form.Line, Says: "Faith?", Optional: true},
		{ID: "status", Kind: form.Line, Says: "Status?", Gaps: []form.Option{{ID: "later", Says: "Not the right time"}}},
		{ID: "tonight", Kind: form.Observation, About: []form.Option{{ID: "bed", Says: "A bed"}, {ID: "food", Says: "Food"}}, Options: []form.Option{{ID: "done"}}},
	}}}}
	answers := form.Answers{"status": {Gap: "later"}, "name": {Draft: "x"}, "tonight": {Observed: map[string]form.Observed{"bed": {How: "done"}}}}
	missing, err := f.Missing(answers, f.Facts(answers))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range missing {
		got = append(got, strings.TrimSpace(m.Question+" "+m.Thing+" "+m.WhoKnows))
	}
	if want := []string{"born  The school.", "name", "tonight food", "fears"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !missing[1].Draft || !missing[3].ChildWouldAnswer {
		t.Errorf("%+v", missing)
	}
}

// Every answer that was ever saved has this shape. A field may come to it; none may go, and none may change its name.
func TestTheShapeOfAnAnswerNeverChanges(t *testing.T) {
	answers := form.Answers{
		"ticks": {Picked: []string{"a", "b"}}, "words": {Words: "ሰላም\nسلام"}, "day": {Words: "2010-05~"}, "moment": {Words: "2026-11-24T02:10"},
		"gap": {Gap: "not-the-time"}, "draft": {Draft: "31\n2\n2010\n\n"}, "number": {Words: "162"}, "empty": {},
		"seen": {Observed: map[string]form.Observed{"tired": {How: "saw", Note: "at nine"}}},
	}
	raw, err := json.MarshalIndent(answers, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/answer.json", append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("testdata/answer.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(kept)), string(raw)); diff != "" {
		t.Error(diff)
	}
}

// testdata/check-1.json was written by the first edition, before there were other kinds of question.
func TestAFileOfTheFirstEditionStillOpens(t *testing.T) {
	raw, err := os.ReadFile("testdata/check-1.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := form.Open(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	again, err := file.Save()
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("%v\n%s", err, cmp.Diff(string(raw), string(again)))
	}
	if !file.Answers["signs"].Is("schools-tired") || file.Answers["seen"].Observed["schools-tired"].Note != "At nine, «je suis fatiguée»" {
		t.Errorf("%+v", file.Answers)
	}
}

func TestASummaryIsInWordsAndLosesNothing(t *testing.T) {
	f := form.Form{Pages: []form.Page{{ID: "p", Questions: []form.Question{
		{ID: "sure", Kind: form.YesNoKnown, Says: "Sure?"},
		{ID: "height", Kind: form.Number, Says: "Height", Unit: "cm"},
		{ID: "born", Kind: form.Day, Says: "Born"},
		{ID: "why", Kind: form.Line, Says: "Why", Gaps: []form.Option{{ID: "later", Says: "Not the right time"}}},
		{ID: "signs", Kind: form.Ticks, Says: "Signs", Options: signs},
		{ID: "tonight", Kind: form.Observation, Says: "Tonight", About: []form.Option{{ID: "bed", Says: "A bed"}}, Options: []form.Option{{ID: "done", Says: "Done"}}},
		{ID: "left", Kind: form.Line, Says: "Left"},
	}}}}
	lines, err := f.Summary(form.Answers{
		"sure": {Picked: []string{"not-known"}}, "height": {Words: "162"}, "born": {Draft: "31\n2\n2010\n\n"}, "why": {Gap: "later"},
		"signs": {Picked: []string{"afraid", "gone"}}, "tonight": {Observed: map[string]form.Observed{"bed": {How: "done", Note: "by A\nat nine"}, "old": {Note: "x"}}},
		"older": {Words: "from an older form"},
	}, f.Facts(nil), say)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		line := l.Says + ": " + strings.Join(l.Answer, " / ")
		for mark, on := range map[string]bool{" (draft)": l.Draft, " (not asked any more)": l.Stray} {
			if on {
				line += mark
			}
		}
		got = append(got, line+l.Gap)
	}
	want := []string{"Sure?: form.not-known", "Height: 162 cm", "Born: 31 2 2010 (draft)", "Why: Not the right time", "Signs: Afraid / gone",
		"A bed: Done / by A / at nine", "old: x (not asked any more)", "Left: ", "older: from an older form (not asked any more)"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
