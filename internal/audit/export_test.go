package audit

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
)

// LeafHash is what the tree should hold for an entry.
func LeafHash(t *testing.T, tx *db.Tx, place int64) tlog.Hash {
	t.Helper()
	r, err := db.One(tx, scanRecord, `select `+recordColumns+` from audit_entry where place = $1`, place)
	if err != nil {
		t.Fatal(err)
	}
	return r.hash()
}

// RootOf is rootOf.
var RootOf = rootOf
