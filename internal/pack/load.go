package pack

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"

	"waymark/internal/clock"
)

// Check is what a room wants to be true of a pack before it is made live, such as that its examples come out right.
type Check func(*Pack) []Fault

// Load reads a pack and, when it extends another, joins it to that one, which find opens by its id.
// It gives every fault at once as Faults; a pack with any fault is not given.
func Load(fsys fs.FS, find func(id string) (fs.FS, error), checks ...Check) (*Pack, error) {
	own, faults := readFolder(fsys, "")
	layers := []*folder{own}
	if own.manifest.Extends != "" {
		national, err := readNational(own.manifest, find)
		var wrong Fault
		switch {
		case errors.As(err, &wrong):
			return nil, append(faults, wrong).sorted()
		case err != nil:
			return nil, err
		}
		layers = []*folder{national, own}
	}
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	p, faults := build(layers)
	if len(faults) == 0 {
		faults = p.check()
	}
	if len(faults) == 0 {
		for _, check := range checks {
			faults = append(faults, check(p)...)
		}
	}
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	return p, nil
}

// readNational reads the pack that a local one extends. Its files are named below its id, to tell them from the local ones.
func readNational(local Manifest, find func(id string) (fs.FS, error)) (*folder, error) {
	base, at := local.Extends, Place{File: "pack.yaml"}
	if base == local.ID {
		return nil, Fault{at, "extends itself; give this pack an id of its own, and name under extends the one that it adds to"}
	}
	var below fs.FS
	err := errors.New("no pack can be found")
	if find != nil {
		below, err = find(base)
	}
	if err != nil {
		return nil, Fault{at, fmt.Sprintf("extends %q, which is not here; write the id of a pack that came with Waymark", base)}
	}
	national, faults := readFolder(below, base+"/")
	if len(faults) > 0 {
		return nil, fmt.Errorf("the pack %s below this one does not load: %w", base, faults.sorted())
	}
	if national.manifest.Extends != "" {
		return nil, Fault{at, fmt.Sprintf("extends %q, which extends another itself; a local pack stands on a national one", base)}
	}
	return national, nil
}

// build joins the layers and shelves them.
func build(layers []*folder) (*Pack, Faults) {
	p := &Pack{ids: map[string]string{}}
	var all file
	var chapters []Chapter
	var faults Faults
	sum := sha256.New()
	for i, layer := range layers {
		sum.Write(layer.digest[:])
		p.Layers = append(p.Layers, layer.manifest)
		p.Manifest = layer.manifest
		if layer.manifest.OfficeHours.Known {
			p.OfficeHours = layer.manifest.OfficeHours
		}
		if layer.manifest.Night.Known {
			p.Night = layer.manifest.Night
		}
		p.said = append(p.said, layer.said...)
		p.ids[layer.manifest.ID] = layer.ids
		faults = append(faults, overlay(&all, layer.file, i > 0)...)
		more := overlayList(reflect.ValueOf(&chapters).Elem(), reflect.ValueOf(layer.chapters), "chapters", i > 0)
		faults = append(faults, more...)
		if i == 0 {
			for _, h := range layer.file.Hide {
				faults = append(faults, Fault{h.At, "says `hide`, but only a pack that extends another hides; take the line out"})
			}
		} else {
			for _, h := range layer.file.Hide {
				p.Hidden = append(p.Hidden, h.Target)
			}
			faults = append(faults, hide(&all, &chapters, layer)...)
		}
	}
	p.Digest = hexed(sum.Sum(nil))
	p.shelve(all, chapters)
	return p, faults
}

func (p *Pack) shelve(all file, chapters []Chapter) {
	p.Sources = shelf("sources", all.Sources, nil)
	p.Contacts = shelf("contacts", all.Contacts, nil)
	p.Areas = shelf("areas", all.Areas, func(a, b Area) bool { return a.Own && !b.Own || a.Own == b.Own && a.Name < b.Name })
	p.Holidays = shelf("holidays", all.Holidays, func(a, b Holiday) bool { return a.Date.Before(b.Date) })
	p.Groups = shelf("groups", all.Groups, func(a, b Named) bool { return a.Order < b.Order })
	p.Parts = shelf("parts", all.Parts, func(a, b Named) bool { return a.Order < b.Order })
	p.Types = shelf("types", all.Types, func(a, b Named) bool { return a.Order < b.Order })
	p.Indicators = shelf("indicators", all.Indicators, nil)
	p.Settings = shelf("settings", all.Settings, func(a, b Setting) bool { return a.Order < b.Order })
	p.Gaps = shelf("gaps", all.Gaps, nil)
	p.Forms = shelf("forms", all.Forms, nil)
	p.Advice = shelf("advice", all.Advice, func(a, b Advice) bool { return a.Order < b.Order })
	p.Records = shelf("records", all.Records, nil)
	p.Texts = shelf("texts", all.Texts, nil)
	p.Words = shelf("words", all.Words, nil)
	p.Examples = shelf("examples", all.Examples, nil)
	p.retired = all.Retired
	p.Changes = shelf("changes", all.Changes, func(a, b Change) bool { return b.On.Before(a.On) })
	p.Chapters = shelf("chapters", chapters, func(a, b Chapter) bool { return a.Order < b.Order })
	p.signs = map[string]signAt{}
	for i, s := range p.Settings.all {
		for j, sign := range s.Signs {
			p.signs[sign.ID] = signAt{i, j}
		}
	}
	p.readyForms()
	p.bankDays = map[string]clock.Holidays{"": {}}
	for _, nation := range p.Manifest.Nations {
		p.bankDays[nation] = clock.Holidays{}
	}
	for _, h := range p.Holidays.all {
		p.bankDays[""][h.Date] = true
		for _, nation := range h.Nations {
			if p.bankDays[nation] == nil {
				p.bankDays[nation] = clock.Holidays{}
			}
			p.bankDays[nation][h.Date] = true
		}
	}
	for _, c := range p.Chapters.all {
		for _, part := range c.Body.Body {
			if part.Mark.ID != "" {
				p.Paragraphs++
			}
		}
	}
}

var headed = reflect.TypeFor[interface{ head() *Item }]()

// overlay puts the lists of one layer over those below: new ids are added, ids marked `replace` take the place of others.
func overlay(all *file, own file, local bool) Faults {
	var faults Faults
	to, from := reflect.ValueOf(all).Elem(), reflect.ValueOf(own)
	for i := range to.NumField() {
		if to.Field(i).Kind() != reflect.Slice {
			continue
		}
		kind, _, _ := strings.Cut(to.Type().Field(i).Tag.Get("yaml"), ",")
		if !reflect.PointerTo(to.Field(i).Type().Elem()).Implements(headed) {
			to.Field(i).Set(reflect.AppendSlice(to.Field(i), from.Field(i)))
			continue
		}
		faults = append(faults, overlayList(to.Field(i), from.Field(i), kind, local)...)
	}
	return faults
}

func overlayList(to, from reflect.Value, kind string, local bool) Faults {
	var faults Faults
	at := map[string]int{}
	for i := range to.Len() {
		at[headOf(to.Index(i)).ID] = i
	}
	below := len(at)
	for i := range from.Len() {
		item := headOf(from.Index(i))
		j, known := at[item.ID]
		switch {
		case known && j >= below:
			faults = append(faults, Fault{item.At, fmt.Sprintf("%s %q stands here and at %s; give one of the two another id", an(oneOf(kind)), item.ID, headOf(to.Index(j)).At)})
		case known && !item.Replace:
			faults = append(faults, Fault{item.At, fmt.Sprintf("%s %q stands in the national pack already; write `replace: true` to put this one in its place, or choose another id", an(oneOf(kind)), item.ID)})
		case known:
			to.Index(j).Set(from.Index(i))
		case item.Replace && local:
			faults = append(faults, Fault{item.At, fmt.Sprintf("%q is to replace %s of the national pack, which has none with that id; take `replace` out or mend the id", item.ID, an(oneOf(kind)))})
		case item.Replace:
			faults = append(faults, Fault{item.At, "says `replace`, but this pack extends no other; take the line out"})
		default:
			at[item.ID] = to.Len()
			to.Set(reflect.Append(to, from.Index(i)))
		}
	}
	return faults
}

func headOf(v reflect.Value) *Item {
	return v.Addr().Interface().(interface{ head() *Item }).head()
}

// hide takes items of the national pack away.
func hide(all *file, chapters *[]Chapter, layer *folder) Faults {
	var faults Faults
	for _, h := range layer.file.Hide {
		kind, id, _ := strings.Cut(h.Target, ":")
		list := reflect.ValueOf(chapters).Elem()
		if kind != "chapters" {
			list = listOf(all, kind)
		}
		if !list.IsValid() || !takeOut(list, id, layer.manifest.ID) {
			faults = append(faults, Fault{h.At, fmt.Sprintf("hides %q, which the national pack does not have; write the kind and the id, such as contacts:childline", h.Target)})
		}
	}
	return faults
}

// takeOut takes the national item with that id out of a list, and reports whether it was there.
func takeOut(list reflect.Value, id, local string) bool {
	for i := range list.Len() {
		if head := headOf(list.Index(i)); head.ID == id && head.From != local {
			list.Set(reflect.AppendSlice(list.Slice(0, i), list.Slice(i+1, list.Len())))
			return true
		}
	}
	return false
}

// listOf gives the list of that kind, or an invalid value when there is no such kind.
func listOf(all *file, kind string) reflect.Value {
	v := reflect.ValueOf(all).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == kind && v.Field(i).Kind() == reflect.Slice && reflect.PointerTo(v.Type().Field(i).Type.Elem()).Implements(headed) {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}
