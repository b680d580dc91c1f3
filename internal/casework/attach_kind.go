package casework

import (
	"archive/zip"
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// attachKind is a kind of file that a record can hold. The id is what its row keeps.
type attachKind struct {
	id      string
	mime    string // under which it is handed out, always to be saved and never to be shown
	ending  string
	picture bool // it is painted anew before it is kept
}

var (
	kindPDF  = attachKind{id: "pdf", mime: "application/pdf", ending: ".pdf"}
	kindJPEG = attachKind{id: "jpeg", mime: "image/jpeg", ending: ".jpg", picture: true}
	kindPNG  = attachKind{id: "png", mime: "image/png", ending: ".png", picture: true}
	kindWebP = attachKind{id: "webp", mime: "image/webp", ending: ".webp", picture: true}
	kindDocx = attachKind{id: "docx", mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ending: ".docx"}
	kindXlsx = attachKind{id: "xlsx", mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ending: ".xlsx"}
	kindText = attachKind{id: "txt", mime: "text/plain; charset=utf-8", ending: ".txt"}
	kindMP3  = attachKind{id: "mp3", mime: "audio/mpeg", ending: ".mp3"}
	kindM4A  = attachKind{id: "m4a", mime: "audio/mp4", ending: ".m4a"}
	kindWAV  = attachKind{id: "wav", mime: "audio/wav", ending: ".wav"}
	kindOgg  = attachKind{id: "ogg", mime: "audio/ogg", ending: ".ogg"}
	kindAMR  = attachKind{id: "amr", mime: "audio/amr", ending: ".amr"}
	kindAAC  = attachKind{id: "aac", mime: "audio/aac", ending: ".aac"}
	kindFLAC = attachKind{id: "flac", mime: "audio/flac", ending: ".flac"}
)

var attachKinds = []attachKind{kindPDF, kindJPEG, kindPNG, kindWebP, kindDocx, kindXlsx, kindText,
	kindMP3, kindM4A, kindWAV, kindOgg, kindAMR, kindAAC, kindFLAC}

func attachKindOf(id string) attachKind {
	for _, k := range attachKinds {
		if k.id == id {
			return k
		}
	}
	return attachKind{id: "unknown", mime: "application/octet-stream", ending: ".bin"}
}

// attachRefusal says why a file is not taken. Its words are casework.attach.no.<refusal>; "" is no refusal.
type attachRefusal string

const (
	refusedEmpty    attachRefusal = "empty"
	refusedLarge    attachRefusal = "large"
	refusedProgram  attachRefusal = "program"
	refusedArchive  attachRefusal = "archive"
	refusedWeb      attachRefusal = "web"    // HTML, SVG and their kin: pictures and texts that can run
	refusedMacro    attachRefusal = "macro"  // a document with a program in it
	refusedActive   attachRefusal = "active" // a document that starts, fetches or carries something
	refusedLocked   attachRefusal = "locked" // behind a password: nobody can look into it, the scanner neither
	refusedDouble   attachRefusal = "double" // two kinds of file in one
	refusedBomb     attachRefusal = "bomb"   // unfolds to far more than it is
	refusedBroken   attachRefusal = "broken"
	refusedOld      attachRefusal = "old" // Office before 2007: may hold macros that cannot be told apart
	refusedHEIC     attachRefusal = "heic"
	refusedVideo    attachRefusal = "video"
	refusedUnknown  attachRefusal = "unknown"
	refusedInfected attachRefusal = "infected" // the scanner knows it
)

// attachLimit is how large a file may be.
const attachLimit = 25 << 20

// byContent are the kinds by what mimetype finds in the bytes. What is not here, or in why, is refused.
var byContent = map[string]attachKind{
	"application/pdf": kindPDF, "image/jpeg": kindJPEG, "image/png": kindPNG, "image/webp": kindWebP,
	"text/plain": kindText, "text/csv": kindText, "text/tab-separated-values": kindText, "application/x-subrip": kindText, "text/vtt": kindText,
	"audio/mpeg": kindMP3, "audio/mp4": kindM4A, "audio/x-m4a": kindM4A, "audio/wav": kindWAV, "audio/ogg": kindOgg, "application/ogg": kindOgg,
	"audio/amr": kindAMR, "audio/aac": kindAAC, "audio/flac": kindFLAC,
}

// whyNot says why the kinds that people try most are not taken.
var whyNot = map[string]attachRefusal{
	"application/vnd.microsoft.portable-executable": refusedProgram, "application/x-elf": refusedProgram, "application/x-mach-binary": refusedProgram,
	"application/x-ms-installer": refusedProgram, "application/x-ms-shortcut": refusedProgram, "application/java-archive": refusedProgram,
	"application/vnd.android.package-archive": refusedProgram, "application/x-java-applet": refusedProgram, "application/wasm": refusedProgram,
	"application/x-chrome-extension": refusedProgram, "application/vnd.debian.binary-package": refusedProgram, "application/x-rpm": refusedProgram,
	"text/x-shellscript": refusedProgram, "text/x-python": refusedProgram, "text/x-perl": refusedProgram, "text/x-ruby": refusedProgram,
	"text/x-lua": refusedProgram, "text/x-tcl": refusedProgram, "text/x-php": refusedProgram, "text/javascript": refusedProgram,
	"application/zip": refusedArchive, "application/vnd.rar": refusedArchive, "application/x-7z-compressed": refusedArchive, "application/gzip": refusedArchive,
	"application/x-tar": refusedArchive, "application/x-bzip2": refusedArchive, "application/x-xz": refusedArchive, "application/zstd": refusedArchive,
	"application/vnd.ms-cab-compressed": refusedArchive, "application/x-xar": refusedArchive, "application/lzip": refusedArchive, "application/zlib": refusedArchive,
	"text/html": refusedWeb, "text/xml": refusedWeb, "application/xhtml+xml": refusedWeb, "image/svg+xml": refusedWeb, "application/vnd.ms-htmlhelp": refusedWeb,
	"application/x-ole-storage": refusedOld, "application/msword": refusedOld, "application/vnd.ms-excel": refusedOld, "application/vnd.ms-powerpoint": refusedOld,
	"image/heic": refusedHEIC, "image/heic-sequence": refusedHEIC, "image/heif": refusedHEIC, "image/heif-sequence": refusedHEIC, "image/avif": refusedHEIC,
}

// sift says what a file is by its content alone, or why a record does not hold it. What a file is called, or what the
// browser said of it, plays no part.
func sift(body []byte) (attachKind, attachRefusal) {
	switch {
	case len(body) == 0:
		return attachKind{}, refusedEmpty
	case len(body) > attachLimit:
		return attachKind{}, refusedLarge
	}
	found := mimetype.Detect(body)
	if isZip(body) { // a name inside of it makes an archive look like a document: look for ourselves
		return siftOffice(body)
	}
	for m := found; m != nil; m = m.Parent() {
		name, _, _ := strings.Cut(m.String(), ";")
		if kind, ok := byContent[name]; ok {
			if m != found && kind == kindText {
				return attachKind{}, refusalOf(found) // some language that is written in plain signs
			}
			return kind, siftAs(kind, body)
		}
		if why, ok := whyNot[name]; ok {
			return attachKind{}, why
		}
	}
	return attachKind{}, refusalOf(found)
}

func refusalOf(found *mimetype.MIME) attachRefusal {
	for m := found; m != nil; m = m.Parent() {
		name, _, _ := strings.Cut(m.String(), ";")
		if why, ok := whyNot[name]; ok {
			return why
		}
		if strings.HasPrefix(name, "video/") {
			return refusedVideo
		}
	}
	return refusedUnknown
}

// siftAs looks closer at what seems to be one of the kinds. A picture is looked at when it is painted anew.
func siftAs(kind attachKind, body []byte) attachRefusal {
	if kind.picture {
		return ""
	}
	if alsoZip(body) {
		return refusedDouble
	}
	switch kind {
	case kindPDF:
		return siftPDF(body)
	case kindText:
		return siftText(body)
	case kindMP3: // mimetype finds one in any noise that has a frame's mark somewhere
		if !bytes.HasPrefix(body, []byte("ID3")) && (body[0] != 0xff || len(body) < 4 || body[1]&0xe0 != 0xe0) {
			return refusedUnknown
		}
	}
	return "" // a recording: nothing in it runs
}

func isZip(body []byte) bool { return bytes.HasPrefix(body, []byte("PK\x03\x04")) }

// alsoZip reports an archive that hides behind or inside another kind of file: archives are found from their end.
func alsoZip(body []byte) bool {
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	return err == nil && len(r.File) > 0
}

// siftText takes words and nothing that a program would run or draw.
func siftText(body []byte) attachRefusal {
	words, ok := asWords(body)
	if !ok {
		return refusedUnknown
	}
	start := strings.TrimSpace(strings.TrimPrefix(words, "\ufeff"))
	switch {
	case start == "":
		return refusedEmpty
	case strings.HasPrefix(start, "#!"):
		return refusedProgram
	case strings.HasPrefix(start, "<"), hasMarkup(words):
		return refusedWeb
	}
	return ""
}

// asWords reads UTF-8, or UTF-16 that says so at its beginning, as some phones and Windows write it.
func asWords(body []byte) (string, bool) {
	if len(body) >= 2 && (body[0] == 0xff && body[1] == 0xfe || body[0] == 0xfe && body[1] == 0xff) {
		units := make([]uint16, 0, len(body)/2)
		for i := 2; i+1 < len(body); i += 2 {
			low, high := body[i], body[i+1]
			if body[0] == 0xfe {
				low, high = high, low
			}
			units = append(units, uint16(high)<<8|uint16(low))
		}
		return string(utf16.Decode(units)), len(body)%2 == 0
	}
	if bytes.IndexByte(body, 0) >= 0 {
		return "", false
	}
	if utf8.Valid(body) {
		return string(body), true
	}
	// Text from before UTF-8: one byte a sign. No control signs but those of lines and tabs.
	for _, c := range body {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			return "", false
		}
	}
	return string(body), true
}

// hasMarkup reports what a browser that guesses would take for a page: it looks no further than the beginning.
func hasMarkup(words string) bool {
	head := strings.ToLower(words[:min(len(words), 4<<10)])
	for _, mark := range []string{"<script", "<html", "<!doctype", "<svg", "<iframe", "<object", "<embed", "<?xml", "<?php", "javascript:"} {
		if strings.Contains(head, mark) {
			return true
		}
	}
	return false
}
