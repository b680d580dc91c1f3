package casework_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/db"
)

func TestAFieldIsSavedAsItIsTypedAndTheReplySaysWhen(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "girl, says 15", "") + "/sheets/record-child"
		told := o.save("ruth", path, "names", "", url.Values{"q.names": {"Selam Tekle"}})
		if told != (saved{"Saved at 02:10", "saved", "1", false}) {
			t.Errorf("%+v", told)
		}
		o.now = o.now.Add(3 * time.Minute)
		if again := o.save("ruth", path, "names", "", url.Values{"q.names": {"Selam Tekle"}}); again != told {
			t.Errorf("the same again: %+v", again)
		}
		if told = o.save("ruth", path, "names", "1", url.Values{"q.names": {"Selam Tekle\nሰላም"}}); told.Based != "2" || told.Says != "Saved at 02:13" {
			t.Errorf("%+v", told)
		}
		if n := o.count(`select count(id) from answer where question = 'names'`); n != 2 {
			t.Errorf("%d versions", n)
		}
		if page := o.get("tom", path); !page.Has("02:13, Ruth Okafor") || !page.Has("ሰላም") {
			t.Error(page.Main())
		}
		if page := o.get("tom", strings.TrimSuffix(path, "/sheets/record-child")); !page.Has("Selam Tekle") {
			t.Errorf("the head of the record did not follow:\n%s", page.Main())
		}
	})
}

func TestAnAnswerThatDoesNotFitIsKeptAndShownAgainWithWhatIsWrong(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "", "") + "/sheets/record-child"
		page := o.fill("ruth", path, url.Values{"q.born.day": {"31"}, "q.born.month": {"2"}, "q.born.year": {"2011"}, "q.names": {"Selam"}})
		if page.Status != 422 || !strings.Contains(string(page.Body), `value="31"`) {
			t.Fatalf("%d\n%s", page.Status, page.Main())
		}
		if again := o.get("tom", path); !strings.Contains(string(again.Body), `value="31"`) || !again.Has("Something needs another look") {
			t.Errorf("the draft is gone:\n%s", again.Main())
		}
		told := o.save("ruth", path, "age-stated", "", url.Values{"q.age-stated": {"fifteen"}})
		if told.State != "draft" || !strings.Contains(told.Says, "Kept as you typed it") {
			t.Errorf("%+v", told)
		}
		if n := o.count(`select count(id) from answer where state = 'draft'`); n != 2 {
			t.Errorf("%d drafts", n)
		}
		if page := o.get("tom", strings.TrimSuffix(path, "/sheets/record-child")); page.Has("fifteen") {
			t.Errorf("a draft counts as known:\n%s", page.Main())
		}
	})
}

func TestTwoPeopleOnOneFieldAreBothKeptAndAPersonChooses(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		sheet := o.begin("ruth", "Selam", "", "") + "/sheets/record-child"
		o.save("ruth", sheet, "names", "", url.Values{"q.names": {"Selam"}})
		ruths, toms := o.typed("ruth", sheet, url.Values{"q.names": {"Selam Tekle"}}), o.typed("tom", sheet, url.Values{"q.names": {"Selam Tesfay"}, "q.language": {"Tigrinya"}})
		if page := o.As("ruth").Post(sheet, ruths); page.Status != 303 {
			t.Fatal(page.Status)
		}
		page := o.As("tom").Post(sheet, toms)
		if page.Status != 303 || page.Header.Get("Location") != sheet {
			t.Fatalf("tom is not shown that there is something to choose: %d %s", page.Status, page.Header.Get("Location"))
		}
		both := o.get("tom", sheet)
		for _, words := range []string{"Two people wrote here at the same time", "Selam Tekle", "Selam Tesfay", "02:10, Ruth Okafor", "02:10, you"} {
			if !both.Has(words) {
				t.Errorf("%q is missing:\n%s", words, both.Main())
			}
		}
		// Somebody who sends the page without choosing settles nothing and loses nothing.
		o.fill("ruth", sheet, url.Values{"q.dialect": {"Asmara"}})
		if !o.get("ruth", sheet).Has("Two people wrote here") {
			t.Error("sending the page chose")
		}
		if page := o.fill("ruth", sheet, url.Values{"settle": {"2:names"}}); page.Status != 303 {
			t.Fatal(page.Status)
		}
		after := o.get("tom", sheet)
		if after.Has("Two people wrote here") || !after.Has("Selam Tekle") || after.Has("Selam Tesfay") || !after.Has("Tigrinya") {
			t.Error(after.Main())
		}
		if n := o.count(`select count(id) from answer where question = 'names'`); n != 4 {
			t.Errorf("%d versions: the other must stay in the history", n)
		}
		history := o.get("tom", sheet+"/history/names")
		o.golden(history, "history")
		if page := o.As("wes").Get(sheet + "/history/names"); page.Status != 404 {
			t.Error(page.Status)
		}
		// What decides which questions are asked has the page loaded anew; everything else has not.
		if told := o.save("ruth", sheet, "interpreter", "", url.Values{"q.interpreter": {"no"}}); !told.Reload {
			t.Errorf("%+v", told)
		}
		// The script is told in words.
		o.save("ruth", sheet, "dialect", "1", url.Values{"q.dialect": {"Mendefera"}})
		if told := o.save("tom", sheet, "dialect", "1", url.Values{"q.dialect": {"Keren"}}); told.State != "conflict" || !told.Reload {
			t.Errorf("%+v", told)
		}
	})
}

func TestTwoWhoWorkThroughTonightsListDoNotHinderEachOther(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		sheet := o.begin("ruth", "Selam", "", "") + "/sheets/record-first-night"
		o.save("ruth", sheet, "steps", "", url.Values{"q.steps.under-18": {"done"}})
		o.save("ruth", sheet, "steps", "1", url.Values{"q.steps.under-18": {"done"}, "q.steps.care": {"done"}})
		if told := o.save("tom", sheet, "steps", "1", url.Values{"q.steps.under-18": {"done"}, "q.steps.police": {"not-done"}}); told.State != "saved" || told.Based != "3" {
			t.Errorf("%+v", told)
		}
		body := string(o.get("mona", strings.Replace(sheet, "/sheets/record-first-night", "/tonight/print", 1)).Body)
		if strings.Count(body, "Not done") != 1 || strings.Count(body, ">Done<") != 2 {
			t.Error(body)
		}
	})
}

func TestManyWhoSaveAtOnceAreAllAnsweredAndAllKept(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		sheet := o.begin("ruth", "Selam", "", "") + "/sheets/record-child"
		const each = 10
		questions := []string{"names", "dialect", "nationalities", "communication"}
		var wait sync.WaitGroup
		lost := make(chan string, 2*each*len(questions))
		for _, who := range []string{"ruth", "tom"} {
			for _, q := range questions {
				wait.Go(func() {
					based := ""
					for n := range each {
						form := url.Values{"q." + q: {fmt.Sprintf("%s %s %d", who, q, n)}, "question": {q}, "based." + q: {based}}
						page := o.As(who).Post(sheet+"/save", form)
						var told saved
						if page.Status != 200 || json.Unmarshal(page.Body, &told) != nil || told.State == "draft" {
							lost <- fmt.Sprintf("%s %s %d: %d %s", who, q, n, page.Status, page.Body)
							continue
						}
						based = strings.Split(told.Based, ",")[len(strings.Split(told.Based, ","))-1]
					}
				})
			}
		}
		wait.Wait()
		close(lost)
		for what := range lost {
			t.Error(what)
		}
		if n := o.count(`select count(id) from answer where author in ('ruth', 'tom') and question <> 'called'`); n != 2*each*int64(len(questions)) {
			t.Errorf("%d answers are kept of %d that were acknowledged", n, 2*each*len(questions))
		}
		if n := o.count(`select count(id) from answer where standing = 1 and question in ('names', 'dialect', 'nationalities', 'communication')`); n < int64(len(questions)) || n > 2*int64(len(questions)) {
			t.Errorf("%d stand", n)
		}
	})
}

func TestASheetOfAnotherRecordIsNotReachedByItsId(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		mine, other := o.begin("ruth", "Selam", "", ""), o.begin("ruth", "Tesfay", "", "")
		person := o.As("ruth").Get(other + "/sheets/new/record-person").Header.Get("Location")
		o.fill("ruth", person, url.Values{"q.name": {"Aunt of the other"}})
		here := strings.Replace(person, other, mine, 1)
		if page := o.As("ruth").Get(here); page.Has("Aunt of the other") {
			t.Error(page.Main())
		}
		if page := o.As("ruth").Post(here, url.Values{"q.name": {"x"}, "based.name": {""}}); page.Status != 409 {
			t.Errorf("%d", page.Status)
		}
		if page := o.get("ruth", other); !page.Has("Aunt of the other") {
			t.Error(page.Main())
		}
	})
}

func TestThePageBehindIsTheOneThatIsAskedAfterTheAnswer(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		sheet := o.begin("ruth", "Selam", "", "") + "/sheets/record-child"
		page := o.fill("ruth", sheet+"?page=language", url.Values{"q.interpreter": {"no"}})
		if to := page.Header.Get("Location"); to != sheet+"?page=needs" {
			t.Errorf("it leads to %s", to)
		}
		if page := o.get("ruth", sheet+"?page=needs"); strings.Contains(string(page.Body), "page=interpreting") {
			t.Error("the page leads to one that is not asked")
		}
		// A page that was open meanwhile loses nothing of what was typed there, not even what does not fit.
		form := url.Values{"page": {"interpreting"}, "q.interpreter-used": {strings.Repeat("long ", 200)}, "based.interpreter-used": {""}}
		if page := o.As("tom").Post(sheet, form); page.Status != 422 || o.count(`select count(id) from answer where question = 'interpreter-used' and state = 'draft'`) != 1 {
			t.Errorf("%d\n%s", page.Status, page.Main())
		}
		if page := o.fill("ruth", sheet+"?page=numbers", url.Values{"q.number-police": {"AB 1234"}}); page.Header.Get("Location") != strings.TrimSuffix(sheet, "/record-child") {
			t.Errorf("the last page leads to %s", page.Header.Get("Location"))
		}
	})
}

func TestAGapWithItsReasonIsAFinishedAnswer(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "", "")
		sheet := path + "/sheets/record-child"
		before := o.get("ruth", sheet+"?page=names")
		if !before.Has("Names that the child uses") || !before.Has("May know it: The police, the school, the GP or the port may hold other spellings.") {
			t.Error(before.Main())
		}
		o.fill("ruth", sheet+"?page=names", url.Values{"q.names.gap": {"not-the-time"}})
		after := o.get("ruth", sheet+"?page=names")
		if strings.Contains(string(after.Body), `href="#q.names"`) {
			t.Errorf("what has a reason is still open:\n%s", after.Main())
		}
		if page := o.get("ruth", path); !page.Has("Not asked: not the right time") {
			t.Error(page.Main())
		}
		for _, bad := range []string{"%", "incomplete", "required"} {
			if page := o.get("ruth", sheet); page.Has(bad) {
				t.Errorf("the page says %q", bad)
			}
		}
		o.golden(o.get("ruth", sheet), "sheet-child")
	})
}

func TestContactRulesStandBesideEveryNumber(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "", "")
		add := func(fields url.Values) string {
			o.now = o.now.Add(time.Minute)
			to := o.As("ruth").Get(path + "/sheets/new/record-person").Header.Get("Location")
			if page := o.fill("ruth", to, fields); page.Status != 303 {
				t.Fatalf("%d\n%s", page.Status, page.Words())
			}
			return to
		}
		add(url.Values{"q.name": {"Mother"}, "q.what": {"family"}, "q.phone": {"01632 960111"}, "q.rules": {"never-ring", "never-tell-carer"}, "q.reach-others": {"12 Invented Row"}})
		uncle := add(url.Values{"q.name": {"“Uncle”"}, "q.what": {"presenting-carer"}, "q.phone": {"01632 960222"}})
		add(url.Values{"q.name": {"Carer B"}, "q.what": {"approved-carer"}, "q.phone": {"01632 960333"}})
		fostering := add(url.Values{"q.name": {"Mrs A"}, "q.what": {"private-fostering"}, "q.phone": {"01632 960444"}})
		o.golden(o.get("ruth", path), "overview")
		if page := o.get("ruth", uncle); !page.Has("Silence holds: nobody tells or asks them anything") {
			t.Error(page.Main())
		}
		o.fill("ruth", fostering, url.Values{"q.silence": {"agreed"}})
		o.As("ruth").Post(uncle+"/retire", nil)
		page := o.get("ruth", path)
		if page.Has("Uncle") || strings.Contains(page.Main(), "Silence holds") {
			t.Error(page.Main())
		}
		if page := o.get("ruth", path+"/sheets"); !page.Has("Uncle") {
			t.Errorf("what was taken out of use is gone:\n%s", page.Main())
		}
		o.As("ruth").Post(uncle+"/retire", url.Values{"back": {"1"}})
		if page := o.get("ruth", path); !page.Has("Uncle") {
			t.Error(page.Main())
		}
	})
}

func TestThePlacementIsNotOpenedByTheWayOfOtherSheets(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "", "")
		for _, at := range []string{"/sheets/record-placement", "/sheets/new/record-placement", "/sheets/concern-check", "/sheets/nothing", "/sheets/record-child?page=nothing"} {
			if page := o.As("ruth").Get(path + at); page.Status != 404 {
				t.Errorf("%s: %d", at, page.Status)
			}
		}
		if page := o.As("ruth").Post(path+"/sheets/record-placement", url.Values{"q.address": {"x"}, "based.address": {""}}); page.Status != 404 {
			t.Error(page.Status)
		}
		if page := o.get("ruth", path+"/sheets"); page.Has("record-placement") || strings.Contains(string(page.Body), "placement") {
			t.Error(page.Main())
		}
	})
}

func TestAnswersToAnOlderFormAreOpenedByANewerOne(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "", "")
		sheet := path + "/sheets/record-child"
		// An earlier form asked for the language with a list, and for something that nobody asks any more.
		o.save("ruth", sheet, "sex", "", url.Values{"q.sex": {"female"}})
		page := o.fill("ruth", sheet, url.Values{"q.clan": {"Lantern people"}})
		if page.Status != 422 {
			t.Fatalf("%d\n%s", page.Status, page.Main())
		}
		if n := o.count(`select count(id) from answer where question = 'clan'`); n != 1 {
			t.Error("an answer to a question that the form does not have is gone")
		}
		if page := o.get("tom", sheet); !page.Has("Answers to an earlier version of these questions") || !page.Has("Lantern people") {
			t.Error(page.Main())
		}
		// An option that the form no longer has stands beside the question, whole and as it was picked.
		o.change(`update answer set pack = 'england-wales@2025.1', form_version = 0 where question = 'sex'`)
		if page := o.get("tom", sheet); !page.Has("Female") {
			t.Error(page.Main())
		}
	})
}

func TestNothingPersonalIsInTheDatabaseTheLogOrAnAddress(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		planted := []string{"Zerihunworq", "Quellenstrasse", "Ysolde"}
		path := o.begin("ruth", "Zerihunworq", "girl, says 15", "Quellenstrasse")
		o.save("ruth", path+"/sheets/record-child", "names", "", url.Values{"q.names": {"Zerihunworq Ysolde"}})
		o.save("ruth", path+"/sheets/record-child", "born", "", url.Values{"q.born.year": {"Ysolde"}})
		o.As("ruth").Post("/cases", url.Values{"q": {"Zerihunworq"}})
		if !o.As("ruth").Post("/cases", url.Values{"q": {"ysolde ZERIHUNWORQ"}}).Has("Zerihunworq Ysolde") {
			t.Error("the name is not found by its team")
		}
		var dump bytes.Buffer
		for _, table := range []string{"casefile", "sheet", "answer", "lookup", "maybe_same", "audit_entry", "fact", "fact_code"} {
			dump.WriteString(o.dump(table))
		}
		dump.WriteString(o.log.String())
		for _, value := range planted {
			if bytes.Contains(bytes.ToLower(dump.Bytes()), []byte(strings.ToLower(value))) {
				t.Errorf("%s is in the database or in the log", value)
			}
		}
	})
}

// dump gives every value of a table as text.
func (o *office) dump(table string) string {
	o.t.Helper()
	columns := map[string]string{
		"casefile": "id, ref, team, owner, state, opened_at, opened_by, once, headline", "sheet": "id, casefile, form, source, created_at, created_by, body, body, body",
		"answer": "id, sheet, question, over, author, source, pack, state, body", "lookup": "mark, casefile, sheet, sheet, sheet, sheet, sheet, sheet, mark",
		"maybe_same": "casefile, other, found_at, found_by, outcome, outcome, outcome, outcome, outcome", "audit_entry": "id, at, who, act, casefile, about, detail, detail, digest",
		"fact": "id, kind, casefile, day, day, day, day, day, day", "fact_code": "fact, name, code, code, code, code, code, code, code",
	}[table]
	var out strings.Builder
	err := o.db.Read(ctx, "", func(tx *db.Tx) error {
		rows, err := db.All(tx, func(row db.Row) (string, error) {
			values := make([][]byte, 9)
			into := make([]any, 9)
			for i := range values {
				into[i] = &values[i]
			}
			err := row.Scan(into...)
			return string(bytes.Join(values, []byte(" "))), err
		}, "select "+columns+" from "+table)
		for _, row := range rows {
			out.WriteString(row + "\n")
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return out.String()
}
