package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Field is one thing to fill in or to choose. The same fields serve every kind; each kind uses those it has a use for.
type Field struct {
	Name     string
	ID       string // Name when ""; error summaries link to it
	Label    string
	Hint     string
	Error    string
	Value    string
	Heading  bool // the label is the heading of the page
	Hidden   bool // the label is only heard, because the page's heading says the same
	Choices  []Choice
	Lines    int    // of a text: 3 when 0
	Max      int    // signs that fit, said to the browser; 0 for no limit
	Short    bool   // for a few signs, such as a postcode
	Mode     string // the keyboard of a phone: numeric, tel; "" is that for words
	Unit     string // behind the field, such as cm
	Dir      string // ltr or auto; "" is that of the page
	Secret   bool   // a password: not shown, and not sent back when the form comes again
	Unspelt  bool   // no spelling aid: some browsers ask a distant machine about each word
	Count    int    // how many signs are counted down from; 0 for no count
	Aside    string // said below the hint, such as that it need not be asked now
	Complete string // the autocomplete token; "off" when ""
	Inline   bool   // radios side by side
	Small    bool   // the label is a line under another question, not a question of its own
}

// Choice is one of several. Under puts it below a small heading; neighbours with the same one stand together.
type Choice struct {
	Value, Says, Hint, Under string
	Picked                   bool
	More                     templ.Component // shown below it while it is picked; without scripts always
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) choiceID(i int) string {
	if i == 0 {
		return f.id()
	}
	return f.id() + "-" + strconv.Itoa(i+1)
}

func (f Field) group() string {
	if f.Error != "" {
		return "govuk-form-group govuk-form-group--error"
	}
	return "govuk-form-group"
}

// described says which hint and error belong to the field.
func (f Field) described() templ.Attributes {
	var by []string
	if f.Hint != "" {
		by = append(by, f.id()+"-hint")
	}
	if f.Aside != "" {
		by = append(by, f.id()+"-aside")
	}
	if f.Error != "" {
		by = append(by, f.id()+"-error")
	}
	if f.Count > 0 {
		by = append(by, f.id()+"-info")
	}
	if by == nil {
		return nil
	}
	return templ.Attributes{"aria-describedby": strings.Join(by, " ")}
}

func (f Field) more() templ.Attributes {
	more := templ.Attributes{"autocomplete": "off"}
	if f.Complete != "" {
		more["autocomplete"] = f.Complete
	}
	if f.Max > 0 {
		more["maxlength"] = strconv.Itoa(f.Max)
	}
	if f.Mode != "" {
		more["inputmode"] = f.Mode
	}
	if f.Dir != "" {
		more["dir"] = f.Dir
	}
	if f.Unspelt {
		more["spellcheck"] = "false"
	}
	for name, value := range f.described() {
		more[name] = value
	}
	return more
}

func (f Field) inputType() string {
	if f.Secret {
		return "password"
	}
	return "text"
}

func (f Field) lines() string {
	if f.Lines > 0 {
		return strconv.Itoa(f.Lines)
	}
	return "3"
}

func (f Field) labelClass(base string) string {
	switch {
	case f.Heading:
		return base + " " + base + "--l"
	case f.Hidden:
		return base + " govuk-visually-hidden"
	}
	if f.Small {
		return base
	}
	return base + " " + base + "--m"
}

// group of choices under one small heading.
type choiceGroup struct {
	under string
	first int // index of its first choice among all
	of    []Choice
}

func (f Field) groups() []choiceGroup {
	var all []choiceGroup
	for i, choice := range f.Choices {
		last := len(all) - 1
		if last < 0 || all[last].under != choice.Under {
			all = append(all, choiceGroup{under: choice.Under, first: i})
			last++
		}
		all[last].of = append(all[last].of, choice)
	}
	return all
}

func checked(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"checked": true}
	}
	return nil
}

func hintOf(id, hint string) templ.Attributes {
	if hint == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": id + "-item-hint"}
}
