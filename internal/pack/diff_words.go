package pack

import (
	"slices"
	"strings"

	"waymark/internal/block"
)

// mostWords bounds the table by which two texts are compared word by word: 2,000 words against 2,000.
const mostWords = 4_000_000

// context is how many unchanged words are shown beside a change.
const context = 6

// bodyLines compares two texts: their words, then where their links lead, then how they are set.
func bodyLines(label string, a, b block.Body) []string {
	lines := wordLines(label, a.Words(), b.Words())
	if links := listLines(label+", links", linksOf(a), linksOf(b)); len(links) > 0 {
		lines = append(lines, links...)
	}
	if len(lines) == 0 && !slices.Equal(setAs(a), setAs(b)) {
		lines = append(lines, label+": the same words, set another way")
	}
	return lines
}

func linksOf(b block.Body) []string {
	var all []string
	eachSpan(b, func(s block.Span) {
		if s.Style == block.Link {
			all = append(all, s.Href)
		}
	})
	return all
}

// setAs names how each piece of a text is set.
func setAs(b block.Body) []string {
	var all []string
	for _, part := range b {
		all = append(all, string(rune('a'+int(part.Kind)))+string(rune('0'+part.Level)))
		eachSpan(block.Body{part}, func(s block.Span) { all = append(all, string(rune('0'+int(s.Style)))+s.Words) })
	}
	return all
}

func eachSpan(b block.Body, visit func(block.Span)) {
	for _, part := range b {
		for _, text := range append([]block.Text{part.Text}, part.Items...) {
			for _, s := range text {
				visit(s)
			}
		}
	}
}

// wordLines marks in a text which words went and which came.
func wordLines(label, a, b string) []string {
	switch {
	case a == b:
		return nil
	case a == "" || b == "":
		return []string{changed(label, a, b)}
	}
	if marked := markWords(strings.Fields(a), strings.Fields(b)); marked != "" {
		return []string{label + ": " + marked}
	}
	return nil
}

// run is a stretch of words that stayed, went or came.
type run struct {
	sign  byte // '=', '-' or '+'
	words []string
}

// markWords gives the words with [-what went-] and {+what came+}, or nothing when the words are the same.
func markWords(a, b []string) string {
	runs := compareWords(a, b)
	var out []string
	for i, r := range runs {
		text := strings.Join(r.words, " ")
		switch r.sign {
		case '-':
			out = append(out, "[-"+text+"-]")
		case '+':
			out = append(out, "{+"+text+"+}")
		default:
			out = append(out, shortened(r.words, i == 0, i == len(runs)-1))
		}
	}
	if len(runs) == 1 && runs[0].sign == '=' {
		return ""
	}
	return strings.Join(out, " ")
}

// shortened leaves out the middle of a long stretch that stayed.
func shortened(words []string, first, last bool) string {
	if len(words) <= 2*context+2 {
		return strings.Join(words, " ")
	}
	head, tail := strings.Join(words[:context], " "), strings.Join(words[len(words)-context:], " ")
	switch {
	case first:
		return "… " + tail
	case last:
		return head + " …"
	}
	return head + " … " + tail
}

// compareWords finds the longest common run of words by the plain table; texts are short.
func compareWords(a, b []string) []run {
	var runs []run
	add := func(sign byte, words ...string) {
		if last := len(runs) - 1; last >= 0 && runs[last].sign == sign {
			runs[last].words = append(runs[last].words, words...)
		} else if len(words) > 0 {
			runs = append(runs, run{sign, append([]string{}, words...)})
		}
	}
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	add('=', a[:head]...)
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x)*len(y) > mostWords {
		add('-', x...)
		add('+', y...)
	} else {
		table(x, y, add)
	}
	add('=', a[len(a)-tail:]...)
	return runs
}

// table walks the classic table of longest common sequences from its end to its start.
func table(x, y []string, add func(byte, ...string)) {
	length := make([][]int32, len(x)+1)
	for i := range length {
		length[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(x) && j < len(y) {
		switch {
		case x[i] == y[j]:
			add('=', x[i])
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			add('-', x[i])
			i++
		default:
			add('+', y[j])
			j++
		}
	}
	add('-', x[i:]...)
	add('+', y[j:]...)
}
