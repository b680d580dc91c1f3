package casework

import (
	"slices"
	"testing"

	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/seal"
)

var today = clock.Date{Year: 2026, Month: 11, Day: 24}

func index(t testing.TB) seal.Index {
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key.Index()
}

const nobody = "no name given not known boy girl child"

func childNamed(names, born string) form.Answers {
	return form.Answers{childNames: {Words: names}, childBorn: {Words: born}}
}

func matches(x seal.Index, kept, sought findable) bool {
	there := kept.stored(x, "team")
	return slices.ContainsFunc(sought.sought(x), func(mark []byte) bool {
		return slices.ContainsFunc(there, func(other []byte) bool { return string(other) == string(mark) })
	})
}

func TestAChildIsFoundUnderAnotherSpellingOrDate(t *testing.T) {
	x := index(t)
	for name, pair := range map[string][2]form.Answers{
		"another spelling, only the year":  {childNamed("Tesfay Gebrehiwot", "2010-03-02"), childNamed("Gebrehiwet, Tesfai", "2010")},
		"one name and the same birth date": {childNamed("Selam", "2011-05-09"), childNamed("Salam Tekle", "2011-05-09")},
		"another script":                   {childNamed("Mohamed Hassan", "2009"), childNamed("محمد حسن", "2009-07-01")},
		"one of several names":             {childNamed("Linh\nNguyễn Thị Linh", "2010"), childNamed("Nguyen Thi Linh", "2010-11-30")},
		"the age that was stated":          {childNamed("Ahmed Omar", "2010"), {childNames: {Words: "Ahmed Omar"}, childAge: {Words: "16"}}},
		"nothing known but the name":       {childNamed("Blerim Hoxha", "2010"), childNamed("HOXHA Blerim", "")},
		"a number alone":                   {{childNumber + "police": {Words: "AB/1234-26"}}, {childNumber + "council": {Words: "ab 1234 26"}}},
	} {
		kept, sought := findableBy(pair[0], nil, today, nobody), findableBy(pair[1], nil, today, nobody)
		if !matches(x, kept, sought) || !matches(x, sought, kept) {
			t.Errorf("%s: not found\n%+v\n%+v", name, kept, sought)
		}
	}
}

func TestOtherChildrenAreNotFound(t *testing.T) {
	x := index(t)
	for name, pair := range map[string][2]form.Answers{
		"the same name, years apart":     {childNamed("Ahmed Omar", "2010-02-01"), childNamed("Ahmed Omar", "2014")},
		"one common name, the same year": {childNamed("Ahmed", "2010"), childNamed("Mohamed", "2010")},
		"the first of January":           {childNamed("Ahmed Ali", "2010-01-01"), childNamed("Ahmed Hussein", "2010-01-01")},
		"a short number":                 {{childNumber + "police": {Words: "12"}}, {childNumber + "police": {Words: "12"}}},
	} {
		if kept, sought := findableBy(pair[0], nil, today, nobody), findableBy(pair[1], nil, today, nobody); matches(x, kept, sought) {
			t.Errorf("%s: found", name)
		}
	}
	opened := func(called string) form.Answers {
		return form.Answers{openCalled: {Words: called}, openAge: {Words: "boy, says 16"}}
	}
	if a := findableBy(nil, opened("No name given"), today, nobody); len(a.Names) != 0 || !slices.Equal(a.Years, []int{2009, 2010}) {
		t.Errorf("%+v", a)
	}
	if a := findableBy(nil, opened("Girl, Selam"), today, nobody); len(a.Names) != 1 || a.Names[0][0] != "selam" {
		t.Errorf("%+v", a)
	}
}
