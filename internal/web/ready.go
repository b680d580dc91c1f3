package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// preset is a header made ready: set by one assignment, without a copy.
type preset struct {
	name  string
	value []string
}

// ready is a reply made ready to send, plain and packed, with its headers.
type ready struct {
	status      int
	headers     []preset
	plain, gzip []byte
	plainLength []string
	gzipLength  []string
	etag        string
}

var (
	gzipEncoding = []string{"gzip"}
	varyEncoding = []string{"Accept-Encoding"}
)

// tooSmall is what fits one packet anyway.
const tooSmall = 1200

func prepare(c content) *ready {
	made := &ready{status: c.status, plain: c.body, headers: append([]preset(nil), guards...)}
	add := func(name, value string) { made.headers = append(made.headers, preset{name, []string{value}}) }
	if c.connects {
		for i := range made.headers {
			if made.headers[i].name == "Content-Security-Policy" {
				made.headers[i].value = policyPrivate
			}
		}
	}
	if len(c.cookies) > 0 {
		made.headers = append(made.headers, preset{"Set-Cookie", c.cookies})
	}
	if c.kind != "" {
		add("Content-Type", c.kind)
	}
	if c.location != "" {
		add("Location", c.location)
	}
	if c.download != "" {
		add("Content-Disposition", c.download)
	}
	if c.allow != "" {
		add("Allow", c.allow)
	}
	switch {
	case c.immutable:
		add("Cache-Control", "public, max-age=31536000, immutable")
	case c.private:
		add("Cache-Control", "no-store")
		add("X-Robots-Tag", "noindex, nofollow")
	default:
		add("Cache-Control", "no-cache")
	}
	if c.status == http.StatusOK && !c.private {
		sum := sha256.Sum256(c.body)
		made.etag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		add("Etag", made.etag)
	}
	if len(c.body) > tooSmall && packable(c.kind) {
		made.headers = append(made.headers, preset{"Vary", varyEncoding})
		made.gzip = squeeze(c.body, c.immutable)
		made.gzipLength = []string{strconv.Itoa(len(made.gzip))}
	}
	made.plainLength = []string{strconv.Itoa(len(c.body))}
	return made
}

func packable(kind string) bool {
	for _, start := range []string{"text/", "application/json", "application/ld+json", "application/xml", "application/atom+xml", "application/opensearchdescription+xml", "application/manifest+json", "image/svg+xml"} {
		if strings.HasPrefix(kind, start) {
			return true
		}
	}
	return false
}

var (
	quick = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, 5); return w }}
	tight = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestCompression); return w }}
)

// squeeze packs; what is packed once and sent for a year is worth the longer way.
func squeeze(plain []byte, once bool) []byte {
	pool := &quick
	if once {
		pool = &tight
	}
	w := pool.Get().(*gzip.Writer)
	defer pool.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = w.Write(plain) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// serve sends the reply and says how many bytes went. It sets shared slices as headers: nobody may append to them.
func (p *ready) serve(w http.ResponseWriter, r *http.Request) int {
	h := w.Header()
	for _, header := range p.headers {
		h[header.name] = header.value
	}
	if p.matches(r) {
		w.WriteHeader(http.StatusNotModified)
		return 0
	}
	body := p.plain
	if p.gzip != nil && takesGzip(r.Header["Accept-Encoding"]) {
		h["Content-Encoding"], h["Content-Length"], body = gzipEncoding, p.gzipLength, p.gzip
	} else {
		h["Content-Length"] = p.plainLength
	}
	w.WriteHeader(p.status)
	n, _ := w.Write(body) // whoever asked may be gone; then there is nobody to tell
	return n
}

func (p *ready) statusFor(r *http.Request) int {
	if p.matches(r) {
		return http.StatusNotModified
	}
	return p.status
}

// matches reports that whoever asks has the same already.
func (p *ready) matches(r *http.Request) bool {
	if p.etag == "" {
		return false
	}
	for _, list := range r.Header["If-None-Match"] {
		for tag := range strings.SplitSeq(list, ",") {
			if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == p.etag[2:] {
				return true
			}
		}
	}
	return false
}

func takesGzip(accepts []string) bool {
	for _, list := range accepts {
		for part := range strings.SplitSeq(list, ",") {
			name, quality, weighed := strings.Cut(strings.TrimSpace(part), ";")
			if strings.TrimSpace(name) != "gzip" {
				continue
			}
			if !weighed {
				return true
			}
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(quality), "q="), 64)
			return err == nil && q > 0
		}
	}
	return false
}
