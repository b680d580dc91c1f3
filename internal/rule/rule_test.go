package rule_test

import (
	"errors"
	"strings"
	"testing"

	"waymark/internal/rule"
)

var example = rule.Facts{"now": "", "lead": false, "tags": []string{}}

func language(t *testing.T) *rule.Language {
	t.Helper()
	l, err := rule.NewLanguage(example)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAConditionHoldsOverItsFactsAndNamesThem(t *testing.T) {
	r, err := language(t).Read(`now == "danger" || ("injured" in tags && !lead)`)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.Uses(), " "); got != "lead now tags" {
		t.Errorf("uses %q", got)
	}
	for _, c := range []struct {
		facts rule.Facts
		want  bool
	}{
		{rule.Facts{"now": "danger", "lead": true, "tags": []string{}}, true},
		{rule.Facts{"now": "with-me", "lead": false, "tags": []string{"injured"}}, true},
		{rule.Facts{"now": "with-me", "lead": true, "tags": []string{"injured"}}, false},
	} {
		if got, err := r.Holds(c.facts); err != nil || got != c.want {
			t.Errorf("%v: got %v, %v", c.facts, got, err)
		}
	}
}

func TestAConditionNamesTheWordsWithWhichItComparesAFact(t *testing.T) {
	r, err := language(t).Read(`(now == "danger" || now in ["leaving", "missing"]) && "injured" in tags && "x" != now`)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Asks(); strings.Join(got["now"], " ") != "danger leaving missing x" || strings.Join(got["tags"], " ") != "injured" {
		t.Errorf("got %v", got)
	}
}

func TestAFaultInAConditionIsSaidInPlainWords(t *testing.T) {
	for source, want := range map[string]string{
		`now == 3`:                "has == between words and a number, which do not go together; words stand in quotes, a list is asked with in, and true or false need no ==",
		`"a" in now`:              "has in between words and words, which do not go together; words stand in quotes, a list is asked with in, and true or false need no ==",
		`tags == "a"`:             "has == between a list of words and words, which do not go together; words stand in quotes, a list is asked with in, and true or false need no ==",
		`led`:                     "names \"led\", which is not a fact; did you mean \"lead\"?",
		`quite && lead`:           "names \"quite\", which is not a fact; words stand in quotes, and the facts are lead, now, tags",
		`now = "a"`:               "has one =; write == to compare",
		`(lead`:                   "ends too early; close every ( and every quotation mark",
		`now`:                     "gives words; it must give true or false, so compare it, as in now == \"danger\"",
		`lead and lead`:           "cannot be read (mismatched input 'and' expecting <EOF>)",
		`now == "danger`:          "cannot be read (token recognition error at: '\"danger')",
		strings.Repeat("!", 2001): "is longer than 2000 characters; cut it into several items",
	} {
		_, err := language(t).Read(source)
		if err == nil || err.Error() != want {
			t.Errorf("%.40q: got %v", source, err)
		}
	}
}

func TestNoConditionAlwaysHolds(t *testing.T) {
	if got, err := (rule.Rule{}).Holds(nil); !got || err != nil {
		t.Error(got, err)
	}
}

func TestAConditionThatDoesNotTypeIsRefusedWithItsColumn(t *testing.T) {
	for source, column := range map[string]int{
		`now == 3`:                     5,
		`lead && sings`:                9,
		`now`:                          1,
		`"a" in tags && (`:             17,
		strings.Repeat("lead||", 2000): 1,
	} {
		_, err := language(t).Read(source)
		var fault *rule.Error
		if !errors.As(err, &fault) {
			t.Errorf("%.40q: got %v", source, err)
			continue
		}
		if fault.Column != column {
			t.Errorf("%.40q: column %d, want %d (%s)", source, fault.Column, column, fault.Says)
		}
	}
}

func TestAConditionThatCostsTooMuchIsStopped(t *testing.T) {
	deep := "tags"
	for range 4 {
		deep = "tags.map(x, " + deep + ".size() > 0 ? x : x)"
	}
	r, err := language(t).Read(deep + `.exists(x, x == "z")`)
	if err != nil {
		t.Fatal(err)
	}
	many := make([]string, 60)
	for i := range many {
		many[i] = "a"
	}
	_, err = r.Holds(rule.Facts{"now": "", "lead": false, "tags": many})
	if !errors.Is(err, rule.ErrCost) {
		t.Errorf("got %v", err)
	}
}
