package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/block"
	"waymark/internal/clock"
)

// neutral is all that a tab or a sheet of paper says of a page that somebody else may see by chance.
const neutral = "Waymark"

func (h Head) tabTitle() string {
	if h.Private || h.Title == "" {
		return neutral
	}
	return h.Title + " – " + neutral
}

func (h Head) printTitle() string {
	if h.PrintTitle != "" {
		return h.PrintTitle
	}
	return h.tabTitle()
}

// navOf is the navigation for whoever asks. Those who are signed in see where they work first.
func navOf(r *Request) []Entry {
	if r.Who.ID == "" || r.Who.Locked {
		return r.Site.Nav
	}
	var all []Entry
	for _, entry := range r.Site.Staff {
		if r.Who.May(entry.May) {
			all = append(all, entry.Entry)
		}
	}
	return all
}

// staffData tells the script after how many seconds the screen locks, and what it says while it saves.
func staffData(r *Request) templ.Attributes {
	if r.Who.ID == "" {
		return nil
	}
	data := templ.Attributes{
		"data-saving": r.Say("web.save.saving"), "data-offline": r.Say("web.save.offline"), "data-locked": r.Say("web.save.locked"),
	}
	if r.idle > 0 && !r.Who.Locked {
		data["data-idle"] = strconv.Itoa(int(r.idle.Seconds()))
	}
	return data
}

func current(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func dial(n block.Number) templ.SafeURL {
	if strings.HasPrefix(n.Dial, "tel:") {
		return templ.SafeURL(n.Dial)
	}
	return templ.SafeURL("tel:" + n.Dial)
}

func linkedData(about any) templ.Component {
	return templ.JSONScript("", about).WithType("application/ld+json")
}

// footWords is the last line of every page and of every sheet: what it was printed from, and when.
func footWords(r *Request) string {
	words := neutral
	if r.Pack != nil {
		words += " · " + r.Pack.Version()
	}
	return words + " · " + clock.Today(r.Now).Words()
}

// footSheet is the style sheet that writes that line at the foot of every printed page. Style attributes are forbidden
// by the policy, and a margin box takes its words from nowhere else.
func footSheet(words string) []byte {
	var quoted strings.Builder
	for _, c := range words {
		fmt.Fprintf(&quoted, "\\%06x", c)
	}
	return []byte(`@page{@bottom-left{content:"` + quoted.String() + `"}}`)
}

// footPath names the sheet by what it says, so that it may be kept for a year and still never be yesterday's.
func footPath(r *Request) string {
	return assetRoot + "foot." + digest([]byte(footWords(r))) + ".css"
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// serveFoot answers for the sheet of this pack and day. An older name gets today's words, kept by nobody.
func (s *site) serveFoot(w http.ResponseWriter, r *http.Request, now time.Time) {
	request := &Request{Request: r, Now: now, Pack: s.cfg.Live()}
	current := r.URL.Path == footPath(request)
	made := prepare(content{status: http.StatusOK, kind: "text/css; charset=utf-8", body: footSheet(footWords(request)), immutable: current, private: !current})
	n := made.serve(w, r)
	s.logQuietly(r, assetRoot+"foot", made.statusFor(r), n, now)
}
