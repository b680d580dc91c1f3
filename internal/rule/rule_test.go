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
