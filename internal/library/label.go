package library

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"waymark/internal/web"
)

// label says a facet's value in words that people use.
func label(r *web.Request, facet, value string) string {
	switch {
	case value == everyone || value == unknown:
		return said(r, "library."+facet+"."+value, value)
	case facet == "setting":
		if s, ok := r.Pack.Settings.Get(value); ok {
			return s.Name
		}
	case facet == "type":
		if t, ok := r.Pack.Types.Get(value); ok {
			return t.Title
		}
	case facet == "language":
		return tongue(r, value)
	case facet == "audience":
		return capital(value)
	}
	return said(r, "library."+facet+"."+value, capital(strings.ReplaceAll(value, "-", " ")))
}

// said gives a line of the words, or the other when no line has that key: a pack may name kinds of its own.
func said(r *web.Request, key, otherwise string) string {
	if line := r.Say(key); !strings.HasPrefix(line, "⟦") {
		return line
	}
	return otherwise
}

// tongue names a language in the language of the page.
func tongue(r *web.Request, tag string) string {
	wanted, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	for _, namer := range []display.Namer{display.Languages(language.Make(r.Words.Tag)), display.English.Languages()} {
		if namer != nil {
			if name := namer.Name(wanted); name != "" {
				return name
			}
		}
	}
	return tag
}

func capital(s string) string {
	if s == "" {
		return s
	}
	first := []rune(s)
	return strings.ToUpper(string(first[:1])) + string(first[1:])
}

func labels(r *web.Request, facet string, values []string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = label(r, facet, v)
	}
	return all
}
