package casework

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"regexp"
	"strings"
)

const (
	officeEntries  = 4_000
	officeUnfolded = 120 << 20 // all that one document unfolds to
	officeLooked   = 4 << 20   // how much of one part is searched
)

var (
	// remote is a part that Word or Excel would fetch from elsewhere, or run, when the document is opened.
	remote = regexp.MustCompile(`(?i)<Relationship\b[^>]*(?:/attachedTemplate|/oleObject|/frame|/subDocument|/control)"[^>]*>`)
	away   = regexp.MustCompile(`(?i)TargetMode="External"`)
	dde    = regexp.MustCompile(`(?i)\bDDEAUTO\b|<(?:\w+:)?ddeLink\b`)
)

// siftOffice takes documents of Word and Excel that hold words and figures, and refuses every other archive: those with
// macros, with programs or files inside, those that fetch something, and those that unfold without end.
func siftOffice(body []byte) (attachKind, attachRefusal) {
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return attachKind{}, refusedBroken
	}
	kind, why := officeKind(r)
	if why != "" {
		return attachKind{}, why
	}
	if !wholeZip(body) {
		return attachKind{}, refusedDouble
	}
	if len(r.File) > officeEntries {
		return attachKind{}, refusedBomb
	}
	left := int64(officeUnfolded)
	seen := map[string]bool{}
	for _, f := range r.File {
		name := strings.ToLower(f.Name)
		if seen[name] { // two programs would read two different documents
			return attachKind{}, refusedDouble
		}
		seen[name] = true
		if why := siftPart(f, name, &left); why != "" {
			return attachKind{}, why
		}
	}
	return kind, ""
}

// officeKind reads from the list of contents what the document is.
func officeKind(r *zip.Reader) (attachKind, attachRefusal) {
	list, err := r.Open("[Content_Types].xml")
	if err != nil {
		for _, f := range r.File {
			if name := strings.ToLower(f.Name); name == "classes.dex" || name == "meta-inf/manifest.mf" {
				return attachKind{}, refusedProgram
			}
		}
		return attachKind{}, refusedArchive
	}
	defer list.Close()
	types, err := io.ReadAll(io.LimitReader(list, 1<<20))
	if err != nil {
		return attachKind{}, refusedBroken
	}
	switch {
	case bytes.Contains(bytes.ToLower(types), []byte("macroenabled")):
		return attachKind{}, refusedMacro
	case bytes.Contains(types, []byte("wordprocessingml.document.main+xml")):
		return kindDocx, ""
	case bytes.Contains(types, []byte("spreadsheetml.sheet.main+xml")):
		return kindXlsx, ""
	}
	return attachKind{}, refusedUnknown
}

// siftPart reads one part to its end, so that its size is what it is and not what the list says.
func siftPart(f *zip.File, name string, left *int64) attachRefusal {
	switch {
	case f.Flags&1 != 0:
		return refusedLocked
	case strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\:"):
		return refusedActive
	case strings.Contains(name, "vbaproject") || strings.Contains(name, "vbadata") || strings.Contains(name, "/macrosheets/") || strings.Contains(name, "/dialogsheets/"):
		return refusedMacro
	case strings.Contains(name, "activex/") || strings.Contains(name, "/embeddings/") && !strings.HasSuffix(name, "/"):
		return refusedActive
	}
	r, err := f.Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return refusedUnknown
		}
		return refusedBroken
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, min(officeLooked, *left+1)))
	if err != nil {
		return refusedBroken
	}
	rest, err := io.Copy(io.Discard, io.LimitReader(r, max(0, *left+1-int64(len(head)))))
	if err != nil {
		return refusedBroken
	}
	if *left -= int64(len(head)) + rest; *left < 0 {
		return refusedBomb
	}
	return siftInside(name, head)
}

// siftInside looks at what a part begins with, and at the words that make Office do something.
func siftInside(name string, head []byte) attachRefusal {
	switch {
	case bytes.HasPrefix(head, []byte("MZ")), bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("#!")):
		return refusedProgram
	case isZip(head), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")), bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xbc\xaf")):
		return refusedActive
	case strings.HasSuffix(name, ".rels"):
		for _, link := range remote.FindAll(head, -1) {
			if away.Match(link) {
				return refusedActive
			}
		}
	case strings.HasSuffix(name, ".xml"):
		if dde.Match(head) {
			return refusedActive
		}
	}
	return ""
}

// wholeZip reports an archive with nothing before it and nothing behind it: its list stands where it says, and ends the file.
func wholeZip(body []byte) bool {
	end := bytes.LastIndex(body, []byte("PK\x05\x06"))
	if end < 0 || end+22 != len(body) {
		return false
	}
	size, at := binary.LittleEndian.Uint32(body[end+12:]), binary.LittleEndian.Uint32(body[end+16:])
	return uint64(at)+uint64(size) == uint64(end)
}
