package casework

import (
	"fmt"
	"time"

	"waymark/internal/web"
)

// names is how people are called, by their ids, as it was when the page was asked for.
type names map[string]string

// called asks how these people are called.
func (c *Casework) called(r *web.Request, people ...string) (names, error) {
	all := names{}
	for _, person := range people {
		if _, known := all[person]; known || person == "" {
			continue
		}
		name, err := c.People.Called(r.Tx, person)
		if err != nil {
			return nil, fmt.Errorf("ask how a colleague is called: %w", err)
		}
		all[person] = name.Reveal()
	}
	return all, nil
}

// of gives a person's name; somebody whom nobody knows any more is a former colleague.
func (n names) of(r *web.Request, person string) string {
	switch name := n[person]; {
	case person == r.Who.ID && person != "":
		return r.Say("case.you")
	case name == "":
		return r.Say("case.former")
	default:
		return name
	}
}

func authorsOf(versions []Version) []string {
	var all []string
	for _, v := range versions {
		all = append(all, v.Author)
	}
	return all
}

// wrote says who wrote something and when; of what was imported, where it comes from.
func (n names) wrote(r *web.Request, v Version) string {
	if v.Author == "" {
		return r.Say("case.imported", "time", when(r.Now, v.At))
	}
	return r.Say("case.wrote", "name", n.of(r, v.Author), "time", when(r.Now, v.At))
}

func (n names) at(r *web.Request, person string, at time.Time) string {
	return r.Say("case.wrote", "name", n.of(r, person), "time", when(r.Now, at))
}
