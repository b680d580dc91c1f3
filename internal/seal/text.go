package seal

import (
	"fmt"
	"io"
	"log/slog"
)

// dots is what a hidden value shows instead of itself.
const dots = "•••"

// hidden gives a type the forms in which Go prints, logs and writes values: each is dots.
type hidden struct{}

// String gives dots.
func (hidden) String() string { return dots }

// GoString gives dots.
func (hidden) GoString() string { return dots }

// Format writes dots, whatever the verb.
func (hidden) Format(f fmt.State, _ rune) { io.WriteString(f, dots) } //nolint:errcheck // fmt has nobody to tell

// MarshalJSON gives dots: whoever means to keep the words reveals them.
func (hidden) MarshalJSON() ([]byte, error) { return []byte(`"` + dots + `"`), nil }

// MarshalText gives dots.
func (hidden) MarshalText() ([]byte, error) { return []byte(dots), nil }

// LogValue gives dots.
func (hidden) LogValue() slog.Value { return slog.StringValue(dots) }

// Text is a person's words, or words about a person. It cannot print itself: whoever needs the words calls Reveal, which
// stands out in review. It cannot be compared with ==, and JSON gives dots, not the words.
type Text struct {
	hidden
	words func() string // a function: fmt prints the unexported fields of other people's structs, but not what this holds
}

// Hide wraps words so that they cannot be printed.
func Hide(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{words: func() string { return s }}
}

// Reveal gives the words.
func (t Text) Reveal() string {
	if t.words == nil {
		return ""
	}
	return t.words()
}

// Empty reports that there are no words.
func (t Text) Empty() bool { return t.words == nil }

// Equal compares the words, for tests and for finding what has changed.
func (t Text) Equal(other Text) bool { return t.Reveal() == other.Reveal() }
