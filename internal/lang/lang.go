// Package lang owns the words of the program itself, their language and their direction.
// What the toolkit says to people lives in packs; here are buttons, labels and messages, kept in text/<language>.yaml
// beside the room that speaks them.
package lang

import (
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
)

// Pseudo and PseudoRTL are made from English: longer, accented, and in PseudoRTL set from right to left.
// They show what a translation would break before there is one.
const (
	Pseudo    = "en-XA"
	PseudoRTL = "ar-XB"
)

// Words is everything the program says in one language. A nil *Words says nothing but its keys.
type Words struct {
	Tag   string // BCP 47
	Dir   string // ltr or rtl
	lines map[string]string
}

// Read gathers text/*.yaml from every room and gives the words of each language it finds, the pseudo languages included.
// A line that a language lacks falls back to English. Two rooms may not use the same key.
func Read(rooms ...fs.FS) (map[string]*Words, error) {
	lines := map[string]map[string]string{}
	for _, room := range rooms {
		if err := readRoom(room, lines); err != nil {
			return nil, err
		}
	}
	english := lines["en"]
	if english == nil {
		return nil, fmt.Errorf("no text/en.yaml found: English is what every other language falls back to")
	}
	lines[Pseudo], lines[PseudoRTL] = pseudo(english), pseudo(english)
	all := map[string]*Words{}
	for tag, own := range lines {
		w := &Words{Tag: tag, Dir: "ltr", lines: map[string]string{}}
		if script, _ := language.Make(tag).Script(); rightToLeft[script.String()] {
			w.Dir = "rtl"
		}
		for key, line := range english {
			w.lines[key] = line
		}
		for key, line := range own {
			if _, known := english[key]; !known {
				return nil, fmt.Errorf("text/%s.yaml: %s is not a line of text/en.yaml; its name is misspelt, or the line is gone", tag, key)
			}
			w.lines[key] = line
		}
		all[tag] = w
	}
	return all, nil
}

var rightToLeft = map[string]bool{"Arab": true, "Hebr": true, "Syrc": true, "Thaa": true, "Nkoo": true}

func readRoom(room fs.FS, lines map[string]map[string]string) error {
	files, err := fs.Glob(room, "text/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range files {
		source, err := fs.ReadFile(room, name)
		if err != nil {
			return err
		}
		var own map[string]string
		if err := yaml.Unmarshal(source, &own); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		tag := strings.TrimSuffix(strings.TrimPrefix(name, "text/"), ".yaml")
		if lines[tag] == nil {
			lines[tag] = map[string]string{}
		}
		for key, line := range own {
			if _, twice := lines[tag][key]; twice {
				return fmt.Errorf("%s: two rooms both say %s", name, key)
			}
			lines[tag][key] = line
		}
	}
	return nil
}

// Say gives the line of that key. Pairs fill its {places}: Say("home.open", "place", "Harrow").
// A key that no file knows shows between ⟦ ⟧, which a test looks for on every page.
func (w *Words) Say(key string, pairs ...string) string {
	if w == nil {
		return "⟦" + key + "⟧"
	}
	line, ok := w.lines[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		line = strings.ReplaceAll(line, "{"+pairs[i]+"}", pairs[i+1])
	}
	return line
}

// Keys lists every line of the language, sorted.
func (w *Words) Keys() []string {
	keys := make([]string, 0, len(w.lines))
	for key := range w.lines {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func pseudo(english map[string]string) map[string]string {
	out := map[string]string{}
	for key, line := range english {
		out[key] = accent(line)
	}
	return out
}

var accents = strings.NewReplacer("a", "á", "c", "ç", "e", "é", "g", "ğ", "i", "í", "n", "ñ", "o", "ö", "r", "ř", "s", "š", "t", "ŧ", "u", "ü", "w", "ŵ", "y", "ý", "A", "Å", "D", "Ð", "I", "Î", "N", "Ñ", "O", "Ö", "S", "Š", "T", "Ţ", "W", "Ŵ")

// accent dresses the words but leaves {places} alone, and makes a line about two fifths longer.
func accent(line string) string {
	var b strings.Builder
	rest := line
	for rest != "" {
		open := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		if open < 0 || end < open {
			b.WriteString(accents.Replace(rest))
			break
		}
		b.WriteString(accents.Replace(rest[:open]) + rest[open:end+1])
		rest = rest[end+1:]
	}
	return b.String() + strings.Repeat("·", 1+len(line)%8) + strings.Repeat(" ·······", len(line)/20)
}
