package web_test

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp/kb"

	"waymark/internal/access"
	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/pack"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

// everyKind is one question of each kind, as a record asks them.
func everyKind() form.Form {
	gaps := []form.Option{{ID: "not-the-time", Says: "Not asked: not the right time"}, {ID: "another", Says: "Another agency will ask"}}
	some := []form.Option{{ID: "a", Says: "The first"}, {ID: "b", Says: "The second"}}
	return form.Form{ID: "every", Version: 1, Pages: []form.Page{{ID: "p", Title: "Every kind", Questions: []form.Question{
		{ID: "line", Kind: form.Line, Says: "A line", Gaps: gaps, Why: "So that the next worker finds it.", WhoKnows: "The school."},
		{ID: "lines", Kind: form.Lines, Says: "Names, one on each line", Gaps: gaps},
		{ID: "text", Kind: form.Words, Says: "A few lines", Gaps: gaps, ChildWouldAnswer: true},
		{ID: "long", Kind: form.Long, Says: "A long text", Max: 100, Gaps: gaps},
		{ID: "day", Kind: form.Day, Says: "Which day?", Days: form.NotFuture, Gaps: gaps, ChildWouldAnswer: true},
		{ID: "moment", Kind: form.Moment, Says: "When was it?", Gaps: gaps},
		{ID: "number", Kind: form.Number, Says: "How tall?", Unit: "cm", Most: 230, Gaps: gaps},
		{ID: "phone", Kind: form.Phone, Says: "Phone", Gaps: gaps},
		{ID: "reference", Kind: form.Reference, Says: "Reference", Gaps: gaps},
		{ID: "sure", Kind: form.YesNoKnown, Says: "Is it sure?", Gaps: gaps, WhoKnows: "The police."},
		{ID: "one", Kind: form.One, Says: "Which one?", Options: some, Gaps: gaps},
		{ID: "ticks", Kind: form.Ticks, Says: "Which of them?", Options: some, Gaps: gaps},
		{ID: "tonight", Kind: form.Observation, Says: "Tonight", Hint: "Leave the rest.", About: []form.Option{{ID: "bed", Says: "A bed"}, {ID: "food", Says: "Food"}}, Options: some, Gaps: gaps},
	}}}}.On(clock.Today(noon))
}

// asks is a room that asks a form on one page, and shows what it read.
func asks(f form.Form) []web.Route {
	show := func(answers form.Answers, problems []form.Problem) (web.Reply, error) {
		head := web.Head{Private: true}
		if len(problems) > 0 {
			head.Status = 422
		}
		return web.Page(head, asked(f, answers, problems)), nil
	}
	return []web.Route{
		anyone("/form", func(*web.Request) (web.Reply, error) { return show(nil, nil) }),
		web.Post("/answer", access.Anyone, func(r *web.Request) (web.Reply, error) {
			answers, problems := f.Read(r.PostForm)
			if len(problems) > 0 {
				return show(answers, problems)
			}
			lines, err := f.Summary(answers, f.Facts(answers), web.FormSay(r))
			if err != nil {
				return nil, err
			}
			var words []string
			for _, l := range lines {
				words = append(words, l.Says+" = "+strings.Join(l.Answer, " / ")+l.Gap)
			}
			return web.Page(web.Head{Private: true}, line(strings.Join(words, " ; "))), nil
		}, web.Verbatim, web.MaxBody(1<<20)),
	}
}

func asked(f form.Form, answers form.Answers, problems []form.Problem) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		parts := []templ.Component{templ.Raw(`<form method="post" action="/answer" novalidate>`)}
		for _, p := range f.Pages {
			parts = append(parts, web.ErrorSummary(web.Problems(ctx, problems, p)))
			parts = append(parts, templ.Raw("<h1 class=\"govuk-heading-l\">"+templ.EscapeString(p.Title)+"</h1>"))
			for _, q := range p.Questions {
				parts = append(parts, web.Question(q, answers[q.ID], problems, q.Says == p.Title))
			}
		}
		parts = append(parts, web.Button(web.Press{Says: "Go on"}), templ.Raw("</form>"))
		return templ.Join(parts...).Render(ctx, w)
	})
}

func TestEveryKindOfQuestionPassesAxeEmptyFilledAndWrong(t *testing.T) {
	house := newCopy().open(t, asks(everyKind())...)
	for name, setting := range map[string]webtest.Setting{"phone": webtest.Phone, "wide": webtest.Window(1280, 900), "narrow": webtest.Narrow} {
		tab := webtest.Browser(t, setting)
		tab.Open(house.URL() + "/form")
		tab.Shot("every-" + name)
		var open int
		tab.Eval(`[...document.querySelectorAll('details')].map(d => d.open = true).length`, &open)
		tab.AxeClean()
		tab.FitsAcross()
		tab.Shot("every-open-" + name)
		for _, label := range []string{"Day", "Month", "Year"} {
			tab.Type(label, "31")
		}
		tab.Type("How tall?", "very")
		tab.Type("A line", strings.Repeat("long ", 60))
		tab.Press("Go on")
		if !tab.Has("Something needs another look") || !tab.Has("Write a whole number") {
			t.Errorf("%s: %s", name, tab.Words())
		}
		tab.AxeClean()
		tab.FitsAcross()
		tab.Shot("every-wrong-" + name)
	}
}

func TestEachLineOfTheSummaryOfMistakesLeadsToItsField(t *testing.T) {
	house := newCopy().open(t, asks(everyKind())...)
	page := house.Post("/answer", url.Values{"q.day.day": {"31"}, "q.day.month": {"2"}, "q.day.year": {"2010"}, "q.number": {"x"}, "q.one": {"z"}, "q.sure": {"z"},
		"q.ticks": {"z"}, "q.line.gap": {"z"}, "q.tonight.bed": {"z"}, "q.tonight.food.note": {strings.Repeat("a", 400)}, "q.phone": {"no"}, "q.reference": {strings.Repeat("9", 70)},
		"q.moment.year": {"2026"}, "q.moment.time": {"25"}, "q.lines": {strings.Repeat("a", 1200)}, "q.text": {"a\x00b"}, "q.long": {"a", "b"}})
	if page.Status != 422 {
		t.Fatal(page.Status)
	}
	links := strings.Split(string(page.Body), `<li><a href="#`)[1:]
	if len(links) != 14 {
		t.Errorf("%d mistakes are listed", len(links))
	}
	for _, link := range links {
		id, _, _ := strings.Cut(link, `"`)
		if strings.Count(string(page.Body), fmt.Sprintf(`id=%q`, id)) != 1 {
			t.Errorf("no one field has the id %q", id)
		}
	}
	for _, kept := range []string{"a␀b", `value="31"`, `value="x"`, "a\nb"} {
		if !strings.Contains(string(page.Body), kept) {
			t.Errorf("%q was typed and is not on the page", kept)
		}
	}
}

func TestALongTextSaysHowMuchRoomIsLeft(t *testing.T) {
	house := newCopy().open(t, asks(everyKind())...)
	if page := house.Get("/form"); !page.Has("There is room for 100 letters.") {
		t.Error("without scripts the limit is not said:", page.Main())
	}
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/form")
	tab.Type("A long text", strings.Repeat("word ", 18))
	if !tab.Has("There is room for 10 more letters.") {
		t.Error(tab.Words())
	}
}

func TestNothingIsChosenBeforehandFromALongList(t *testing.T) {
	f := form.Form{Pages: []form.Page{{ID: "p", Title: "P", Questions: []form.Question{{ID: "area", Kind: form.One, Says: "Which area?"}}}}}
	for i := range 30 {
		f.Pages[0].Questions[0].Options = append(f.Pages[0].Questions[0].Options, form.Option{ID: fmt.Sprint("a", i), Says: fmt.Sprint("Area ", i)})
	}
	house := newCopy().open(t, asks(f)...)
	tab := webtest.Browser(t)
	tab.Open(house.URL() + "/form")
	tab.Press("Go on")
	if tab.Has("Area 0") {
		t.Error(tab.Words())
	}
}

func TestAReasonForNoAnswerIsGivenAndTakenBackWithoutScripts(t *testing.T) {
	house := newCopy().open(t, asks(everyKind())...)
	for name, settings := range map[string][]webtest.Setting{"with scripts": nil, "without": {webtest.NoScripts}} {
		tab := webtest.Browser(t, settings...)
		tab.Open(house.URL() + "/form")
		for range 60 { // to the fold below the first question: by keyboard alone
			if strings.HasPrefix(tab.TabKey(), "summary No answer yet") {
				break
			}
		}
		tab.Key(kb.Enter)
		tab.Tick("Not asked: not the right time")
		tab.Type("Year", "2010")
		tab.Press("Go on")
		if !tab.Has("A line = Not asked: not the right time") || !tab.Has("Which day? = 2010") {
			t.Errorf("%s: %s", name, tab.Words())
		}
	}
}

// Every form that ships is drawn whole, on the smallest window and as an auditor's tool sees it.
func TestEveryShippedFormIsDrawnAndPassesAxe(t *testing.T) {
	p, err := pack.Load(os.DirFS(filepath.Join(root, "packs/england-wales")), nil)
	if err != nil {
		t.Fatal(err)
	}
	tab, phone := webtest.Browser(t, webtest.Window(1280, 900)), webtest.Browser(t, webtest.Narrow)
	for _, f := range p.Forms.All() {
		if f.Facts == "check" {
			continue // the room of the check walks it
		}
		asked := f.Ready
		for i := range asked.Pages {
			for j := range asked.Pages[i].Questions {
				if q := &asked.Pages[i].Questions[j]; q.OptionsFrom == "areas" {
					for _, a := range p.Areas.All() {
						q.Options = append(q.Options, form.Option{ID: a.ID, Says: a.Name})
					}
				}
			}
		}
		house := newCopy().open(t, asks(asked)...)
		if page := house.Post("/answer", url.Values{}); page.Status != 200 {
			t.Errorf("%s: an empty form is an answer too, and got %d", f.ID, page.Status)
		}
		if words := house.Get("/form").Main(); strings.Contains(words, "⟦") || strings.Contains(words, "%!") {
			t.Errorf("%s lacks words:\n%s", f.ID, words)
		}
		tab.Open(house.URL() + "/form")
		tab.AxeClean()
		tab.Shot(f.ID + "-wide")
		phone.Open(house.URL() + "/form")
		phone.FitsAcross()
		phone.Shot(f.ID + "-phone")
	}
}
