package casework

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf16"
)

func samplePDF(objects string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + objects + ">>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n")
}

// packedPDF hides objects in a packed list of objects.
func packedPDF(objects string) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(objects))
	_ = w.Close()
	return []byte(fmt.Sprintf("%%PDF-1.7\n3 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n%%%%EOF\n", b.Len(), b.String()))
}

const docxTypes = `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
const xlsxTypes = `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`

// sampleZip holds these parts: name, content, name, content.
func sampleZip(parts ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			panic(err)
		}
		_, _ = f.Write([]byte(parts[i+1]))
	}
	_ = w.Close()
	return b.Bytes()
}

func sampleDocx(more ...string) []byte {
	return sampleZip(append([]string{"[Content_Types].xml", docxTypes, "word/document.xml", "<w:document>He slept badly.</w:document>"}, more...)...)
}

func samplePoints(w, h int) *image.RGBA {
	points := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			points.Set(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), 120, 255})
		}
	}
	return points
}

func sampleJPEG(w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, samplePoints(w, h), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func samplePNG(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, samplePoints(w, h)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func sampleWebP() []byte {
	body, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		panic(err)
	}
	return body
}

func sampleWAV() []byte {
	return append([]byte("RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00\x02\x00\x10\x00data\x00\x08\x00\x00"), make([]byte, 2048)...)
}

func utf16Of(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestAFileIsTakenForWhatItHolds(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		want attachKind
	}{
		"a letter as PDF":          {samplePDF(""), kindPDF},
		"a PDF of packed objects":  {packedPDF("1 0 << /Type /Catalog >>"), kindPDF},
		"a photograph":             {sampleJPEG(8, 8), kindJPEG},
		"a picture of a screen":    {samplePNG(8, 8), kindPNG},
		"a picture of a chat":      {sampleWebP(), kindWebP},
		"a document":               {sampleDocx("word/settings.xml", "<w:settings/>"), kindDocx},
		"a sheet":                  {sampleZip("[Content_Types].xml", xlsxTypes, "xl/workbook.xml", "<workbook/>", "xl/printerSettings/printerSettings1.bin", "HP"), kindXlsx},
		"words":                    {[]byte("12/03/2026, 21:14 - A: where are you\n"), kindText},
		"words in Amharic":         {[]byte("ወደ ቤት መሄድ እፈልጋለሁ"), kindText},
		"words of Windows":         {utf16Of("Żółć i tak dalej\r\n"), kindText},
		"words from before UTF-8":  {[]byte("caf\xe9 na\xefve \xa35 and more of the same words\n"), kindText},
		"a list":                   {[]byte("name,day\nA,1\nB,2\nC,3\n"), kindText},
		"a voice from a recorder":  {sampleWAV(), kindWAV},
		"a voice from a messenger": {append([]byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\x01\x01"), make([]byte, 64)...), kindOgg},
		"a voice from a telephone": {append([]byte("\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42isom"), make([]byte, 64)...), kindM4A},
		"a song":                   {append([]byte("\xff\xfb\x90\x00"), make([]byte, 413)...), kindMP3},
		"a voice of an old mobile": {append([]byte("#!AMR\n"), make([]byte, 64)...), kindAMR},
	} {
		kind, why := sift(c.body)
		if why != "" || kind != c.want {
			t.Errorf("%s: taken for %q, refused as %q", name, kind.id, why)
		}
	}
}

func TestWhatCanDoHarmIsRefusedWhateverItIsCalled(t *testing.T) {
	exe := append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8\x00"), make([]byte, 300)...)
	zeroes := strings.Repeat("\x00", 44<<20)
	twice := sampleDocx("word/document.xml", "<w:document>Another.</w:document>")
	for name, c := range map[string]struct {
		body []byte
		want attachRefusal
	}{
		"nothing":                             {nil, refusedEmpty},
		"only spaces":                         {[]byte(" \n \t"), refusedEmpty},
		"too much":                            {make([]byte, attachLimit+1), refusedLarge},
		"a program of Windows":                {exe, refusedProgram},
		"a program of Linux":                  {append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 100)...), refusedProgram},
		"a script":                            {[]byte("#!/bin/sh\nrm -rf /\n"), refusedProgram},
		"a script with an unknown shell":      {[]byte("#!/opt/x\nhello\n"), refusedProgram},
		"a shortcut":                          {append([]byte("L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F"), make([]byte, 80)...), refusedProgram},
		"an app":                              {sampleZip("META-INF/MANIFEST.MF", "Main-Class: X", "X.class", "\xca\xfe\xba\xbe"), refusedProgram},
		"an archive":                          {sampleZip("notes.txt", "hello"), refusedArchive},
		"an archive that names a document":    {sampleZip("word/document.xml", "hello", "run.exe", string(exe)), refusedArchive},
		"a RAR":                               {[]byte("Rar!\x1a\x07\x01\x00" + strings.Repeat("x", 60)), refusedArchive},
		"a gzip":                              {[]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + strings.Repeat("x", 60)), refusedArchive},
		"a page":                              {[]byte("<!DOCTYPE html><html><body>hello</body></html>"), refusedWeb},
		"a page behind spaces":                {[]byte("\n\n   <b>hello</b>"), refusedWeb},
		"a page behind words":                 {[]byte("Minutes of the meeting\n<script>alert(1)</script>"), refusedWeb},
		"a page in UTF-16":                    {utf16Of("<html><script>alert(1)</script></html>"), refusedWeb},
		"a drawing that runs":                 {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), refusedWeb},
		"a drawing without XML before it":     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), refusedWeb},
		"a document with macros":              {sampleDocx("word/vbaProject.bin", "\xd0\xcf\x11\xe0"), refusedMacro},
		"a document made for macros":          {sampleZip("[Content_Types].xml", strings.Replace(docxTypes, "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled", 1)), refusedMacro},
		"a document that fetches a template":  {sampleDocx("word/_rels/settings.xml.rels", `<Relationship Id="r" Type="http://x/attachedTemplate" Target="http://x/t.dotm" TargetMode="External"/>`), refusedActive},
		"a document that starts another":      {sampleDocx("word/header1.xml", `<w:instrText>DDEAUTO c:\\windows\\cmd</w:instrText>`), refusedActive},
		"a document with a file inside":       {sampleDocx("word/embeddings/oleObject1.bin", "x"), refusedActive},
		"a document with an archive inside":   {sampleDocx("word/media/image1.png", string(sampleZip("a", "b"))), refusedActive},
		"a document with a program inside":    {sampleDocx("word/media/image1.png", string(exe)), refusedProgram},
		"a document that leaves its folder":   {sampleDocx("../../etc/cron.d/x", "x"), refusedActive},
		"a document with two of one part":     {twice, refusedDouble},
		"a document behind something":         {append([]byte("PK\x03\x04junk"), sampleDocx()...), refusedDouble},
		"a document before something":         {append(sampleDocx(), "MZ and a program"...), refusedDouble},
		"a document without end":              {sampleDocx("word/a.xml", zeroes, "word/b.xml", zeroes, "word/c.xml", zeroes), refusedBomb},
		"a cut document":                      {sampleDocx()[:200], refusedBroken},
		"a PowerPoint":                        {sampleZip("[Content_Types].xml", `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>`), refusedUnknown},
		"an old document":                     {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), refusedOld},
		"a PDF with a script":                 {samplePDF("/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "), refusedActive},
		"a PDF with a script in disguise":     {samplePDF("/OpenAction << /S /J#61vaScript /#4a#53 (app.alert(1)) >> "), refusedActive},
		"a PDF with a packed script":          {packedPDF("1 0 << /S /JavaScript /JS (app.alert(1)) >>"), refusedActive},
		"a PDF that starts a program":         {samplePDF("/OpenAction << /S /Launch /F (cmd.exe) >> "), refusedActive},
		"a PDF with a file inside":            {samplePDF("/Names << /EmbeddedFiles 9 0 R >> "), refusedActive},
		"a PDF behind a password":             {samplePDF("/Encrypt 9 0 R "), refusedLocked},
		"a PDF that unfolds without end":      {packedPDF(strings.Repeat(" ", pdfUnpacked+1)), refusedBomb},
		"a PDF that is an archive, too":       {append(samplePDF(""), sampleZip("run.exe", "MZ")...), refusedDouble},
		"a PDF behind a page":                 {append([]byte("%PDF-1.4\n<html><script>alert(1)</script>\n"), samplePDF("")...), refusedDouble},
		"a cut PDF":                           {samplePDF("")[:60], refusedBroken},
		"a recording that is an archive, too": {append(sampleWAV(), sampleZip("run.exe", "MZ")...), refusedDouble},
		"words that are an archive, too":      {append([]byte("hello\n"), sampleZip("run.exe", "MZ")...), refusedUnknown},
		"a picture of an iPhone":              {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 64)...), refusedHEIC},
		"a film":                              {append([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41"), make([]byte, 64)...), refusedVideo},
		"a moving picture":                    {append([]byte("GIF89a\x01\x00\x01\x00"), make([]byte, 64)...), refusedUnknown},
		"noise":                               {[]byte("\x01\x02\x03\x00\xff\xfe\xfd\x00"), refusedUnknown},
		"noise with the mark of a song in it": {append([]byte("\x01\x02\x03\x00 \x00\x00 \xff\xfb\x90\x00"), make([]byte, 413)...), refusedUnknown},
		"a mail":                              {[]byte("{\\rtf1\\ansi hello}"), refusedUnknown},
	} {
		kind, why := sift(c.body)
		if why != c.want {
			t.Errorf("%s: taken for %q, refused as %q, want %q", name, kind.id, why, c.want)
		}
	}
}
