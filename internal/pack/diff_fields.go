package pack

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/block"
	"waymark/internal/clock"
)

// labels are the keys of files in words; a key that is not here is its own word.
var labels = map[string]string{
	"says": "the words", "number": "the number", "phones": "the numbers", "by": "“By”", "who": "“Who”", "when": "its rule",
	"more": "what is folded away", "instead_of": "what it stands instead of", "call": "whom to call", "order": "its place in the order",
	"section": "where it stands", "source": "its sources", "certainty": "how sure it is", "doubt": "the doubt",
	"bank_holidays": "on bank holidays", "find": "how to find it", "first_responder": "may file a referral", "aka": "other names",
	"no_answer": "if nobody answers", "below_threshold": "if it is below the threshold", "told_to_wait": "if told to wait",
	"others": "what to do with others", "inside": "what to do inside", "files": "who files", "write": "what to write down",
	"state_note": "what its state means", "where_note": "how to get it", "superseded_by": "what took its place",
	"may_copy": "whether it may be copied", "not": "the pattern", "but": "what to say instead", "at": "the moment",
	"who_acts": "who acts", "else": "what else it can mean", "looks": "what it can look like", "do": "what to do with it",
	"who_knows": "who else may know it", "child_would_answer": "only the child could tell", "no_gaps": "takes no reason for a gap",
	"gaps": "reasons for a gap", "facts": "what its conditions look at", "named_by": "what tells one from another", "many": "filled in many times",
	"reason": "opened only with a reason", "optional": "may be left out", "options_from": "where its options come from",
	"confirmed": "the confirmation", "url": "the address", "email": "the email address",
}

// fieldLines says field by field what changed, and apart from it what is only about the days of review.
func fieldLines(was, is reflect.Value, before string) (lines, dates []string) {
	for i := range was.NumField() {
		field := was.Type().Field(i)
		key, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		a, b := was.Field(i), is.Field(i)
		label := key
		if words, ok := labels[key]; ok {
			label = words
		}
		switch {
		case options == "inline":
			more, days := fieldLines(a, b, before)
			lines, dates = append(lines, more...), append(dates, days...)
		case skipped(was.Type(), field, key):
		case key == "reviewed" || key == "review_by":
			if a.Interface() != b.Interface() {
				dates = append(dates, key)
			}
		default:
			lines = append(lines, valueLines(before+label, key, a, b)...)
		}
	}
	return lines, dates
}

// skipped are fields that say nothing to a reader, or that are told elsewhere: signs are compared one by one.
func skipped(in reflect.Type, field reflect.StructField, key string) bool {
	switch key {
	case "", "-", "id", "replace":
		return true
	case "version":
		return in == reflect.TypeFor[Manifest]()
	}
	return field.Type == reflect.TypeFor[[]Sign]()
}

func valueLines(label, key string, a, b reflect.Value) []string {
	switch x := a.Interface().(type) {
	case Text:
		return bodyLines(label, block.Body{{Text: x.Text}}, block.Body{{Text: b.Interface().(Text).Text}})
	case Body:
		return bodyLines(label, x.Body, b.Interface().(Body).Body)
	case clock.Date:
		return scalarLines(label, x.Words(), b.Interface().(clock.Date).Words())
	case Hours:
		return scalarLines(label, x.Words(), b.Interface().(Hours).Words())
	case *Confirmation:
		return scalarLines(label, x.words(), b.Interface().(*Confirmation).words())
	case []Phone:
		return phoneLines(x, b.Interface().([]Phone))
	}
	switch a.Kind() {
	case reflect.Struct:
		lines, _ := fieldLines(a, b, label+": ")
		return lines
	case reflect.Slice:
		if a.Type().Elem().Kind() == reflect.Struct && a.Type().Elem() != reflect.TypeFor[Text]() {
			return structLines(label, a, b)
		}
		return listLines(label, wordsEach(a), wordsEach(b))
	case reflect.Bool:
		return scalarLines(label, yesNo(a.Bool()), yesNo(b.Bool()))
	case reflect.Int:
		return scalarLines(label, strconv.FormatInt(a.Int(), 10), strconv.FormatInt(b.Int(), 10))
	}
	if key == "when" {
		return scalarLines(label, condition(a.String()), condition(b.String()))
	}
	return scalarLines(label, a.String(), b.String())
}

func condition(when string) string {
	if when == "" {
		return "always"
	}
	return when
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func scalarLines(label, a, b string) []string {
	if a == b {
		return nil
	}
	if len(a)+len(b) > 160 {
		return wordLines(label, a, b)
	}
	return []string{changed(label, a, b)}
}

func changed(label, a, b string) string {
	switch {
	case a == "":
		return fmt.Sprintf("%s: new “%s”", label, b)
	case b == "":
		return fmt.Sprintf("%s: gone “%s”", label, a)
	}
	verb := "changes"
	if strings.HasSuffix(label, "s") && !strings.HasSuffix(label, "ss") {
		verb = "change"
	}
	return fmt.Sprintf("%s %s from “%s” to “%s”", label, verb, a, b)
}

func wordsEach(list reflect.Value) []string {
	var all []string
	for i := range list.Len() {
		switch x := list.Index(i).Interface().(type) {
		case Text:
			all = append(all, x.Words())
		default:
			all = append(all, fmt.Sprint(x))
		}
	}
	return all
}

// listLines says what came to a list and what went.
func listLines(label string, a, b []string) []string {
	var lines []string
	say := func(what string, from, without []string) {
		var some []string
		for _, s := range from {
			if !slices.Contains(without, s) {
				some = append(some, "“"+s+"”")
			}
		}
		if len(some) > 0 {
			lines = append(lines, fmt.Sprintf("%s: %s %s", label, what, strings.Join(some, ", ")))
		}
	}
	say("new", b, a)
	say("gone", a, b)
	if len(lines) == 0 && !slices.Equal(a, b) {
		lines = append(lines, label+": in another order")
	}
	return lines
}

// phoneLines speaks of the number where there is one, since that is what a reader rings.
func phoneLines(a, b []Phone) []string {
	if len(a) == 1 && len(b) == 1 {
		lines, _ := fieldLines(reflect.ValueOf(a[0]), reflect.ValueOf(b[0]), "")
		return lines
	}
	words := func(all []Phone) []string {
		var out []string
		for _, p := range all {
			out = append(out, strings.TrimSuffix(fmt.Sprintf("%s (%s)", p.Number, strings.Trim(p.Label+", "+p.Note, ", ")), " ()"))
		}
		return out
	}
	return listLines(labels["phones"], words(a), words(b))
}

// structLines compares the pages of a form, its questions and its options, each by its id.
func structLines(label string, a, b reflect.Value) []string {
	var lines []string
	within, one := "", strings.TrimSuffix(label, "s")
	if i := strings.LastIndex(one, ": "); i >= 0 {
		within, one = one[:i+2], one[i+2:]
	}
	find := func(list reflect.Value, id string) (reflect.Value, bool) {
		for i := range list.Len() {
			if list.Index(i).FieldByName("ID").String() == id {
				return list.Index(i), true
			}
		}
		return reflect.Value{}, false
	}
	for i := range b.Len() {
		id := b.Index(i).FieldByName("ID").String()
		old, ok := find(a, id)
		if !ok {
			lines = append(lines, fmt.Sprintf("%snew %s “%s”", within, one, shownWords(b.Index(i))))
			continue
		}
		more, _ := fieldLines(old, b.Index(i), fmt.Sprintf("%s%s “%s”: ", within, one, id))
		lines = append(lines, more...)
	}
	for i := range a.Len() {
		if _, ok := find(b, a.Index(i).FieldByName("ID").String()); !ok {
			lines = append(lines, fmt.Sprintf("%sgone: %s “%s”", within, one, shownWords(a.Index(i))))
		}
	}
	if len(lines) == 0 {
		for i := range b.Len() {
			if a.Index(i).FieldByName("ID").String() != b.Index(i).FieldByName("ID").String() {
				return []string{label + ": in another order"}
			}
		}
	}
	return lines
}

// shownWords is what a page, a question or an option shows.
func shownWords(v reflect.Value) string {
	for _, name := range []string{"Title", "Says", "ID"} {
		if f := v.FieldByName(name); f.IsValid() && f.Kind() == reflect.String && f.String() != "" {
			return f.String()
		}
	}
	return ""
}

func (c *Confirmation) words() string {
	if c == nil {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf("%s by %s (%s)", c.On.Words(), c.By, c.How), " ()")
}
