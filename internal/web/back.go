package web

import (
	"net/url"
	"slices"
)

type hidden struct{ name, value string }

// sorted gives the values in one order, so that a page with the same answers is the same page.
func sorted(values url.Values) []hidden {
	var all []hidden
	for name, several := range values {
		for _, value := range several {
			all = append(all, hidden{name, value})
		}
	}
	slices.SortStableFunc(all, func(a, b hidden) int {
		switch {
		case a.name < b.name:
			return -1
		case a.name > b.name:
			return 1
		}
		return 0
	})
	return all
}
