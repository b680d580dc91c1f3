package casework

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"testing"
)

// noted is a photograph as a telephone makes it: with a preview, the place, the owner's name and the camera's number.
func noted(orientation uint16) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02")
	tiff = append(tiff, 0x01, 0x12, 0, 3, 0, 0, 0, 1)
	tiff = binary.BigEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0)
	tiff = append(tiff, "\x01\x0f\x00\x02\x00\x00\x00\x20\x00\x00\x00\x26\x00\x00\x00\x00"...)
	tiff = append(tiff, "Wrenfield-phone 51.5033N 0.1195W "...)
	tiff = append(tiff, sampleJPEG(4, 4)...) // the preview
	exif := append([]byte("Exif\x00\x00"), tiff...)
	xmp := []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>Lantern Street</x:xmpmeta>")
	iptc := []byte("Photoshop 3.0\x008BIM taken by Quillon")
	said := []byte("a comment about Wrenfield")
	var b bytes.Buffer
	plain := sampleJPEG(24, 16)
	b.Write(plain[:2])
	for _, part := range []struct {
		mark byte
		body []byte
	}{{0xe1, exif}, {0xe1, xmp}, {0xed, iptc}, {0xfe, said}} {
		b.Write([]byte{0xff, part.mark})
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(part.body)+2)))
		b.Write(part.body)
	}
	b.Write(plain[2:])
	b.WriteString("PK\x03\x04 something behind the picture: Wrenfield")
	return b.Bytes()
}

// told are the words that must not stand in a picture any more.
var told = []string{"Exif", "Wrenfield", "51.5033N", "0.1195W", "Lantern Street", "Quillon", "xmpmeta", "8BIM", "Photoshop", "GPS", "ns.adobe.com", "PK\x03\x04"}

func TestAPhotographKeepsNoPlaceNoNameAndNoPreview(t *testing.T) {
	body := noted(1)
	for _, word := range told[:8] {
		if !bytes.Contains(body, []byte(word)) {
			t.Fatalf("the photograph of this test does not hold %q, so it shows nothing", word)
		}
	}
	out, kind, why := repaint(kindJPEG, body)
	if why != "" || kind != kindJPEG {
		t.Fatal(kind, why)
	}
	for _, word := range told {
		if bytes.Contains(out, []byte(word)) {
			t.Errorf("the photograph still holds %q", word)
		}
	}
	if n := bytes.Count(out, []byte("\xff\xd8\xff")); n != 1 {
		t.Errorf("it holds %d pictures", n)
	}
}

func TestAPNGKeepsNoWords(t *testing.T) {
	plain := samplePNG(6, 6)
	chunk := func(kind, body string) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		b = append(b, kind+body...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+body)))
	}
	head := 8 + 25
	body := append(bytes.Clone(plain[:head]), chunk("tEXt", "Author\x00Wrenfield")...)
	body = append(body, chunk("eXIf", "MM\x00\x2a 51.5033N")...)
	body = append(append(body, plain[head:]...), "Lantern Street behind the end"...)
	out, _, why := repaint(kindPNG, body)
	if why != "" {
		t.Fatal(why)
	}
	for _, word := range append(told, "tEXt", "eXIf", "Author") {
		if bytes.Contains(out, []byte(word)) {
			t.Errorf("the picture still holds %q", word)
		}
	}
}

func TestAPhotographStandsUprightAfterwards(t *testing.T) {
	for way, want := range map[uint16]image.Point{1: {24, 16}, 3: {24, 16}, 6: {16, 24}, 8: {16, 24}, 99: {24, 16}} {
		out, _, why := repaint(kindJPEG, noted(way))
		if why != "" {
			t.Fatal(why)
		}
		points, err := decodePicture(kindJPEG, out)
		if err != nil || points.Bounds().Size() != want {
			t.Errorf("held as %d: %v, %v", way, points.Bounds(), err)
		}
	}
	mark := image.NewRGBA(image.Rect(0, 0, 3, 2))
	mark.Pix[0] = 9 // the upper left corner
	for way, want := range []image.Point{1: {0, 0}, 2: {2, 0}, 3: {2, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 2}, 8: {0, 2}} {
		if way == 0 {
			continue
		}
		if got := turned(mark, way).(*image.RGBA); got.RGBAAt(want.X, want.Y).R != 9 {
			t.Errorf("held as %d, the corner is not at %v", way, want)
		}
	}
}

func TestAPictureOfAChatBecomesOneThatEveryProgramShows(t *testing.T) {
	out, kind, why := repaint(kindWebP, sampleWebP())
	if why != "" || kind == kindWebP || len(out) == 0 {
		t.Error(kind, why)
	}
}

func TestAPictureThatClaimsMoreThanAnyMemoryIsRefused(t *testing.T) {
	huge := samplePNG(6, 6)
	binary.BigEndian.PutUint32(huge[16:], 60_000)
	binary.BigEndian.PutUint32(huge[20:], 60_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	if _, _, why := repaint(kindPNG, huge); why != refusedBomb {
		t.Error(why)
	}
}

func TestAPictureThatIsCutIsRefused(t *testing.T) {
	for kind, body := range map[attachKind][]byte{kindJPEG: sampleJPEG(64, 64)[:300], kindPNG: samplePNG(64, 64)[:120], kindWebP: sampleWebP()[:24]} {
		if _, _, why := repaint(kind, body); why != refusedBroken {
			t.Errorf("%s: %q", kind.id, why)
		}
	}
}
