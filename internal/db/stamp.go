package db

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// layout is how a moment is kept: text that sorts by bytes.
const layout = "2006-01-02T15:04:05.000Z"

// Stamp is a moment as it is kept, in UTC. The zero time is "".
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

// ParseStamp reads a moment that was kept. "" is the zero time.
func ParseStamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a moment as it is kept", s)
	}
	return t, nil
}

// letters without those that look alike; in the order of bytes, so that ids sort by the moment in them.
var letters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID names a row: 26 letters and digits, the first ten from the moment, the rest from chance. Rows made one after
// another lie beside each other in an index.
func NewID(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	if _, err := rand.Read(b[6:]); err != nil {
		panic(err) // crypto/rand never fails on the systems that Go supports
	}
	return letters.EncodeToString(b[:])
}
