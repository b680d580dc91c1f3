package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"waymark/internal/fault"
)

// FileFormat names the portable answer file and its version. A reader refuses a version it does not know.
const FileFormat = "waymark-answers/1"

// largestFile bounds what Open reads: the largest check with every note full is under 40 kB.
const largestFile = 256 << 10

// File is answers that leave one screen for another: a check that a record imports later.
type File struct {
	Format  string    `json:"format"`
	Pack    string    `json:"pack"` // pack@version, as it stood when the answers were given
	Form    string    `json:"form"`
	Version int       `json:"form_version"`
	At      time.Time `json:"at"`
	Answers Answers   `json:"answers"`
}

// Save gives the file's bytes: indented, so that a person can read it, and always the same for the same answers.
func (f File) Save() ([]byte, error) {
	f.Format = FileFormat
	f.At = f.At.UTC().Truncate(time.Minute)
	out, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("save answers: %w", err)
	}
	return append(out, '\n'), nil
}

// Open reads a file that may come from anywhere. Anything it does not know is fault.Invalid, and nothing is half read.
func Open(source io.Reader) (File, error) {
	var f File
	raw, err := io.ReadAll(io.LimitReader(source, largestFile+1))
	switch {
	case err != nil:
		return f, fmt.Errorf("open answers: %w", err)
	case len(raw) > largestFile:
		return f, fault.Of(fault.TooLarge, "answers of over %d kB", largestFile>>10)
	case !utf8.Valid(raw):
		return f, fault.Of(fault.Invalid, "answers that are not UTF-8")
	}
	decode := json.NewDecoder(bytes.NewReader(raw))
	decode.DisallowUnknownFields()
	if err := decode.Decode(&f); err != nil {
		return File{}, fault.Of(fault.Invalid, "answers that do not read: %v", err)
	}
	if decode.More() {
		return File{}, fault.Of(fault.Invalid, "answers with something behind them")
	}
	if f.Format != FileFormat {
		return File{}, fault.Of(fault.Invalid, "answers in the format %.40q, not %s", f.Format, FileFormat)
	}
	return f, nil
}
