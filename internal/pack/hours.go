package pack

import (
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"waymark/internal/clock"
)

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// hours reads `always`, `unknown`, or a list of {days, from, to}.
func (d *decoder) hours(node ast.Node, into *Hours, what string) {
	if list, ok := node.(*ast.SequenceNode); ok {
		into.Known = true
		for _, one := range list.Values {
			if span, err := d.span(one); err != nil {
				d.fault(one, "%s: %s", what, err)
			} else {
				into.Spans = append(into.Spans, span)
			}
		}
		return
	}
	switch d.word(node, what, "") {
	case "always":
		*into = Hours{Always: true, Known: true}
	case "unknown":
	default:
		d.fault(node, "%s should be always, unknown, or a list such as [{days: mon-fri, from: \"09:00\", to: \"17:00\"}]", what)
	}
}

func (d *decoder) span(node ast.Node) (Span, error) {
	var s Span
	values := map[string]string{}
	for _, pair := range pairs(node) {
		values[pair.Key.String()] = pair.Value.GetToken().Value
	}
	if len(values) != 3 || values["days"] == "" {
		return s, fmt.Errorf("each line has days, from and to, such as {days: mon-fri, from: \"09:00\", to: \"17:00\"}")
	}
	var err error
	if s.From, err = minutes(values["from"]); err != nil {
		return s, err
	}
	if s.To, err = minutes(values["to"]); err != nil {
		return s, err
	}
	if s.To <= s.From {
		return s, fmt.Errorf("closes at %s, before it opens at %s; for a night write two lines, one to \"24:00\" and one from \"00:00\"", values["to"], values["from"])
	}
	s.Days, s.Words, err = days(values["days"])
	return s, err
}

// Covers reports that the hours hold at that moment in London. Bank holidays are not looked at.
func (h Hours) Covers(at time.Time) bool {
	at = at.In(clock.London)
	minute := at.Hour()*60 + at.Minute()
	for _, s := range h.Spans {
		if s.Days[at.Weekday()] && minute >= s.From && minute < s.To {
			return true
		}
	}
	return h.Always
}

// Words gives the hours as `pack diff` says them: Monday to Friday 09:00 to 17:00.
func (h Hours) Words() string {
	switch {
	case h.Always:
		return "always"
	case !h.Known:
		return "not known"
	}
	var all []string
	for _, s := range h.Spans {
		all = append(all, fmt.Sprintf("%s %02d:%02d to %02d:%02d", s.Words, s.From/60, s.From%60, s.To/60, s.To%60))
	}
	return strings.Join(all, "; ")
}

func minutes(clock string) (int, error) {
	if clock == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time such as \"09:00\" (in quotes)", clock)
	}
	return t.Hour()*60 + t.Minute(), nil
}

func days(s string) (set [7]bool, words string, err error) {
	var parts []string
	for _, part := range strings.Split(s, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			last = first
		}
		from, to := dayIndex(first), dayIndex(last)
		if from < 0 || to < 0 {
			return set, "", fmt.Errorf("%q are not days such as mon-fri or sat,sun", s)
		}
		for i := from; ; i = (i + 1) % 7 {
			set[i] = true
			if i == to {
				break
			}
		}
		name := time.Weekday(from).String()
		if isRange {
			name += " to " + time.Weekday(to).String()
		}
		parts = append(parts, name)
	}
	return set, strings.Join(parts, ", "), nil
}

func dayIndex(name string) int {
	for i, day := range dayNames {
		if day == name {
			return i
		}
	}
	return -1
}
