package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// Sent is a file that arrived with a form. Its name is what the browser said, without folders; nothing may be believed of it.
type Sent struct {
	Name string
	Body []byte
}

// Upload lets a form bring files, of n bytes in all at most.
func Upload(n int64) Option { return func(r *Route) { r.body, r.files = n, true } }

// Sent gives the files that arrived under a name.
func (r *Request) Sent(name string) []Sent { return r.sent[name] }

const (
	mostParts = 200
	mostField = 64 << 10
)

// readParts reads a form with files into memory, whole, and never onto a disk.
func readParts(w http.ResponseWriter, r *http.Request, limit int64) (form url.Values, sent map[string][]Sent, status int) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, nil, http.StatusUnsupportedMediaType
	}
	reader := multipart.NewReader(http.MaxBytesReader(w, r.Body, limit), parameters["boundary"])
	form, sent = url.Values{}, map[string][]Sent{}
	for n := 0; ; n++ {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n >= mostParts {
			return nil, nil, brokenOff(err)
		}
		var body bytes.Buffer
		if _, err := io.Copy(&body, part); err != nil {
			return nil, nil, brokenOff(err)
		}
		name := part.FormName()
		if part.FileName() == "" {
			if body.Len() > mostField {
				return nil, nil, http.StatusRequestEntityTooLarge
			}
			form.Add(name, body.String())
			continue
		}
		sent[name] = append(sent[name], Sent{path.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), body.Bytes()})
	}
	if !readableValues(form) {
		return nil, nil, http.StatusBadRequest
	}
	for name, files := range sent {
		for _, file := range files {
			if !readable(name) || !readable(file.Name) {
				return nil, nil, http.StatusBadRequest
			}
		}
	}
	return form, sent, 0
}

func brokenOff(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}
