package casework

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/seal"
)

// findable is what a child can be found by.
type findable struct {
	Names   [][]string // each name as the words it is compared by
	Years   []int      // in which the child may have been born; none when nothing is known
	Day     string     // the birth date, when the whole of it was stated; "" otherwise
	Numbers []string
}

// The kinds of blind index. A mark is of several fields together: the fields alone are few enough to be guessed by
// whoever counts how often each mark is there. The looser a comparison is in one field, the stricter it is in another,
// or half a city would be alike. A name here never changes once there are rows.
const (
	bySpelling   = "name spelling and birth year"
	bySound      = "name sound and birth year"
	bySoundNoDay = "name sound and birth year, day not known" // of those alone whose day is not known
	byDay        = "name sound and birth date"
	byDayPart    = "sound of one of the names and birth date"
	byDayOne     = "sound of the only name and birth date"
	byName       = "name spelling"
	byNameOnly   = "name spelling, birth year not known"
	byNumber     = "number"
	inTeam       = "name in a team"
)

const (
	mostNames = 12
	markBytes = 16 // half a hash: 128 bits tell a million children apart
)

// stored are the marks that are kept for a child.
func (f findable) stored(x seal.Index, team string) [][]byte {
	m := marks{index: x}
	for _, words := range f.Names {
		whole := strings.Join(words, " ")
		m.add(inTeam, team, whole)
		for _, word := range words {
			m.add(inTeam, team, word)
		}
		if len(words) > 1 { // one word alone is the name of too many
			m.add(byName, whole)
			if len(f.Years) == 0 {
				m.add(byNameOnly, whole)
			}
		}
		sounds := sounding(words)
		for _, year := range f.years() {
			m.add(bySound, strings.Join(sounds, " "), year)
			if f.Day == "" {
				m.add(bySoundNoDay, strings.Join(sounds, " "), year)
			}
		}
		if f.Day != "" {
			for _, one := range sounds {
				m.add(byDayPart, one, f.Day)
			}
			if len(words) == 1 {
				m.add(byDayOne, sounds[0], f.Day)
			}
		}
	}
	f.common(&m)
	return m.all
}

// sought are the marks by which a child is looked for in every team's records. Two children of whom a whole birth date
// is known count as alike by sound only when the dates are the same; one name alone, only with the date.
func (f findable) sought(x seal.Index) [][]byte {
	m := marks{index: x}
	for _, words := range f.Names {
		whole, sounds := strings.Join(words, " "), sounding(words)
		switch {
		case len(words) == 1:
		case len(f.Years) == 0:
			m.add(byName, whole)
		default:
			m.add(byNameOnly, whole)
		}
		for _, year := range f.years() {
			if f.Day == "" {
				m.add(bySound, strings.Join(sounds, " "), year)
			} else {
				m.add(bySoundNoDay, strings.Join(sounds, " "), year)
			}
		}
		if f.Day != "" && len(words) == 1 {
			m.add(byDayPart, sounds[0], f.Day)
		} else if f.Day != "" {
			for _, one := range sounds {
				m.add(byDayOne, one, f.Day)
			}
		}
	}
	f.common(&m)
	return m.all
}

// common are the marks that are kept and sought alike.
func (f findable) common(m *marks) {
	for _, words := range f.Names {
		for _, year := range f.years() {
			m.add(bySpelling, strings.Join(words, " "), year)
		}
		if f.Day != "" {
			m.add(byDay, strings.Join(sounding(words), " "), f.Day)
		}
	}
	for _, number := range f.Numbers {
		m.add(byNumber, number)
	}
}

func (f findable) years() []string {
	var all []string
	for _, year := range f.Years {
		all = append(all, strconv.Itoa(year))
	}
	return all
}

// marks gathers blind indexes, each once.
type marks struct {
	index seal.Index
	all   [][]byte
}

func (m *marks) add(kind string, parts ...string) {
	mark := m.index.Blind(kind, parts...)[:markBytes]
	if !slices.ContainsFunc(m.all, func(other []byte) bool { return string(other) == string(mark) }) {
		m.all = append(m.all, mark)
	}
}

// nameMark is by what a team's own list finds a name, or one word of it.
func nameMark(x seal.Index, team, typed string) []byte {
	return x.Blind(inTeam, team, strings.Join(spelt(typed), " "))[:markBytes]
}

var (
	ageInWords = regexp.MustCompile(`\b([0-9]|1[0-9]|2[0-5])\b`)
	lettersEnd = regexp.MustCompile(`[^\p{L}\p{Nd}]+`)
)

// findableBy gives what a child is found by from the answers of the sheet that says who it is. placeholders are words
// such as "no name given", which are nobody's name.
func findableBy(child, opened form.Answers, today clock.Date, placeholders string) findable {
	var f findable
	none := spelt(placeholders)
	written := append(child[childNames].Lines(), child[childNamesOthers].Lines()...)
	if len(written) == 0 {
		written = []string{opened[openCalled].Words}
	}
	for _, name := range written {
		words := slices.DeleteFunc(slices.Compact(spelt(name)), func(word string) bool { return slices.Contains(none, word) })
		if len(words) > 0 && len(f.Names) < mostNames {
			f.Names = append(f.Names, words)
		}
	}
	f.born(child, opened, today)
	for question, a := range child {
		if !strings.HasPrefix(question, childNumber) && question != childNumbersOthers {
			continue
		}
		for _, line := range a.Lines() {
			if n := number(line); n != "" {
				f.Numbers = append(f.Numbers, n)
			}
		}
	}
	return f
}

// born gives the years of birth that are possible, and the day when it is known. The first of January stands in many
// papers for "not known", so it counts as a year.
func (f *findable) born(child, opened form.Answers, today clock.Date) {
	if known, err := form.ParseKnown(child[childBorn].Words); err == nil {
		first, last := known.First().Year, known.Last().Year
		if known.About {
			first, last = first-1, last+1
		}
		for year := first; year <= last; year++ {
			f.Years = append(f.Years, year)
		}
		if known.Day > 0 && !known.About && (known.Day > 1 || known.Month > 1) {
			f.Day = known.First().String()
		}
		return
	}
	age, err := strconv.Atoi(child[childAge].Words)
	if err != nil {
		stated := ageInWords.FindString(opened[openAge].Words)
		if age, err = strconv.Atoi(stated); err != nil {
			return
		}
	}
	f.Years = []int{today.Year - age - 1, today.Year - age}
}

// number is a number as it is compared: its letters and digits. Less than five of them tell nobody apart.
func number(typed string) string {
	n := lettersEnd.ReplaceAllString(strings.ToLower(typed), "")
	if len(n) < 5 || !strings.ContainsFunc(n, unicode.IsDigit) {
		return ""
	}
	return n
}
