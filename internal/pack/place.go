package pack

import (
	"fmt"
	"sort"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Place is where something stands in a pack.
type Place struct {
	File         string
	Line, Column int
	folded       bool // the lines of the file are not those of the text
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// down is so many lines further down.
func (p Place) down(lines int) Place {
	if !p.folded && lines > 0 {
		p.Line += lines
	}
	return p
}

// Fault is something that stops a pack from loading: where, and a sentence that says how to mend it.
type Fault struct {
	Place
	Says string
}

func (f Fault) Error() string { return f.Place.String() + ": " + f.Says }

// Faults is every fault found, in the order of files and lines.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sorted() Faults {
	sort.SliceStable(f, func(i, j int) bool {
		a, b := f[i], f[j]
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	return f
}

func placeOf(name string, at *token.Token) Place {
	if at == nil || at.Position == nil {
		return Place{File: name}
	}
	return Place{File: name, Line: at.Position.Line, Column: at.Position.Column}
}

// textPlace is where the words of a text begin: for a block below | or >, its first line.
func (d *decoder) textPlace(node ast.Node) Place {
	literal, ok := node.(*ast.LiteralNode)
	if !ok {
		at := placeOf(d.name, node.GetToken())
		at.folded = true
		return at
	}
	at := placeOf(d.name, literal.Start)
	at.folded = literal.Start.Type == token.FoldedType
	if line := at.Line; line < len(d.lines) {
		at.Line++
		at.Column = 1 + len(d.lines[line]) - len(strings.TrimLeft(d.lines[line], " "))
	}
	return at
}

// find walks down from a node by keys and indexes, and stops at the deepest part that is there.
func find(node ast.Node, path ...any) ast.Node {
	for _, step := range path {
		next := child(node, step)
		if next == nil {
			return node
		}
		node = next
	}
	return node
}

func child(node ast.Node, step any) ast.Node {
	switch s := step.(type) {
	case string:
		for _, pair := range pairs(node) {
			if pair.Key.String() == s {
				return pair.Value
			}
		}
	case int:
		if list, ok := node.(*ast.SequenceNode); ok && s < len(list.Values) {
			return list.Values[s]
		}
	}
	return nil
}

// pairs gives the keys and values of a mapping.
func pairs(node ast.Node) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// startOf is the first sign of a node: for a mapping its first key, not the colon behind it.
func startOf(node ast.Node) *token.Token {
	if all := pairs(node); len(all) > 0 {
		return all[0].Key.GetToken()
	}
	if node == nil {
		return nil
	}
	return node.GetToken()
}
