package pack

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/form"
	"waymark/internal/rule"
)

// never warns of conditions that compare a fact with a word it never is: a slip of the pen there stops nothing, and yet
// the advice never shows.
func (c *checker) never() {
	could := c.could()
	look := func(could map[string][]string, at Place, what string, r rule.Rule) {
		asks := r.Asks()
		for _, fact := range r.Uses() {
			for _, word := range asks[fact] {
				words, known := could[fact]
				if !known || word == "" || slices.Contains(words, word) {
					continue
				}
				c.warn(at, "%s asks whether %s is %q, which it never is%s", what, fact, word, meant(word, words))
			}
		}
	}
	for _, a := range c.Advice.all {
		look(could, a.At, fmt.Sprintf("advice %q", a.ID), a.Rule)
	}
	for _, f := range c.Forms.all {
		could := could
		if f.Facts != "check" {
			could = f.could()
		}
		for i, page := range f.Pages {
			look(could, page.At, fmt.Sprintf("page %q of form %q", page.ID, f.ID), f.Ready.Pages[i].When)
			for j, q := range page.Questions {
				look(could, q.At, fmt.Sprintf("question %q of form %q", q.ID, f.ID), f.Ready.Pages[i].Questions[j].When)
			}
		}
	}
}

// could lists for each question of the form what it can be answered with. What is written freely can be anything.
func (f Form) could() map[string][]string {
	could := map[string][]string{}
	for _, page := range f.Pages {
		for _, q := range page.Questions {
			list := q.Options
			switch q.Kind {
			case "yes":
				list = []FormOption{{ID: "yes"}, {ID: "no"}}
			case "yes-no-not-known":
				list = []FormOption{{ID: "yes"}, {ID: "no"}, {ID: "not-known"}}
			case "observation":
				list = q.Things
			}
			for _, o := range list {
				if q.OptionsFrom == "" {
					could[form.FactName(q.ID)] = append(could[form.FactName(q.ID)], o.ID)
				}
			}
		}
	}
	return could
}

// could lists for each fact of words what it can be in this pack.
func (c *checker) could() map[string][]string {
	could := map[string][]string{"rung": {"yes", "no"}, "nation": c.Manifest.Nations}
	if len(could["nation"]) == 0 {
		could["nation"] = c.Layers[0].Nations
	}
	for _, s := range c.Settings.all {
		could["setting"] = append(could["setting"], s.ID)
		for _, sign := range s.Signs {
			could["signs"] = append(could["signs"], sign.ID)
			could["tags"] = append(could["tags"], sign.Tags...)
		}
	}
	for _, i := range c.Indicators.all {
		could["indicators"] = append(could["indicators"], i.ID)
	}
	for _, a := range c.Areas.all {
		could["area"] = append(could["area"], a.ID)
	}
	for _, f := range c.Forms.all {
		for _, page := range f.Pages {
			for _, q := range page.Questions {
				if f.Facts == "check" && q.ID == "now" && q.OptionsFrom == "" {
					for _, o := range q.Options {
						could["now"] = append(could["now"], o.ID)
					}
				}
			}
		}
	}
	return could
}

// meant says what the word may have been meant to be.
func meant(word string, words []string) string {
	for _, other := range words {
		if slips(word, other) <= 2 && len(word) > 3 {
			return fmt.Sprintf("; did you mean %q?", other)
		}
	}
	if len(words) > 0 && len(words) <= 8 {
		words = slices.Compact(slices.Sorted(slices.Values(words)))
		return "; it is one of " + strings.Join(words, ", ")
	}
	return "; mend the word, or add what it stands for"
}
