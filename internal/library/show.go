package library

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/fault"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// recordView is the page of one record.
type recordView struct {
	Title    string
	About    []string
	Warn     warning
	Stale    string // what stands above a page that should have been read again by now
	Doubt    string
	Note     block.Text
	By       []link // what took its place
	Instead  []link // what it took the place of
	Summary  block.Body
	Facts    []web.Row
	Where    string // its address
	WhereIs  string // the host of it, so that one sees where a link leads
	How      block.Text
	Ask      bool // nobody knows an address
	Copy     block.Text
	MayCopy  string
	Licence  string
	Citation string
	Files    []link
	Sources  []sourceLine
	Origin   []web.Row
}

// warning stands before everything else on a record that cannot be used as it is.
type warning struct{ Title, Says string }

type link struct{ Says, Href string }

type sourceLine struct{ Title, By, URL, Read string }

func (l *Library) show(r *web.Request) (web.Reply, error) {
	record, err := find(r)
	if err != nil {
		return nil, err
	}
	refs := r.Pack.Targets(l.refs(r))
	view := recordView{
		Title: record.Title, About: aboutLine(r, record), Warn: warningOf(r, record),
		Note: record.StateNote.Text.Resolve(refs), By: replacedBy(r.Pack, record), Instead: replaces(r.Pack, record),
		Summary: record.Summary.Body.Resolve(refs), Facts: facts(r, record), Where: record.Where, WhereIs: host(record.Where),
		How: record.WhereNote.Text.Resolve(refs), Ask: record.Where == "", Copy: record.Copy.Text.Resolve(refs),
		MayCopy: r.Say("library.copy." + record.MayCopy), Licence: licence(r, record), Citation: plainCitation(r, record), Files: files(r, record),
		Sources: sources(r, record), Origin: origin(r, record),
	}
	if !record.Certainty.Sure() {
		view.Doubt = record.Doubt
	}
	if !record.ReviewBy.IsZero() && record.ReviewBy.Before(clock.Today(r.Now)) {
		view.Stale = r.Say("library.stale.says", "on", record.ReviewBy.Words())
	}
	head := web.Head{
		Title: record.Title, Description: summaryLine(abstract(r.Pack, record)), Section: "library", JSONLD: linked(r, record),
		Crumbs: []web.Crumb{{Label: r.Say("library.title"), Href: "/library"}},
	}
	return web.Page(head, recordPage(view)), nil
}

// find gives the record that the path names.
func find(r *web.Request) (pack.Record, error) {
	record, ok := r.Pack.Records.Get(r.PathValue("slug"))
	if !ok {
		return record, fault.Of(fault.NotFound, "no such record")
	}
	return record, nil
}

func (l *Library) refs(r *web.Request) block.Resolver {
	if l.Refs == nil {
		return nil
	}
	return l.Refs(r)
}

// warningOf says first what a reader must know before the rest: that it was replaced, is history, or was never found.
func warningOf(r *web.Request, record pack.Record) warning {
	if record.State == "current" {
		return warning{}
	}
	return warning{said(r, "library.warn."+record.State, label(r, "state", record.State)), said(r, "library.warn."+record.State+".says", "")}
}

func replacedBy(p *pack.Pack, record pack.Record) []link {
	var all []link
	for _, id := range record.SupersededBy {
		if next, ok := p.Records.Get(id); ok {
			all = append(all, link{next.Title, path(next)})
		}
	}
	return all
}

func replaces(p *pack.Pack, record pack.Record) []link {
	var all []link
	for _, older := range p.Records.All() {
		if slices.Contains(older.SupersededBy, record.ID) {
			all = append(all, link{older.Title, path(older)})
		}
	}
	return all
}

func facts(r *web.Request, record pack.Record) []web.Row {
	row := func(key string, values ...string) web.Row {
		return web.Row{Key: r.Say("library.fact." + key), Value: strings.Join(values, ", ")}
	}
	rows := []web.Row{row("publisher", record.Publisher)}
	if record.Published != "" {
		rows = append(rows, row("published", when(record.Published)))
	} else {
		rows = append(rows, row("published", r.Say("library.year.none")))
	}
	rows = append(rows, row("kind", label(r, "kind", record.Kind)))
	f := facets(record)
	for _, name := range []string{"audience", "setting", "nation", "language", "type"} {
		if name == "setting" && len(record.Settings) == 0 || name == "audience" && len(record.Audience) == 0 || name == "nation" && len(record.Nations) == 0 {
			continue // for all of them, or nobody knows: the others say enough
		}
		rows = append(rows, row(name, labels(r, name, f[name])...))
	}
	return append(rows, row("format", label(r, "format", record.Format)), row("state", label(r, "state", record.State)))
}

func licence(r *web.Request, record pack.Record) string {
	if record.Licence == "" || record.Licence == "none-stated" {
		return r.Say("library.licence.none")
	}
	return said(r, "library.licence."+record.Licence, record.Licence)
}

func sources(r *web.Request, record pack.Record) []sourceLine {
	var all []sourceLine
	for _, id := range record.Source {
		if s, ok := r.Pack.Sources.Get(id); ok {
			by := s.Publisher
			if s.Year > 0 {
				by += ", " + strconv.Itoa(s.Year)
			}
			all = append(all, sourceLine{s.Title, by, s.URL, said(r, "library.read."+s.Read, "")})
		}
	}
	return all
}

// origin is the folded part: how sure it is, who answers for it, and how to point at exactly these words.
func origin(r *web.Request, record pack.Record) []web.Row {
	rows := []web.Row{
		{Key: r.Say("library.origin.sure"), Value: said(r, "library.certainty."+string(record.Certainty), string(record.Certainty))},
		{Key: r.Say("library.origin.reviewed"), Value: record.Reviewed.Words()},
		{Key: r.Say("library.origin.review_by"), Value: record.ReviewBy.Words()},
		{Key: r.Say("library.origin.owner"), Value: record.Owner},
		{Key: r.Say("library.origin.link"), Value: r.Address(path(record))},
		{Key: r.Say("library.origin.id"), Value: record.ID},
		{Key: r.Say("library.origin.version"), Value: r.Pack.Version()},
	}
	if record.Doubt != "" {
		rows = slices.Insert(rows, 1, web.Row{Key: r.Say("library.origin.doubt"), Value: record.Doubt})
	}
	return rows
}

// when says a date as far as it is known: 2011, March 2011, 3 March 2011.
func when(published string) string {
	switch len(published) {
	case len("2011-03"):
		if t, err := time.Parse("2006-01", published); err == nil {
			return t.Format("January 2006")
		}
	case len("2011-03-01"):
		if d, err := clock.ParseDate(published); err == nil {
			return d.Words()
		}
	}
	return published
}

func host(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	name, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(name, "www.")
}

// summaryLine is the beginning of the summary, for search engines.
func summaryLine(line string) string {
	const most = 160
	if len(line) <= most {
		return line
	}
	line = line[:most]
	return strings.ToValidUTF8(line[:max(strings.LastIndexByte(line, ' '), 0)], "") + " …"
}
