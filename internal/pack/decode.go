package pack

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"waymark/internal/block"
	"waymark/internal/clock"
)

// decoder fills the shapes from a parsed file. It is stricter than any library's: an unknown key, an empty value,
// a word where a number should stand or a telephone number outside the register is a fault with its place.
type decoder struct {
	name   string
	lines  []string // of the file, to find where in a longer text a fault stands
	faults Faults
	said   []said // every text that people will read, for the list of words to avoid
	steps  int    // of all patterns
}

func (d *decoder) fault(node ast.Node, format string, args ...any) {
	d.faultAt(placeOf(d.name, startOf(node)), format, args...)
}

// mostFaults of one file are told; who has more mends these first.
const mostFaults = 50

func (d *decoder) faultAt(at Place, format string, args ...any) {
	if !d.full() {
		d.faults = append(d.faults, Fault{at, fmt.Sprintf(format, args...)})
	}
}

func (d *decoder) full() bool { return len(d.faults) >= mostFaults }

// mapping fills a struct. The yaml tags name the keys; `inline` structs share them.
func (d *decoder) mapping(node ast.Node, into reflect.Value, what string) {
	if _, isMap := node.(ast.MapNode); !isMap {
		if what == "a file" {
			d.fault(node, "a file begins with the name of a list, such as `texts:`, and its items stand below it")
			return
		}
		d.fault(node, "%s should be keys and values, such as `id: some-name`", what)
		return
	}
	fields := fieldsOf(into)
	meant, there := map[string]bool{}, map[string]ast.Node{}
	for _, pair := range pairs(node) {
		if d.full() {
			return
		}
		key := pair.Key.String()
		there[key] = pair.Value
		field, known := fields[key]
		if !known {
			near := nearest(key, fields)
			meant[near] = true
			d.faultAt(placeOf(d.name, pair.Key.GetToken()), "%s", unknownKey(key, what, near))
			continue
		}
		d.value(pair.Value, field.value, what+"'s "+key, field.tag)
	}
	d.lacking(node, fields, meant, there, what)
}

// lacking says which keys are missing, but for those that were meant by a slip of the pen. A field without omitempty
// is one that nobody can do without.
func (d *decoder) lacking(node ast.Node, fields map[string]fieldAt, meant map[string]bool, there map[string]ast.Node, what string) {
	var missing []string
	id := ""
	for name, f := range fields {
		value := there[name]
		if _, options, _ := strings.Cut(f.tag.Get("yaml"), ","); options == "" && value == nil && !meant[name] {
			missing = append(missing, name)
		}
		if name == "id" && value != nil {
			id = fmt.Sprintf(" %q", value.GetToken().Value)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		d.fault(node, "%s%s lacks %s; add it (docs/content.md says what belongs there)", what, id, strings.Join(missing, ", "))
	}
}

type fieldAt struct {
	value reflect.Value
	tag   reflect.StructTag
}

func fieldsOf(v reflect.Value) map[string]fieldAt {
	fields := map[string]fieldAt{}
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		name, options, _ := strings.Cut(tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for key, f := range fieldsOf(v.Field(i)) {
				fields[key] = f
			}
		case name != "" && name != "-":
			fields[name] = fieldAt{v.Field(i), tag}
		}
	}
	return fields
}

func unknownKey(key, what, near string) string {
	if near != "" {
		return fmt.Sprintf("%q is not a key of %s; did you mean %q?", key, what, near)
	}
	return fmt.Sprintf("%q is not a key of %s; take it out, or look in docs/content.md for the keys that are", key, what)
}

func (d *decoder) value(node ast.Node, into reflect.Value, what string, tag reflect.StructTag) {
	if node == nil || node.Type() == ast.NullType {
		d.fault(node, "%s is empty; give it a value or take the line out", what)
		return
	}
	switch p := into.Addr().Interface().(type) {
	case *Text:
		d.text(node, p, what)
		return
	case *Body:
		d.body(node, p, what)
		return
	case *clock.Date:
		var err error
		if *p, err = clock.ParseDate(d.word(node, what, tag)); err != nil {
			d.fault(node, "%s: %s", what, err)
		}
		return
	case *Hours:
		d.hours(node, p, what)
		return
	case *hidden:
		*p = hidden{d.word(node, what, ""), placeOf(d.name, node.GetToken())}
		return
	}
	switch into.Kind() {
	case reflect.String:
		into.SetString(d.choice(node, d.word(node, what, tag), what, tag))
	case reflect.Int:
		n, err := strconv.Atoi(node.GetToken().Value)
		if _, isWhole := node.(*ast.IntegerNode); !isWhole || err != nil {
			d.fault(node, "%s should be a whole number", what)
			return
		}
		into.SetInt(int64(n))
	case reflect.Bool:
		b, isBool := node.(*ast.BoolNode)
		if !isBool {
			d.fault(node, "%s should be true or false", what)
			return
		}
		into.SetBool(b.Value)
	case reflect.Slice:
		list, isList := node.(*ast.SequenceNode)
		if !isList {
			d.fault(node, "%s should be a list: lines that begin with a dash, or [one, two]", what)
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
		for i, one := range list.Values {
			if d.full() {
				return
			}
			d.value(one, into.Index(i), one1(what), tag)
		}
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.mapping(node, into.Elem(), what)
	case reflect.Struct:
		d.mapping(node, into, what)
		if at := into.FieldByName("At"); at.IsValid() {
			at.Set(reflect.ValueOf(placeOf(d.name, startOf(node))))
		}
	default:
		panic("a shape has a field that the decoder does not know: " + into.Type().String())
	}
}

// one1 names one element of a list: "a file's settings" becomes "a setting", "a form's pages" "a form's page".
func one1(what string) string {
	if _, list, ok := strings.Cut(what, "file's "); ok {
		return an(oneOf(list))
	}
	if strings.HasSuffix(what, "s") && !strings.HasSuffix(what, "ss") {
		return strings.TrimSuffix(what, "s")
	}
	return what
}

func an(word string) string {
	if word == "advice" {
		return "a piece of advice"
	}
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// word reads a scalar as it was written.
func (d *decoder) word(node ast.Node, what string, tag reflect.StructTag) string {
	var s string
	switch n := node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		s = node.GetToken().Value
	case *ast.BoolNode:
		d.fault(node, "%s reads as true or false; put it in quotes if the word is meant", what)
		return ""
	default:
		d.fault(node, "%s should be words, not a list or keys", what)
		return ""
	}
	if strings.TrimSpace(s) == "" {
		d.fault(node, "%s is empty; give it a value or take the line out", what)
	}
	switch tag.Get("holds") {
	case "markdown":
		d.noNumber(d.textPlace(node), s, what)
	case "":
		d.noNumber(d.textPlace(node), s, what)
		if err := block.AsWritten(s); err != nil {
			d.fault(node, "%s %s", what, err)
		}
	}
	if tag.Get("said") != "" {
		d.said = append(d.said, said{place: d.textPlace(node), text: s})
	}
	return s
}

// telephone finds what people would dial. Packs hold such numbers in the register alone.
var telephone = regexp.MustCompile(`(?:^|[^\w.,/-])((?:\+44|\(?0\d)[\d ()-]{7,}\d|999|101|111|112|116 ?\d{3})(?:$|[^\w,/-])`)

func (d *decoder) noNumber(at Place, s, what string) {
	for i, line := range strings.Split(s, "\n") {
		if !strings.ContainsAny(line, "0123456789") { // most lines end here
			continue
		}
		if m := telephone.FindStringSubmatch(line); m != nil {
			d.faultAt(at.down(i), "%s holds the telephone number %s; numbers stand only in the register, so write {contact:ID} instead", what, m[1])
		}
	}
}

var enumOption = regexp.MustCompile(`enum=([^,]+)`)

func (d *decoder) choice(node ast.Node, s, what string, tag reflect.StructTag) string {
	options := enumOption.FindAllStringSubmatch(tag.Get("jsonschema"), -1)
	if len(options) == 0 || s == "" {
		return s
	}
	var names []string
	for _, o := range options {
		if o[1] == s {
			return s
		}
		names = append(names, o[1])
	}
	d.fault(node, "%s is %q; it is one of %s", what, s, strings.Join(names, ", "))
	return s
}

func (d *decoder) text(node ast.Node, into *Text, what string) {
	into.Source = d.word(node, what, `said:"true" holds:"markdown"`)
	into.At = d.textPlace(node)
	parsed, err := block.ParseText(into.Source)
	d.markdown(into.At, what, err)
	into.Text = parsed
}

func (d *decoder) body(node ast.Node, into *Body, what string) {
	into.Source = d.word(node, what, `said:"true" holds:"markdown"`)
	into.At = d.textPlace(node)
	parsed, err := block.Parse(into.Source)
	d.markdown(into.At, what, err)
	into.Body = parsed
}

func (d *decoder) markdown(at Place, what string, err error) {
	var fault *block.Error
	if errors.As(err, &fault) {
		d.faultAt(at.down(fault.Line-1), "%s %s", what, fault.Says)
	}
}

// nearest is the known key that is at most two slips away.
func nearest(key string, fields map[string]fieldAt) string {
	best, least := "", 3
	for name := range fields {
		if n := slips(key, name); n < least || n == least && least < 3 && name < best {
			best, least = name, n
		}
	}
	return best
}

// slips counts insertions, deletions and changes between two words.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := before
			if a[i-1] != b[j-1] {
				change++
			}
			before, row[j] = row[j], min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
