package casework

import (
	"strings"
	"unicode"
)

// diffKind says what became of some words.
type diffKind int

const (
	same diffKind = iota
	gone
	added
)

// diffPart is a run of words of one kind.
type diffPart struct {
	Kind  diffKind
	Words string
}

// diffCells is how many pairs of words are compared at most. Beyond it the middle of two texts is shown as taken out and
// put in whole, which is true, if less helpful.
const diffCells = 6_000_000

// wordDiff tells what a later text left out of an earlier one and what it put in, in whole words, with the spaces and
// line ends between them.
func wordDiff(before, after string) []diffPart {
	a, b := wordsOf(before), wordsOf(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d diffWriter
	d.add(same, a[:head]...)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(same, a[len(a)-tail:]...)
	return d.parts
}

type diffWriter struct{ parts []diffPart }

func (d *diffWriter) add(kind diffKind, words ...string) {
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, "")
	if last := len(d.parts) - 1; last >= 0 && d.parts[last].Kind == kind {
		d.parts[last].Words += text
		return
	}
	d.parts = append(d.parts, diffPart{kind, text})
}

// middle compares what lies between a beginning and an end that are the same: by the longest run of words that both have.
func (d *diffWriter) middle(a, b []string) {
	if len(a)*len(b) > diffCells {
		d.add(gone, a...)
		d.add(added, b...)
		return
	}
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(same, a[i])
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			d.add(gone, a[i])
			i++
		default:
			d.add(added, b[j])
			j++
		}
	}
	d.add(gone, a[i:]...)
	d.add(added, b[j:]...)
}

// wordsOf cuts a text into words and what stands between them. Together they are the text.
func wordsOf(text string) []string {
	var all []string
	start, kind := 0, -1
	for i, r := range text {
		now := 0
		switch {
		case unicode.IsSpace(r):
			now = 1
		case unicode.IsPunct(r) && r != '\'' && r != '’' && r != '-':
			now = 2
		}
		if now != kind || now == 2 {
			if i > start {
				all = append(all, text[start:i])
			}
			start, kind = i, now
		}
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}
