package form

import (
	"slices"
	"strings"
)

// Answers is what somebody said, by the id of the question. A question that is not in it was not asked:
// that is never the same as "no".
type Answers map[string]Answer

// Answer is one answer. Its zero value is no answer. Whatever the kind, its shape is this one; testdata/answer.json keeps it.
type Answer struct {
	Picked   []string            `json:"picked,omitempty"`
	Words    string              `json:"words,omitempty"`    // a day as Known.String writes it
	Observed map[string]Observed `json:"observed,omitempty"` // by the thing observed
	Gap      string              `json:"gap,omitempty"`      // the reason for a gap, which is a finished answer
	Draft    string              `json:"draft,omitempty"`    // words that do not fit the question, kept so that none is lost
}

// Observed says how something is known, and what was seen or heard.
type Observed struct {
	How  string `json:"how,omitempty"`
	Note string `json:"note,omitempty"`
}

// Empty reports that nothing was answered.
func (a Answer) Empty() bool {
	return len(a.Picked) == 0 && a.Words == "" && len(a.Observed) == 0 && a.Gap == "" && a.Draft == ""
}

// Finished reports that there is an answer, or a reason for none. A draft alone is neither.
func (a Answer) Finished() bool {
	return len(a.Picked) > 0 || a.Words != "" || len(a.Observed) > 0 || a.Gap != ""
}

// Is reports that this option was picked.
func (a Answer) Is(option string) bool { return slices.Contains(a.Picked, option) }

// One gives the option picked of a question that takes one, or nothing.
func (a Answer) One() string {
	if len(a.Picked) == 0 {
		return ""
	}
	return a.Picked[0]
}

// Lines gives each thing of an answer that holds several, one on each line.
func (a Answer) Lines() []string {
	return slices.DeleteFunc(strings.Split(a.Words, "\n"), func(s string) bool { return s == "" })
}

// Shown is what stands in the box of a text: the words, or the draft that has yet to become words.
func (a Answer) Shown() string {
	if a.Draft != "" {
		return a.Draft
	}
	return a.Words
}

// Problem is something about an answer that its writer can mend. Reason is a key of the words, such as form.too-long.
type Problem struct {
	Question string
	Field    string // the name of the field to go to
	Reason   string
	Max      int
}

func has(options []Option, id string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.ID == id })
}
