// Package rule runs the conditions of a pack: CEL expressions that are typed when the pack loads,
// always end, and cost no more than a stated limit. It knows nothing of what the facts mean.
package rule

import (
	"errors"
	"fmt"
	"sort"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// costLimit bounds one run of one rule, in CEL's own units; the dearest rule shipped needs under 100.
const costLimit = 20_000

// longest is how many bytes one condition may have.
const longest = 2_000

// Facts is what a rule may look at: booleans, words, and lists of words.
type Facts map[string]any

// Language is a set of facts with their types, in which rules are written.
type Language struct {
	env   *cel.Env
	names []string
}

// NewLanguage makes a language from examples of its facts: a bool, a string or a []string for each name.
func NewLanguage(examples Facts) (*Language, error) {
	l := &Language{}
	var options []cel.EnvOption
	for name, example := range examples {
		l.names = append(l.names, name)
		switch example.(type) {
		case bool:
			options = append(options, cel.Variable(name, cel.BoolType))
		case string:
			options = append(options, cel.Variable(name, cel.StringType))
		case []string:
			options = append(options, cel.Variable(name, cel.ListType(cel.StringType)))
		default:
			return nil, fmt.Errorf("fact %s has a type that rules do not know: %T", name, example)
		}
	}
	sort.Strings(l.names)
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("make the language of rules: %w", err)
	}
	l.env = env
	return l, nil
}

// Rule is a condition that has been read and typed. The zero Rule always holds.
type Rule struct {
	source  string
	program cel.Program
	names   []string
	asks    map[string][]string
}

// An Error tells where in the condition the fault stands.
type Error struct {
	Column int // 1 is the first sign
	Says   string
}

func (e *Error) Error() string { return e.Says }

// Read types a condition. An empty one always holds.
func (l *Language) Read(source string) (Rule, error) {
	if source == "" {
		return Rule{}, nil
	}
	if len(source) > longest {
		return Rule{}, &Error{1, fmt.Sprintf("is longer than %d characters; cut it into several items", longest)}
	}
	tree, issues := l.env.Compile(source)
	if issues != nil && issues.Err() != nil {
		for _, one := range issues.Errors() {
			return Rule{}, &Error{one.Location.Column() + 1, l.plain(one.Message)}
		}
		return Rule{}, &Error{1, l.plain(issues.Err().Error())}
	}
	if tree.OutputType() != cel.BoolType {
		return Rule{}, &Error{1, fmt.Sprintf("gives %s; it must give true or false, so compare it, as in now == \"danger\"", inWords(tree.OutputType().String()))}
	}
	program, err := l.env.Program(tree, cel.CostLimit(costLimit))
	if err != nil {
		return Rule{}, &Error{1, err.Error()}
	}
	return Rule{source, program, l.used(tree), asked(tree)}, nil
}

func (l *Language) used(tree *cel.Ast) []string {
	seen := map[string]bool{}
	for _, ref := range tree.NativeRep().ReferenceMap() {
		seen[ref.Name] = true
	}
	var names []string
	for _, name := range l.names {
		if seen[name] {
			names = append(names, name)
		}
	}
	return names
}

// Source is the condition as it was written.
func (r Rule) Source() string { return r.source }

// Uses lists the facts that the condition looks at, sorted.
func (r Rule) Uses() []string { return r.names }

// Asks gives for each fact the words with which the condition compares it: whoever knows the facts can tell from it
// that one of them never occurs.
func (r Rule) Asks() map[string][]string { return r.asks }

// asked walks every == and in of the condition.
func asked(tree *cel.Ast) map[string][]string {
	asks := map[string][]string{}
	ast.PreOrderVisit(tree.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 2 {
			return
		}
		switch e.AsCall().FunctionName() {
		case operators.Equals, operators.NotEquals, operators.In:
			a, b := e.AsCall().Args()[0], e.AsCall().Args()[1]
			if a.Kind() != ast.IdentKind {
				a, b = b, a
			}
			if a.Kind() == ast.IdentKind {
				asks[a.AsIdent()] = append(asks[a.AsIdent()], wordsIn(b)...)
			}
		}
	}))
	return asks
}

func wordsIn(e ast.Expr) []string {
	switch e.Kind() {
	case ast.LiteralKind:
		if word, ok := e.AsLiteral().Value().(string); ok {
			return []string{word}
		}
	case ast.ListKind:
		var all []string
		for _, one := range e.AsList().Elements() {
			all = append(all, wordsIn(one)...)
		}
		return all
	}
	return nil
}

// ErrCost says that a condition took more work than a rule may.
var ErrCost = errors.New("the condition takes more work than a rule may")

// Holds runs the condition over the facts.
func (r Rule) Holds(facts Facts) (bool, error) {
	if r.program == nil {
		return true, nil
	}
	out, _, err := r.program.Eval(map[string]any(facts))
	if err != nil {
		return false, fmt.Errorf("run %q: %w", r.source, errors.Join(ErrCost, err))
	}
	holds, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("run %q: gave %v, not true or false", r.source, out.Value())
	}
	return holds, nil
}
