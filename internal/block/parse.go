package block

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// An Error tells where in the parsed text a fault stands and how to mend it.
type Error struct {
	Line int // 1 is the first line of the text
	Says string
}

func (e *Error) Error() string { return e.Says }

// What a part may be before the parser sees it. Parsers of Markdown have corners where the time grows with the square
// of the length: 100 kB of stars took 98 seconds. The longest part that was shipped has 1,900 characters.
const (
	deepest    = 8 // lists and quotes inside one another
	longest    = 4000
	mostStress = 2 // strong inside stress, or stress inside strong
)

var markdown = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewHTMLBlockParser(), 900),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	),
)

var markLine = regexp.MustCompile(`^\{#([a-zA-Z0-9][a-zA-Z0-9-]*)((?:\s+[a-z_]+=(?:"[^"]*"|[^\s"}]+))*)\s*\}$`)
var markPart = regexp.MustCompile(`([a-z_]+)=(?:"([^"]*)"|([^\s"}]+))`)
var headingMark = regexp.MustCompile(`\s*(\{#[^}]*\})\s*$`)

// Parse reads Markdown: paragraphs, headings, tight lists and quotes, parted by empty lines.
// A part may end with its mark on a line of its own; a heading carries it at its end.
func Parse(source string) (Body, error) {
	var body Body
	lines := strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	for start := 0; start < len(lines); {
		if strings.TrimSpace(lines[start]) == "" {
			start++
			continue
		}
		end := start
		for end < len(lines) && strings.TrimSpace(lines[end]) != "" {
			end++
		}
		parts, err := parsePart(lines[start:end], start+1)
		if err != nil {
			return nil, err
		}
		body = append(body, parts...)
		start = end
	}
	return body, nil
}

// ParseText reads one line or paragraph without lists or headings.
func ParseText(source string) (Text, error) {
	body, err := Parse(source)
	if err != nil {
		return nil, err
	}
	switch {
	case len(body) == 0:
		return nil, nil
	case len(body) > 1 || body[0].Kind != Paragraph:
		return nil, &Error{1, "is more than one paragraph; keep it to a line, without lists or headings"}
	case body[0].Mark.ID != "":
		return nil, &Error{1, "has a mark; only paragraphs of chapters have marks"}
	}
	return body[0].Text, nil
}

func parsePart(lines []string, first int) (Body, error) {
	mark := Mark{Line: first}
	last := strings.TrimSpace(lines[len(lines)-1])
	if strings.HasPrefix(last, "{#") {
		var err error
		if mark, err = parseMark(last, first+len(lines)-1); err != nil {
			return nil, err
		}
		lines = lines[:len(lines)-1]
	} else if h := headingMark.FindStringSubmatch(last); h != nil && strings.HasPrefix(last, "#") {
		var err error
		if mark, err = parseMark(h[1], first+len(lines)-1); err != nil {
			return nil, err
		}
		lines = append(append([]string{}, lines[:len(lines)-1]...), headingMark.ReplaceAllString(last, ""))
	}
	source := []byte(strings.Join(lines, "\n"))
	if len(source) > longest {
		return nil, &Error{first, fmt.Sprintf("has a paragraph or a list of %d characters; one may have %d, so put an empty line where it can be cut", len(source), longest)}
	}
	if nesting(source) > deepest {
		return nil, &Error{first, fmt.Sprintf("stands deeper than %d; write it flatter", deepest)}
	}
	root := markdown.Parse(text.NewReader(source))
	var body Body
	for node := root.FirstChild(); node != nil; node = node.NextSibling() {
		part, err := readBlock(node, source)
		if err != nil {
			err.Line += first
			return nil, err
		}
		body = append(body, part)
	}
	if mark.ID == "" {
		for i := range body {
			body[i].Mark.Line = first
		}
		return body, nil
	}
	if len(body) != 1 {
		return nil, &Error{mark.Line, fmt.Sprintf("the mark {#%s} stands behind %d parts; put an empty line between them and mark each", mark.ID, len(body))}
	}
	body[0].Mark = mark
	return body, nil
}

// nesting is the most list and quote signs at the head of one line: what the parser would open one inside the other.
func nesting(source []byte) int {
	most, here, head := 0, 0, true
	for _, c := range source {
		switch {
		case c == '\n':
			here, head = 0, true
		case head && (c == '>' || c == '-' || c == '*' || c == '+'):
			here++
			most = max(most, here)
		case c != ' ' && c != '\t':
			head = head && c >= '0' && c <= '9' || head && (c == '.' || c == ')')
		}
	}
	return most
}

func parseMark(s string, line int) (Mark, error) {
	m := markLine.FindStringSubmatch(s)
	if m == nil {
		return Mark{}, &Error{line, fmt.Sprintf("holds %.60s, which is not a mark; write {#some-name} or {#some-name source=one,two certainty=confirmed}, with no space around =", s)}
	}
	mark := Mark{ID: m[1], Line: line}
	for _, part := range markPart.FindAllStringSubmatch(m[2], -1) {
		value := part[2] + part[3]
		switch part[1] {
		case "source":
			mark.Source = strings.Split(value, ",")
		case "certainty":
			mark.Certainty = value
		case "strength":
			mark.Strength = value
		case "doubt":
			mark.Doubt = value
		default:
			return Mark{}, &Error{line, fmt.Sprintf("has %q in a mark, which is not known there; use source, certainty, strength or doubt", part[1])}
		}
	}
	return mark, nil
}

func readBlock(node ast.Node, source []byte) (Block, *Error) {
	switch n := node.(type) {
	case *ast.Paragraph:
		t, err := readText(n, source, 0)
		return Block{Kind: Paragraph, Text: t}, err
	case *ast.Heading:
		t, err := readText(n, source, 0)
		if err == nil && (n.Level < 2 || n.Level > 4) {
			err = &Error{0, fmt.Sprintf("has a heading with %d #; headings have two to four: ##, ### or ####", n.Level)}
		}
		return Block{Kind: Heading, Level: n.Level, Text: t}, err
	case *ast.Blockquote:
		if n.ChildCount() == 1 {
			if p, ok := n.FirstChild().(*ast.Paragraph); ok {
				t, err := readText(p, source, 0)
				return Block{Kind: Quote, Text: t}, err
			}
		}
		return Block{}, &Error{0, "has a quote that holds more than one paragraph; a quote holds one and nothing else"}
	case *ast.List:
		return readList(n, source)
	case *ast.HTMLBlock:
		return Block{}, &Error{0, "holds HTML; write it in Markdown instead"}
	default:
		return Block{}, &Error{0, fmt.Sprintf("holds a %s, which a pack may not; use paragraphs, lists and headings", node.Kind())}
	}
}

func readList(list *ast.List, source []byte) (Block, *Error) {
	part := Block{Kind: Bullets}
	if list.IsOrdered() {
		part.Kind = Steps
	}
	line := 0
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if first := item.FirstChild(); first != nil && first.Lines().Len() > 0 {
			line = bytes.Count(source[:first.Lines().At(0).Start], []byte("\n"))
		}
		if item.ChildCount() != 1 {
			return part, &Error{line, "has a list with a list or a paragraph inside an item, or an empty item; keep each item to one paragraph"}
		}
		t, err := readText(item.FirstChild(), source, 0)
		if err != nil {
			err.Line = line
			return part, err
		}
		part.Items = append(part.Items, t)
	}
	return part, nil
}

func readText(node ast.Node, source []byte, within int) (Text, *Error) {
	var out Text
	for n := node.FirstChild(); n != nil; n = n.NextSibling() {
		spans, err := readSpan(n, source, within)
		if err != nil {
			return nil, err
		}
		out = append(out, spans...)
	}
	out = joined(out)
	for _, s := range out {
		if says := leftover(s.Words); says != "" {
			return nil, &Error{0, says}
		}
	}
	return out, nil
}

func readSpan(node ast.Node, source []byte, within int) (Text, *Error) {
	switch n := node.(type) {
	case *ast.Text:
		words := string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Segment.Value(source)))))
		if n.SoftLineBreak() || n.HardLineBreak() {
			words += " "
		}
		return withTargets(words), nil
	case *ast.String:
		return Text{{Words: string(n.Value)}}, nil
	case *ast.Emphasis:
		style := Stress
		if n.Level == 2 {
			style = Strong
		}
		if within++; within > mostStress {
			return nil, &Error{0, "has stress inside stress inside stress; take some of the stars out"}
		}
		inner, err := readText(n, source, within)
		for i := range inner {
			if inner[i].Style == Plain {
				inner[i].Style = style
			}
		}
		return inner, err
	case *ast.Link:
		href := string(n.Destination)
		if !strings.HasPrefix(href, "https://") && !(strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//")) {
			return nil, &Error{0, fmt.Sprintf("links to %q; write a full https:// address, or a path of this site that begins with /", href)}
		}
		inner, err := readText(n, source, within)
		if err == nil && len(inner.Targets()) > 0 {
			err = &Error{0, fmt.Sprintf("has %s inside the words of a link; write the words out", inner.Targets()[0])}
		}
		return Text{{Style: Link, Words: inner.Words(), Href: href}}, err
	case *ast.RawHTML:
		return nil, &Error{0, "holds HTML; write it in Markdown instead"}
	case *ast.Image:
		return nil, &Error{0, "holds a picture, which a pack may not"}
	default:
		return nil, &Error{0, fmt.Sprintf("holds a %s, which a pack may not", node.Kind())}
	}
}
