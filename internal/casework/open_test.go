package casework_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/db"
)

func TestARecordOpensWithNothingKnownInThreeFieldsAndOnePress(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		form := o.get("ruth", "/cases/new")
		o.golden(form, "new")
		if n := strings.Count(string(form.Body), `type="text"`) + strings.Count(string(form.Body), "<textarea") + strings.Count(string(form.Body), "<select"); n != 3 {
			t.Errorf("%d fields to fill in, not three", n)
		}
		path := o.begin("ruth", "", "boy, says 16", "")
		if ref := strings.TrimPrefix(path, "/cases/"); len(ref) != 8 {
			t.Errorf("a reference of %q", ref)
		}
		page := o.get("ruth", path)
		for _, words := range []string{"No name given", "boy, says 16", "The first day is not finished", "Missing now"} {
			if !page.Has(words) {
				t.Errorf("%q is not on the page:\n%s", words, page.Main())
			}
		}
		if n := o.count(`select count(id) from audit_entry where act = 'case.opened' and who = 'ruth'`); n != 1 {
			t.Errorf("%d traces", n)
		}
		if n := o.count(`select count(id) from fact where kind = 'case.opened' and day = '2026-11-24'`); n != 1 {
			t.Errorf("%d facts", n)
		}
	})
}

func TestAPostThatArrivesTwiceOpensOneRecord(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		form := url.Values{"q.called": {"Girl, no name given"}, "once": {db.NewID(night)}}
		first := o.As("ruth").Post("/cases/new", form).Header.Get("Location")
		second := o.As("ruth").Post("/cases/new", form).Header.Get("Location")
		if first == "" || first != second || o.count(`select count(id) from casefile`) != 1 {
			t.Errorf("%q, then %q", first, second)
		}
	})
}

func TestWhatMayNotBeSeenDoesNotExistAndTheTryIsTraced(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "girl, says 15", "at the police station")
		absent := o.As("wes").Get("/cases/" + "23456789")
		for _, who := range []string{"wes", "tom"} {
			if who == "tom" {
				o.change(`insert into case_excluded (casefile, person, since, by_person) select id, 'tom', '', 'mona' from casefile`)
			}
			before := o.count(`select count(id) from audit_entry where act = 'access.refused' and who = $1`, who)
			for i, at := range []string{path, path + "/tonight", path + "/sheets", path + "/sheets/record-child", path + "/missing", path + "/import", path + "/tonight/print"} {
				page := o.As(who).Get(at)
				if page.Status != 404 || page.Main() != absent.Main() || page.Has("Selam") {
					t.Errorf("%s opened %s: %d\n%s", who, at, page.Status, page.Main())
				}
				if n := o.count(`select count(id) from audit_entry where act = 'access.refused' and who = $1`, who) - before; n != int64(i+1) {
					t.Errorf("%s at %s: %d traces of %d tries", who, at, n, i+1)
				}
			}
			for _, at := range []string{path + "/sheets/record-child", path + "/sheets/record-child/save", path + "/first-day", path + "/missing", path + "/same", path + "/sheets/record-child/retire"} {
				if page := o.As(who).Post(at, url.Values{"q.names": {"x"}, "based.names": {""}, "question": {"names"}, "outcome": {"same"}}); page.Status != 404 {
					t.Errorf("%s changed %s: %d", who, at, page.Status)
				}
			}
			if page := o.get(who, "/cases"); page.Has("Selam") {
				t.Errorf("%s sees it in the list:\n%s", who, page.Main())
			}
			if page := o.As(who).Post("/cases", url.Values{"q": {"Selam"}}); page.Has("says 15") {
				t.Errorf("%s finds it by name:\n%s", who, page.Main())
			}
		}
		if n := o.count(`select count(e.id) from audit_entry e join casefile k on k.id = e.casefile where e.act = 'access.refused' and e.who = 'wes'`); n < 10 {
			t.Errorf("the record's own log tells of %d tries", n)
		}
		if page := o.As("admin").Get(path); page.Status != 403 {
			t.Errorf("an administrator: %d", page.Status)
		}
		if page := o.As("panel").Get(path); page.Status != 200 {
			t.Errorf("a panel member may read: %d", page.Status)
		}
		for _, at := range []string{"", "/tonight", "/sheets", "/sheets/record-child", "/missing"} {
			if body := string(o.get("panel", path+at).Body); strings.Contains(body[strings.Index(body, "<main"):], `method="post" action="/cases`) && at != "/missing" {
				t.Errorf("%s offers a panel member what they may not do", at)
			}
		}
		if page := o.As("panel").Post(path+"/first-day", nil); page.Status != 403 {
			t.Errorf("a panel member may not write: %d", page.Status)
		}
	})
}

func TestTheFirstDayEndsWithTheMissingSheetOrAReasonForNone(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Boy, no name given", "says 16", "custody suite, with the custody nurse")
		o.golden(o.get("ruth", path+"/tonight"), "tonight")
		page := o.As("ruth").Post(path+"/first-day", nil)
		if page.Status != 422 || !page.Has("The first day is not finished without the description and plan") {
			t.Errorf("%d\n%s", page.Status, page.Main())
		}
		if to := o.fill("ruth", path+"/sheets/record-missing", url.Values{"q.not-done": {"He sleeps. Tom Hale fills it in by 07:00."}}); to.Status != 303 {
			t.Fatalf("%d\n%s", to.Status, to.Words())
		}
		o.now = o.now.Add(time.Hour)
		if page := o.As("ruth").Post(path+"/first-day", nil); page.Status != 303 {
			t.Errorf("%d\n%s", page.Status, page.Main())
		}
		if page := o.get("tom", path+"/tonight"); !page.Has("The first day was finished: 03:10, Ruth Okafor") {
			t.Error(page.Main())
		}
		if n := o.count(`select count(f.id) from fact f join fact_code c on c.fact = f.id where f.kind = 'case.first-day' and c.code = 'reason-given'`); n != 1 {
			t.Errorf("%d facts", n)
		}
	})
}

func TestTheFirstNightPrintsWhatWasDoneAndWhatWasNot(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Boy, no name given", "says 16", "custody suite")
		page := o.fill("ruth", path+"/sheets/record-first-night", url.Values{
			"q.steps.under-18": {"done"}, "q.steps.under-18.note": {"Ruth, 02:15"},
			"q.steps.interpreter": {"not-done"}, "q.steps.interpreter.note": {"No Tigrinya line until 04:00. Tom rings then."},
			"q.note": {"In the custody suite with the nurse. Interpreter not yet."},
		})
		if to := page.Header.Get("Location"); page.Status != 303 || to != path+"/tonight" {
			t.Fatalf("%d to %q\n%s", page.Status, to, page.Main())
		}
		paper := o.get("ruth", path+"/tonight/print")
		o.golden(paper, "tonight-paper")
		if n := o.count(`select count(id) from audit_entry where act = 'case.printed'`); n != 1 {
			t.Errorf("%d traces of a print", n)
		}
	})
}

func TestMissingNowIsOnePressFromEveryPageAndSaysWhomToRing(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		path := o.begin("ruth", "Selam", "girl, says 15", "with the foster carer on call")
		for _, page := range []string{"", "/tonight", "/sheets", "/sheets/record-child", "/sheets/record-missing?page=plan", "/import", "/missing"} {
			if body := string(o.get("ruth", path+page).Body); !strings.Contains(body, `href="`+path+`/missing"`) {
				t.Errorf("%s has no way to it", page)
			}
		}
		o.fill("ruth", path+"/sheets/record-missing", url.Values{"q.clothes": {"Grey hooded top, white trainers"}, "q.to-whom": {"A man she calls Baba, in Leyton"}})
		uncle := o.As("ruth").Get(path + "/sheets/new/record-person").Header.Get("Location")
		o.fill("ruth", uncle, url.Values{"q.name": {"Baba"}, "q.what": {"presenting-carer"}, "q.phone": {"01632 960777"}})
		o.golden(o.get("ruth", path+"/missing"), "missing")
		if n := o.count(`select count(id) from audit_entry where act = 'case.missing-now'`); n == 0 {
			t.Error("not traced")
		}
		if page := o.As("ruth").Post(path+"/missing", nil); page.Status != 303 || o.count(`select count(id) from fact where kind = 'case.missing'`) != 1 {
			t.Errorf("%d", page.Status)
		}
	})
}
