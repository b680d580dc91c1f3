package block

import (
	"fmt"
	"regexp"
	"strings"
)

var target = regexp.MustCompile(`\{(lead|setting|area|now|time|signs|(contact|chapter|record|setting|text):([a-zA-Z0-9-]+)(?:#([a-zA-Z0-9-]+))?)\}`)

func withTargets(words string) Text {
	var out Text
	for {
		at := target.FindStringSubmatchIndex(words)
		if at == nil {
			return append(out, Span{Words: words})
		}
		if at[0] > 0 {
			out = append(out, Span{Words: words[:at[0]]})
		}
		to := Target{Kind: words[at[2]:at[3]]}
		if at[4] >= 0 {
			to = Target{Kind: words[at[4]:at[5]], ID: words[at[6]:at[7]]}
			if at[8] >= 0 {
				to.Anchor = words[at[8]:at[9]]
			}
		}
		out = append(out, Span{Style: Ref, To: to})
		words = words[at[1]:]
		if words == "" {
			return out
		}
	}
}

// joined merges neighbours of one style, since the parser cuts text at every line and sign.
func joined(in Text) Text {
	var out Text
	var words strings.Builder
	for i, s := range in {
		words.WriteString(s.Words)
		merges := s.Style == Plain || s.Style == Strong || s.Style == Stress
		if merges && i+1 < len(in) && in[i+1].Style == s.Style {
			continue
		}
		s.Words = words.String()
		words.Reset()
		out = append(out, s)
	}
	if last := len(out) - 1; last >= 0 && out[last].Style == Plain {
		out[last].Words = strings.TrimRight(out[last].Words, " ")
	}
	return out
}

// marks are what Markdown leaves in the words when it was not written right: a reader would see them.
var marks = []struct {
	find *regexp.Regexp
	says string
}{
	{regexp.MustCompile(`\{[^{}]{0,60}\}?|\}`), "which points to nothing; write {contact:ID}, {chapter:ID}, {record:ID}, {setting:ID}, {text:ID} or {lead}, and no other braces"},
	{regexp.MustCompile(`\*+`), "without its partner; write **strong** or *stress* with no space inside, and no other stars"},
	{regexp.MustCompile(`__+|(?:^|\s)_\w|\w_(?:[\s.,;:!?]|$)`), "without its partner; write **strong** or *stress* instead"},
	{regexp.MustCompile(`\]\(\S{0,40}`), "which is half a link; write [words](https://…) with no space in the address"},
	{regexp.MustCompile("`+"), "which shows as it is; write the words without it"},
	{regexp.MustCompile(`^#+|^\|`), "which shows as it is; put a space behind ## for a heading, and write a table as a list"},
	{regexp.MustCompile(`(?:^|\s)(?:-{3,}|={3,})(?:\s|$)`), "which shows as it is; leave lines out, and write headings with ##"},
	{regexp.MustCompile(`<https?:\S{0,40}`), "which is no link; write [words](https://…)"},
}

// leftover says what of Markdown's own signs would be seen by a reader, or nothing.
func leftover(words string) string {
	if !strings.ContainsAny(words, "{}*_]`#|-=<") {
		return ""
	}
	for _, m := range marks {
		if found := m.find.FindString(words); found != "" {
			return fmt.Sprintf("holds %s, %s", strings.TrimSpace(found), m.says)
		}
	}
	return ""
}

// AsWritten refuses a text that is shown as it was written, yet holds Markdown or points to something.
func AsWritten(words string) error {
	if says := leftover(words); says != "" {
		found, _, _ := strings.Cut(strings.TrimPrefix(says, "holds "), ", ")
		return &Error{1, fmt.Sprintf("holds %s, but is shown as it was written; write plain words", found)}
	}
	return nil
}
