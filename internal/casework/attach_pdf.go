package casework

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
)

// active are the names by which a PDF starts a script or a program, or carries another file.
var active = regexp.MustCompile(`/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm)(?:[\s/<(\[\]>]|$)`)

var (
	pdfLocked   = regexp.MustCompile(`/Encrypt(?:[\s/<(\[]|$)`)
	pdfPacked   = regexp.MustCompile(`/ObjStm(?:[\s/<(\[>]|$)`)
	pdfDeflated = regexp.MustCompile(`/(?:FlateDecode|Fl)(?:[\s/<(\[\]>]|$)`)
	pdfEscaped  = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
)

const (
	pdfUnpacked = 64 << 20 // how much of the packed objects of one PDF is looked at
	pdfTail     = 4 << 10  // how far from the end the last mark of a PDF may stand
)

// siftPDF refuses a PDF that does more than show pages. Pages themselves are packed and are not looked into; the names of
// what starts something stand outside of them, or in packed lists of objects.
func siftPDF(body []byte) attachRefusal {
	if !bytes.HasPrefix(body, []byte("%PDF-")) {
		return refusedDouble // readers find the mark further in, too: then something else stands before it
	}
	if !bytes.Contains(body[max(0, len(body)-pdfTail):], []byte("%%EOF")) {
		return refusedBroken
	}
	if hasMarkup(string(body[:min(len(body), 1<<10)])) {
		return refusedDouble
	}
	left := int64(pdfUnpacked)
	for rest := body; len(rest) > 0; {
		outside, packed, after := nextStream(rest)
		if why := siftObjects(outside); why != "" {
			return why
		}
		names := pdfNames(outside[max(0, len(outside)-2<<10):])
		if pdfPacked.Match(names) {
			if !pdfDeflated.Match(names) {
				return refusedActive // packed in a way that hardly any program writes, so that nobody looks inside
			}
			list, err := inflate(packed, &left)
			if err != nil {
				return refusedBomb
			}
			if why := siftObjects(list); why != "" {
				return why
			}
		}
		rest = after
	}
	return ""
}

func siftObjects(objects []byte) attachRefusal {
	names := pdfNames(objects)
	switch {
	case pdfLocked.Match(names):
		return refusedLocked
	case active.Match(names):
		return refusedActive
	}
	return ""
}

// nextStream gives what stands before the next packed part, that part, and what follows it.
func nextStream(rest []byte) (outside, packed, after []byte) {
	begin := bytes.Index(rest, []byte("stream"))
	if begin < 0 {
		return rest, nil, nil
	}
	end := bytes.Index(rest[begin:], []byte("endstream"))
	if end < 0 {
		return rest, nil, nil
	}
	packed = rest[begin+len("stream") : begin+end]
	packed = bytes.TrimPrefix(bytes.TrimPrefix(packed, []byte("\r")), []byte("\n"))
	return rest[:begin], packed, rest[begin+end+len("endstream"):]
}

// pdfNames undoes the other way of writing a sign of a name: #4A is J.
func pdfNames(b []byte) []byte {
	if bytes.IndexByte(b, '#') < 0 {
		return b
	}
	return pdfEscaped.ReplaceAllFunc(b, func(sign []byte) []byte {
		n, err := strconv.ParseUint(string(sign[1:]), 16, 8)
		if err != nil {
			return sign
		}
		return []byte{byte(n)}
	})
}

// inflate unpacks until left is used up. What does not unpack to its end is looked at as far as it does.
func inflate(packed []byte, left *int64) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, nil
	}
	out, _ := io.ReadAll(io.LimitReader(r, *left+1))
	if *left -= int64(len(out)); *left < 0 {
		return nil, io.ErrShortBuffer
	}
	return out, nil
}
