package casework

import (
	"github.com/a-h/templ"

	"waymark/internal/web"
)

// overview is the first page of a case: what is known, and who is around the child.
func (c *Casework) overview(r *web.Request) (web.Reply, error) {
	found, _, err := c.open(r)
	if err != nil {
		return nil, err
	}
	return c.page(r, found, "overview", overviewPage(found))
}

func here(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}
