package casework

import (
	"strings"

	"waymark/internal/seal"
)

// SomeRef gives references that hold, for tests outside of the package.
func SomeRef(i int) string {
	first := "2345" + strings.Repeat(string(refSigns[i]), 3)
	return first + string(refCheck(first))
}

// Samples of files, for tests outside of the package.
var (
	SamplePDF  = func() []byte { return samplePDF("") }
	SampleJPEG = func() []byte { return noted(6) }
	Told       = told
)

// FileOf opens a kept file without the pages around it.
func (c *Casework) FileOf(key seal.Key, id string) ([]byte, error) { return c.fileOf(key, id) }
