package casework

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

const (
	pictureBytes   = 160 << 20 // what a picture may take in memory once it is unfolded: 40 million points
	pictureQuality = 92        // of a JPEG: more cannot be seen, less can
)

// painting lets one picture be painted at a time: each takes much memory.
var painting = make(chan struct{}, 1)

// repaint gives a picture anew from nothing but its points: where and when it was taken, with what, the small preview
// inside of it, and whatever else stood between or behind, is gone. It is turned as the camera said.
func repaint(kind attachKind, body []byte) ([]byte, attachKind, attachRefusal) {
	painting <- struct{}{}
	defer func() { <-painting }()
	if why := tooManyPoints(kind, body); why != "" {
		return nil, kind, why
	}
	points, err := decodePicture(kind, body)
	if err != nil {
		return nil, kind, refusedBroken
	}
	if kind == kindJPEG {
		points = turned(points, orientationOf(body))
	}
	if kind == kindWebP { // nobody but Google writes it without C; a photograph becomes a JPEG, a drawing a PNG
		kind = kindJPEG
		if !opaque(points) {
			kind = kindPNG
		}
	}
	var b bytes.Buffer
	if kind == kindJPEG {
		err = jpeg.Encode(&b, points, &jpeg.Options{Quality: pictureQuality})
	} else {
		err = png.Encode(&b, points)
	}
	if err != nil {
		return nil, kind, refusedBroken
	}
	return b.Bytes(), kind, ""
}

func decodePicture(kind attachKind, body []byte) (image.Image, error) {
	r := bytes.NewReader(body)
	switch kind {
	case kindJPEG:
		return jpeg.Decode(r)
	case kindPNG:
		return png.Decode(r)
	}
	return webp.Decode(r)
}

// tooManyPoints looks at the size before a point is read: a small file can claim a picture that fills any memory.
func tooManyPoints(kind attachKind, body []byte) attachRefusal {
	read := map[attachKind]func(*bytes.Reader) (image.Config, error){
		kindJPEG: func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
		kindPNG:  func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
		kindWebP: func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) },
	}[kind]
	size, err := read(bytes.NewReader(body))
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return refusedBroken
	}
	each := int64(4)
	if size.ColorModel == color.RGBA64Model || size.ColorModel == color.NRGBA64Model {
		each = 8
	}
	if int64(size.Width)*int64(size.Height) > pictureBytes/each {
		return refusedBomb
	}
	return ""
}

func opaque(points image.Image) bool {
	o, ok := points.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// orientationOf finds in a JPEG how the camera was held: 1 to 8, 1 when nothing says so. It is all that is read of the
// camera's notes.
func orientationOf(body []byte) int {
	for at := 2; at+4 <= len(body) && body[at] == 0xff; {
		mark, size := body[at+1], int(binary.BigEndian.Uint16(body[at+2:]))
		if mark == 0xda || size < 2 || at+2+size > len(body) {
			break
		}
		if part := body[at+4 : at+2+size]; mark == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return orientationIn(part[6:])
		}
		at += 2 + size
	}
	return 1
}

// orientationIn reads the first list of a TIFF, which is what the notes of a camera are.
func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	list := int64(order.Uint32(tiff[4:]))
	if list+2 > int64(len(tiff)) {
		return 1
	}
	entries := int64(order.Uint16(tiff[list:]))
	for i := range entries {
		at := list + 2 + i*12
		if at+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[at:]) == 0x0112 {
			if turn := int(order.Uint16(tiff[at+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			break
		}
	}
	return 1
}

// turned gives the picture upright. The eight ways are those of the EXIF standard.
func turned(points image.Image, way int) image.Image {
	if way <= 1 {
		return points
	}
	w, h := points.Bounds().Dx(), points.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if way >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	row := image.NewRGBA(image.Rect(0, 0, w, 1)) // one row at a time: a third copy of the whole would fill a small machine
	for y := range h {
		draw.Draw(row, row.Rect, points, points.Bounds().Min.Add(image.Pt(0, y)), draw.Src)
		for x := range w {
			tx, ty := turn(way, x, y, w, h)
			copy(to.Pix[ty*to.Stride+tx*4:][:4], row.Pix[x*4:][:4])
		}
	}
	return to
}

func turn(way, x, y, w, h int) (int, int) {
	switch way {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
