package rule

import (
	"fmt"
	"regexp"
	"strings"
)

// The messages of the compiler speak to programmers. These say the same to whoever writes advice.
var (
	noSuchFact = regexp.MustCompile(`undeclared reference to '([^']+)'(?:.*did you mean '([^']+)')?`)
	noOverload = regexp.MustCompile(`no matching overload for '([^']+)' applied to '\((.*)\)'`)
	oneEquals  = regexp.MustCompile(`token recognition error at: '=`)
	openEnd    = regexp.MustCompile(`missing '(.)'|extraneous input '<EOF>'|mismatched input '<EOF>'`)
)

// written are the compiler's names of what people write.
var written = map[string]string{
	"_==_": "==", "_!=_": "!=", "_&&_": "&&", "_||_": "||", "!_": "!", "@in": "in", "_<_": "<", "_>_": ">", "_<=_": "<=", "_>=_": ">=", "_+_": "+",
}

func (l *Language) plain(message string) string {
	if m := noSuchFact.FindStringSubmatch(message); m != nil {
		if m[2] != "" {
			return fmt.Sprintf("names %q, which is not a fact; did you mean %q?", m[1], m[2])
		}
		return fmt.Sprintf("names %q, which is not a fact; words stand in quotes, and the facts are %s", m[1], strings.Join(l.names, ", "))
	}
	if m := noOverload.FindStringSubmatch(message); m != nil {
		operator := m[1]
		if sign, ok := written[operator]; ok {
			operator = sign
		}
		return fmt.Sprintf("has %s between %s, which do not go together; words stand in quotes, a list is asked with in, and true or false need no ==", operator, inWords(m[2]))
	}
	switch {
	case oneEquals.MatchString(message):
		return "has one =; write == to compare"
	case openEnd.MatchString(message):
		return "ends too early; close every ( and every quotation mark"
	}
	return "cannot be read (" + strings.TrimPrefix(message, "Syntax error: ") + ")"
}

// inWords names the types of values as people would.
func inWords(types string) string {
	return strings.NewReplacer("list(string)", "a list of words", "string", "words", "bool", "true or false", "int", "a number", "uint", "a number", "double", "a number", ", ", " and ").Replace(types)
}
