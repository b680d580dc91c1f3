package web

import (
	"fmt"
	"strings"

	qrcode "github.com/yeqown/go-qrcode/v2"
)

// QRCode gives a QR code as SVG: one path, black on white in any mode, with the quiet margin that scanners need.
func QRCode(address string) ([]byte, error) {
	code, err := qrcode.NewWith(address, qrcode.WithErrorCorrectionLevel(qrcode.ErrorCorrectionMedium))
	if err != nil {
		return nil, fmt.Errorf("draw code: %w", err)
	}
	w := &codeWriter{}
	if err := code.Save(w); err != nil {
		return nil, fmt.Errorf("draw code: %w", err)
	}
	return []byte(w.svg), nil
}

type codeWriter struct{ svg string }

// quiet is the margin around a code, in modules; the standard asks for four.
const quiet = 4

func (w *codeWriter) Write(m qrcode.Matrix) error {
	var path strings.Builder
	m.Iterate(qrcode.IterDirection_ROW, func(x, y int, v qrcode.QRValue) {
		if v.IsSet() {
			fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
		}
	})
	size := m.Width() + 2*quiet
	w.svg = fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, size, size, size, size, path.String())
	return nil
}

func (w *codeWriter) Close() error { return nil }
