package audit

import (
	"encoding/hex"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
)

// record is an entry as it is kept.
type record struct {
	ID, At, Who, Act, Case string
	Number                 int64
	Of                     string
	Digest                 []byte
}

// leafVersion opens every leaf. Another encoding gets another version; leaves in the tree never change.
const leafVersion = "waymark log entry 1\n"

// leaf is what the tree holds of an entry: nine lines that anybody can read and nobody can read in two ways, since no
// field that [Append] takes holds a line end.
func (r record) leaf(to []byte) []byte {
	to = append(to, leafVersion...)
	to = append(append(append(to, "id "...), r.ID...), '\n')
	to = append(append(append(to, "at "...), r.At...), '\n')
	to = append(append(append(to, "who "...), r.Who...), '\n')
	to = append(append(append(to, "act "...), r.Act...), '\n')
	to = append(append(append(to, "case "...), r.Case...), '\n')
	to = append(strconv.AppendInt(append(to, "number "...), r.Number, 10), '\n')
	to = append(append(append(to, "about "...), r.Of...), '\n')
	return append(hex.AppendEncode(append(to, "detail "...), r.Digest), '\n')
}

func (r record) hash() tlog.Hash { return tlog.RecordHash(r.leaf(nil)) }

const recordColumns = `id, at, who, act, casefile, case_no, about, digest`

func scanRecord(row db.Row) (r record, err error) {
	err = row.Scan(&r.ID, &r.At, &r.Who, &r.Act, &r.Case, &r.Number, &r.Of, &r.Digest)
	return r, err
}

// inOrder sorts entries as the tree takes them: by moment, and those of one transaction by the number of their case.
func inOrder(a, b record) int {
	if c := strings.Compare(a.At, b.At); c != 0 {
		return c
	}
	if a.Number != b.Number {
		return int(a.Number - b.Number)
	}
	return strings.Compare(a.ID, b.ID)
}
