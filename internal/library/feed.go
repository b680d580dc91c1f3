package library

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/clock"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// feedLength is how many records a feed holds, those read last first.
const feedLength = 100

// atom is a feed as RFC 4287 has it.
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  atomPerson  `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	Title    string         `xml:"title"`
	ID       string         `xml:"id"`
	Updated  string         `xml:"updated"`
	Links    []atomLink     `xml:"link"`
	Author   atomPerson     `xml:"author"`
	Category []atomCategory `xml:"category"`
	Summary  string         `xml:"summary"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// feed follows a search: what was read or changed last stands first.
func (l *Library) feed(r *web.Request) (web.Reply, error) {
	a := read(r.URL.Query()).turned(1)
	q := a.query()
	q.Size = feedLength
	found, err := l.find(r.Context(), q)
	if err != nil {
		return nil, err
	}
	var records []pack.Record
	for _, hit := range found.Hits {
		if record, ok := r.Pack.Records.Get(hit.ID); ok {
			records = append(records, record)
		}
	}
	slices.SortStableFunc(records, func(x, y pack.Record) int { return strings.Compare(y.Reviewed.String(), x.Reviewed.String()) })
	title := r.Say("library.feed.title")
	if a.Words != "" {
		title = r.Say("library.feed.words", "words", a.Words)
	}
	list := r.Address(a.href("/library"))
	made := atom{
		Title: title, ID: list, Updated: moment(clock.Today(r.Now)), Author: atomPerson{r.Pack.Manifest.Owner},
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: r.Address(a.href("/library/feed.xml"))}, {Rel: "alternate", Type: "text/html", Href: list}},
	}
	for i, record := range records {
		if i == 0 {
			made.Updated = moment(record.Reviewed)
		}
		made.Entries = append(made.Entries, entry(r, record))
	}
	return xmlReply("application/atom+xml; charset=utf-8", made, r.URL.RawQuery != "")
}

func entry(r *web.Request, record pack.Record) atomEntry {
	page := r.Address(path(record))
	return atomEntry{
		Title: record.Title, ID: page, Updated: moment(record.Reviewed), Author: atomPerson{record.Publisher},
		Links:    []atomLink{{Rel: "alternate", Type: "text/html", Href: page}},
		Category: []atomCategory{{record.Kind, label(r, "kind", record.Kind)}, {record.State, label(r, "state", record.State)}},
		Summary:  abstract(r.Pack, record),
	}
}

// moment is a day as a feed writes it. A day without a date stands at the beginning of time, so it is never news.
func moment(d clock.Date) string {
	if d.IsZero() {
		d = clock.Date{Year: 1970, Month: 1, Day: 1}
	}
	return d.String() + "T00:00:00Z"
}

// xmlReply sends XML. What shows somebody's search is kept by nobody.
func xmlReply(contentType string, v any, private bool) (web.Reply, error) {
	body, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	body = append([]byte(xml.Header), append(body, '\n')...)
	if private {
		return web.BytesPrivate(contentType, body), nil
	}
	return web.Bytes(contentType, body), nil
}

// openSearch tells a browser how to search here from its own address line.
type openSearch struct {
	XMLName     xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string          `xml:"ShortName"`
	Description string          `xml:"Description"`
	Encoding    string          `xml:"InputEncoding"`
	URLs        []openSearchURL `xml:"Url"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

func (l *Library) openSearch(r *web.Request) (web.Reply, error) {
	return xmlReply("application/opensearchdescription+xml; charset=utf-8", openSearch{
		ShortName: "Waymark", Description: r.Say("library.lead"), Encoding: "UTF-8",
		URLs: []openSearchURL{
			{"text/html", r.Address("/library?q={searchTerms}")}, {"application/atom+xml", r.Address("/library/feed.xml?q={searchTerms}")},
		},
	}, false)
}
