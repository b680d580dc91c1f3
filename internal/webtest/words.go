package webtest

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// wordsOf reads a page as a person does: headings with #, links with their address behind →, buttons in [ ], fields in ( ).
func wordsOf(page []byte) string { return read(page, nil) }

// mainOf reads only <main>.
func mainOf(page []byte) string {
	return read(page, func(n *html.Node) bool { return n.DataAtom == atom.Main })
}

func read(page []byte, from func(*html.Node) bool) string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return string(page)
	}
	r := &reader{labels: map[string]string{}}
	r.gather(root)
	start := root
	if from != nil {
		if found := find(root, from); found != nil {
			start = found
		}
	}
	r.node(start)
	r.end()
	return strings.TrimSpace(r.out.String()) + "\n"
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && is(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := find(c, is); found != nil {
			return found
		}
	}
	return nil
}

type reader struct {
	out    strings.Builder
	line   strings.Builder
	prefix string
	labels map[string]string // id of a field -> its label
}

// gather learns which label belongs to which field, since the label may stand behind it.
func (r *reader) gather(n *html.Node) {
	if n.DataAtom == atom.Label {
		r.labels[attr(n, "for")] = flat(inner(n))
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.gather(c)
	}
}

func (r *reader) node(n *html.Node) {
	if n.Type == html.TextNode {
		r.words(n.Data)
		return
	}
	if n.Type != html.ElementNode && n.Type != html.DocumentNode {
		return
	}
	if unread(n) {
		return
	}
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Svg:
		if title := find(n, func(n *html.Node) bool { return n.DataAtom == atom.Title }); title != nil && n.DataAtom == atom.Head {
			r.whole("title: " + flat(inner(title)))
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5:
		r.block(n, strings.Repeat("#", int(n.Data[1]-'0'))+" ")
	case atom.A:
		r.link(n)
	case atom.Button:
		r.words(" [" + flat(inner(n)) + "] ")
	case atom.Input, atom.Textarea, atom.Select:
		r.end()
		r.field(n)
	case atom.Label:
		if find(n, func(c *html.Node) bool { return c.DataAtom == atom.Input }) != nil || r.labels[attr(n, "for")] == "" {
			r.children(n)
		}
	case atom.Li:
		r.block(n, "- ")
	case atom.Pre:
		r.end()
		for line := range strings.SplitSeq(strings.TrimRight(inner(n), "\n"), "\n") {
			r.whole("    " + line)
		}
	case atom.Br:
		r.end()
	case atom.Details:
		r.block(n, "")
	case atom.Summary:
		r.block(n, "▸ ")
	case atom.P, atom.Div, atom.Section, atom.Form, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Fieldset, atom.Legend,
		atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Blockquote, atom.Tr, atom.Table, atom.Article, atom.Aside, atom.Body, atom.Html:
		r.block(n, "")
	case atom.Td, atom.Th:
		r.children(n)
		r.words(" | ")
	default:
		r.children(n)
	}
}

// unread is what nobody sees or hears before a script shows it, or only an eye sees.
func unread(n *html.Node) bool {
	return has(n, "hidden") || attr(n, "aria-hidden") == "true" || attr(n, "type") == "hidden"
}

func (r *reader) block(n *html.Node, prefix string) {
	r.end()
	if prefix != "" {
		r.prefix = prefix
	}
	r.children(n)
	r.end()
	r.prefix = ""
}

func (r *reader) link(n *html.Node) {
	says := flat(inner(n))
	if strings.HasPrefix(attr(n, "class"), "govuk-button") {
		says = "[" + says + "]"
	}
	r.words(" " + says + " → " + attr(n, "href") + " ")
}

func (r *reader) field(n *html.Node) {
	label := r.labels[attr(n, "id")]
	switch {
	case attr(n, "type") == "radio":
		r.whole(mark(n, "(•)", "( )") + " " + label)
	case attr(n, "type") == "checkbox":
		r.whole(mark(n, "[x]", "[ ]") + " " + label)
	case n.DataAtom == atom.Select:
		r.whole(label + ":")
		for o := range n.Descendants() {
			if o.DataAtom == atom.Option {
				sign := "  ( ) "
				if has(o, "selected") {
					sign = "  (•) "
				}
				r.whole(sign + flat(inner(o)))
			}
		}
	case n.DataAtom == atom.Textarea:
		r.whole(fmt.Sprintf("%s: (%s)", label, flat(inner(n))))
	default:
		r.whole(fmt.Sprintf("%s: (%s)", label, attr(n, "value")))
	}
}

func mark(n *html.Node, yes, no string) string {
	if has(n, "checked") {
		return yes
	}
	return no
}

func (r *reader) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
}

func (r *reader) words(s string) { r.line.WriteString(s) }

func (r *reader) whole(line string) {
	r.end()
	r.out.WriteString(line + "\n")
}

// end finishes the line that is being read.
func (r *reader) end() {
	line := flat(r.line.String())
	r.line.Reset()
	if line == "" {
		return
	}
	if strings.HasPrefix(r.prefix, "#") && r.out.Len() > 0 {
		r.out.WriteString("\n")
	}
	r.out.WriteString(r.prefix + line + "\n")
	r.prefix = ""
}

// inner is the text of everything below, but not what is only for the eye.
func inner(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type == html.ElementNode && !unread(c):
			b.WriteString(inner(c))
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
