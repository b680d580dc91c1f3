package pack

import (
	"fmt"
	"regexp"
)

// yamlWords says what a YAML parser means in words that help a person who never heard of YAML.
var yamlWords = []struct {
	find *regexp.Regexp
	says string
}{
	{regexp.MustCompile(`flow (?:mapping|map).*end token '\}'`), "a { is opened here and never closed; close it with }, or write one key a line"},
	{regexp.MustCompile(`sequence end token '\]'|flow sequence.*\]`), "a [ is opened here and never closed; close it with ], or write one item a line behind a dash"},
	{regexp.MustCompile(`mapping value is not allowed in this context`), "a second colon stands in this line; put the words that hold it in quotes"},
	{regexp.MustCompile(`could not find end character of (?:double|single)-quoted`), "a quotation mark is opened here and never closed; close it"},
	{regexp.MustCompile(`character '\t'`), "a tab stands here; move the words in with spaces instead"},
	{regexp.MustCompile(`mapping key "(.+)" already defined at \[(\d+):\d+\]`), "the key %q stands twice, first in line %s; take one of the two out"},
	{regexp.MustCompile(`value is not allowed in this context|non-map value is specified|unexpected key name|block sequence entries are not allowed`), "this line does not fit below the one above; move it in by as many spaces as its neighbours, or put its words in quotes"},
}

func unreadable(message string) string {
	for _, w := range yamlWords {
		if m := w.find.FindStringSubmatch(message); m != nil {
			args := make([]any, 0, 2)
			for _, part := range m[1:] {
				args = append(args, part)
			}
			return fmt.Sprintf(w.says, args...)
		}
	}
	return "this is not YAML (" + message + "); look at the spaces, quotes and colons of this line and the one above"
}
