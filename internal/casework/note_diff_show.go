package casework

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/web"
)

// diff shows what a later version left out and put in. Those who hear the page are told where each begins. It is written
// by hand because templ sets spaces between its elements, and here the only spaces are those of the words themselves.
func diff(parts []diffPart) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		heard := func(key string) {
			b.WriteString(`<span class="govuk-visually-hidden"> [` + templ.EscapeString(web.Say(ctx, key)) + `] </span>`)
		}
		for _, p := range parts {
			words := templ.EscapeString(p.Words)
			switch p.Kind {
			case gone:
				b.WriteString(`<del class="wm-gone">`)
				heard("case.diff.gone")
				b.WriteString(words + `</del>`)
			case added:
				b.WriteString(`<ins class="wm-added">`)
				heard("case.diff.added")
				b.WriteString(words + `</ins>`)
			default:
				b.WriteString(words)
			}
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
