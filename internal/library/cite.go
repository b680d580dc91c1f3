package library

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"waymark/internal/fault"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// format is a form in which reference managers take a citation.
type format struct {
	file, kind, says string
	make             func(*web.Request, pack.Record) []byte
}

var formats = []format{
	{"cite.ris", "application/x-research-info-systems", "library.cite.ris", ris},
	{"cite.bib", "application/x-bibtex", "library.cite.bibtex", bibtex},
	{"cite.json", "application/vnd.citationstyles.csl+json", "library.cite.csl", csl},
}

func (l *Library) cite(r *web.Request) (web.Reply, error) {
	record, err := find(r)
	if err != nil {
		return nil, err
	}
	for _, f := range formats {
		if f.file == r.PathValue("file") {
			_, ending, _ := strings.Cut(f.file, ".")
			return web.File(record.ID+"."+ending, f.kind, f.make(r, record)), nil
		}
	}
	return nil, fault.Of(fault.NotFound, "no such form of citation")
}

func files(r *web.Request, record pack.Record) []link {
	var all []link
	for _, f := range formats {
		all = append(all, link{r.Say(f.says), path(record) + "/" + f.file})
	}
	return all
}

// plainCitation is a line for a report or a footnote.
func plainCitation(r *web.Request, record pack.Record) string {
	date := r.Say("library.cite.undated")
	if record.Published != "" {
		date = record.Published[:min(4, len(record.Published))]
	}
	line := fmt.Sprintf("%s (%s) %s.", record.Publisher, date, record.Title)
	if record.Where != "" {
		return line + " " + r.Say("library.cite.at", "address", record.Where)
	}
	return line + " " + r.Say("library.cite.entry", "address", r.Address(path(record)))
}

// address is where the resource is, or the entry when nobody knows.
func address(r *web.Request, record pack.Record) string {
	if record.Where != "" {
		return record.Where
	}
	return r.Address(path(record))
}

// The names that each format has for kinds of resource; what it has no name for is "anything else".
var (
	risTypes = map[string]string{"report": "RPRT", "research": "RPRT", "law": "STAT", "statistics": "DATA", "standard": "STAND", "press": "PRESS", "leaflet": "PAMP", "audio-visual": "VIDEO"}
	cslTypes = map[string]string{"report": "report", "research": "report", "guidance": "report", "toolkit": "report", "law": "legislation", "statistics": "dataset", "standard": "standard", "leaflet": "pamphlet", "audio-visual": "motion_picture"}
	bibTypes = map[string]string{"report": "techreport", "research": "techreport"}
)

func named(types map[string]string, kind, otherwise string) string {
	if t := types[kind]; t != "" {
		return t
	}
	return otherwise
}

// oneLine keeps a value from beginning a line, and with it a field, of its own.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
}

func ris(r *web.Request, record pack.Record) []byte {
	var b strings.Builder
	field := func(tag, value string) {
		if value != "" {
			b.WriteString(tag + "  - " + oneLine(value) + "\r\n")
		}
	}
	field("TY", named(risTypes, record.Kind, "GEN"))
	field("TI", record.Title)
	field("AU", record.Publisher)
	field("PB", record.Publisher)
	if record.Published != "" {
		parts := append(dateParts(record), "", "")
		field("PY", parts[0])
		field("DA", parts[0]+"/"+parts[1]+"/"+parts[2])
	}
	field("AB", abstract(r.Pack, record))
	for _, tag := range record.Languages {
		field("LA", tag)
	}
	field("UR", address(r, record))
	field("ID", record.ID)
	b.WriteString("ER  - \r\n")
	return []byte(b.String())
}

// dateParts gives year, month and day as far as they are known.
func dateParts(record pack.Record) []string {
	if record.Published == "" {
		return nil
	}
	return strings.Split(record.Published, "-")
}

// texSigns are what TeX would take for orders.
var texSigns = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "$", `\$`, "#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)

func bibtex(r *web.Request, record pack.Record) []byte {
	var b strings.Builder
	entry := named(bibTypes, record.Kind, "misc")
	fmt.Fprintf(&b, "@%s{%s", entry, record.ID)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, ",\n  %s = {%s}", name, value)
		}
	}
	text := func(s string) string { return texSigns.Replace(oneLine(s)) }
	field("title", "{"+text(record.Title)+"}")
	field("author", "{"+text(record.Publisher)+"}")
	if entry == "techreport" {
		field("institution", text(record.Publisher))
	} else {
		field("publisher", text(record.Publisher))
	}
	parts := dateParts(record)
	if len(parts) > 0 {
		field("year", parts[0])
	}
	if len(parts) > 1 {
		field("month", strings.TrimPrefix(parts[1], "0"))
	}
	field("url", bibURL.ReplaceAllString(address(r, record), ""))
	b.WriteString("\n}\n")
	return []byte(b.String())
}

// bibURL are the signs that would end a BibTeX value; an address holds none of them unescaped.
var bibURL = regexp.MustCompile(`[{}\s\\]`)

func csl(r *web.Request, record pack.Record) []byte {
	item := map[string]any{
		"id": record.ID, "type": named(cslTypes, record.Kind, "document"), "title": record.Title, "publisher": record.Publisher,
		"author": []map[string]string{{"literal": record.Publisher}}, "URL": address(r, record),
		"abstract": abstract(r.Pack, record),
	}
	var date []int
	for _, part := range dateParts(record) {
		if n, err := strconv.Atoi(part); err == nil {
			date = append(date, n)
		}
	}
	if len(date) > 0 {
		item["issued"] = map[string]any{"date-parts": [][]int{date}}
	}
	if len(record.Languages) > 0 {
		item["language"] = record.Languages[0]
	}
	var made bytes.Buffer
	write := json.NewEncoder(&made)
	write.SetEscapeHTML(false)
	write.SetIndent("", "  ")
	if err := write.Encode([]any{item}); err != nil {
		panic(err) // only strings and numbers are in it
	}
	return made.Bytes()
}
