package library

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"waymark/internal/search"
)

// marked shows pieces without a space more or less than was written, which a template would not promise.
func marked(pieces []search.Piece) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for _, p := range pieces {
			words := templ.EscapeString(p.Words)
			if p.Marked {
				words = "<mark>" + words + "</mark>"
			}
			if _, err := io.WriteString(w, words); err != nil {
				return err
			}
		}
		return nil
	})
}
