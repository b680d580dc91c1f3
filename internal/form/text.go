package form

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tidy gives words as they are kept: composed, one kind of line end, no space around.
func tidy(s string) string {
	return strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")))
}

// tidyLine is tidy for what stands on one line.
func tidyLine(s string) string { return strings.TrimSpace(strings.ReplaceAll(tidy(s), "\n", " ")) }

// tidyLines is tidy for several things, one on each line.
func tidyLines(s string) string {
	lines := strings.Split(tidy(s), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// unreadable reports signs that are no writing in any script: NUL and its kin. They come from broken copies, show
// nothing, and some of them end a text for programs that read it later.
func unreadable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' })
}

// valid replaces bytes that are no UTF-8, and says whether there were any.
func valid(s string) (string, bool) {
	if utf8.ValidString(s) {
		return s, true
	}
	return strings.ToValidUTF8(s, "\uFFFD"), false
}

// digits writes the digits of any script as those of ours: a date of birth copied from a paper may hold others.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
			return r
		}
		for _, run := range unicode.Nd.R16 {
			if uint16(min(r, 0xFFFF)) >= run.Lo && r <= rune(run.Hi) {
				return '0' + (r-rune(run.Lo))%10
			}
		}
		for _, run := range unicode.Nd.R32 {
			if uint32(r) >= run.Lo && uint32(r) <= run.Hi {
				return '0' + (r-rune(run.Lo))%10
			}
		}
		return r
	}, s)
}

// posted is what came under one name. Twice the same is once; several that differ are a slip or an attack, and kept together.
type posted struct {
	value string
	twice bool
	clean bool // UTF-8, and no sign that is none
}

func only(values url.Values, name string, tidied func(string) string) posted {
	p := posted{clean: true}
	var all []string
	for _, v := range values[name] {
		v, ok := valid(v)
		v = tidied(v)
		p.clean = p.clean && ok && !unreadable(v)
		if v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	p.value, p.twice = strings.Join(all, "\n"), len(all) > 1
	return p
}
