package audit

import (
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
)

// span is how many entries are read in one go: a complete subtree, whose hash is one of the tiles' third level.
const span = tileWidth * tileWidth

// chunk is what was read of one span of the tree.
type chunk struct {
	rows   tlog.Hash // the root of this part, reckoned from the entries
	stored tlog.Hash // the same, from the stored hashes
	odd    []oddRow  // entries whose hash is not the stored one
	lost   []lostHash
	detail []oddRow // entries whose detail is not the one written
	broken []string // what does not fit in the tiles
	before map[int64]tlog.Hash
}

// oddRow is an entry that does not stand where its hash does.
type oddRow struct {
	place  int64
	hash   tlog.Hash
	id, at string
}

// lostHash is a stored hash without its entry.
type lostHash struct {
	place int64
	hash  tlog.Hash
}

// readChunk is run in a reading transaction of its own.
func (v *verification) readChunk(tx *db.Tx, k int64, cases byCase) (chunk, error) {
	c := chunk{before: map[int64]tlog.Hash{}}
	first := k * span
	end := min(first+span, v.head.size)
	stored, known, err := v.storedLeaves(tx, &c, first, end)
	if err != nil {
		return c, err
	}
	leaves := make([]tlog.Hash, end-first)
	there := make([]bool, end-first)
	var r row
	_, err = db.All(tx, func(from db.Row) (struct{}, error) {
		if err := r.scan(from); err != nil {
			return struct{}{}, err
		}
		r.meet(cases)
		place, err := strconv.ParseInt(string(r.place), 10, 64)
		if err != nil {
			return struct{}{}, err
		}
		i := place - first
		hash := r.hash()
		twice := there[i] // which the index forbids, as long as it is there
		if !twice {
			leaves[i], there[i] = hash, true
		}
		if twice || known[i] && hash != stored[i] {
			c.odd = append(c.odd, oddRow{place, hash, string(r.id), string(r.at)})
		}
		if !r.detailIsWhole() {
			c.detail = append(c.detail, oddRow{place, hash, string(r.id), string(r.at)})
		}
		return struct{}{}, nil
	}, `select `+rowColumns+` from audit_entry where place >= $1 and place < $2 order by place`, first, end)
	if err != nil {
		return c, err
	}
	same := true
	for i := range leaves {
		if leaves[i] == stored[i] {
			continue
		}
		same = false
		if known[i] {
			c.lost = append(c.lost, lostHash{first + int64(i), stored[i]})
		}
	}
	subtrees := halves(stored)
	if err := v.compareTile(tx, &c, 1, k, subtrees[:len(stored)/tileWidth]); err != nil {
		return c, err
	}
	c.stored = rootOf(subtrees)
	c.rows = c.stored
	if !same {
		c.rows = rootOf(leaves)
	}
	for _, m := range v.marks {
		if m.Size > first && m.Size <= end {
			c.before[m.Size] = rootOf(leaves[:m.Size-first])
		}
	}
	return c, nil
}

// halves gives the hashes of the complete subtrees of one tile's width, and of what is left at the end.
func halves(leaves []tlog.Hash) []tlog.Hash {
	var all []tlog.Hash
	for len(leaves) > 0 {
		n := min(tileWidth, len(leaves))
		all = append(all, rootOf(leaves[:n]))
		leaves = leaves[n:]
	}
	return all
}

// storedLeaves reads the lowest tiles of a span. A hash whose tile is gone or too short is not known.
func (v *verification) storedLeaves(tx *db.Tx, c *chunk, first, end int64) ([]tlog.Hash, []bool, error) {
	hashes := make([]tlog.Hash, end-first)
	known := make([]bool, end-first)
	_, err := db.All(tx, func(from db.Row) (struct{}, error) {
		var n int64
		var data []byte
		if err := from.Scan(&n, &data); err != nil {
			return struct{}{}, err
		}
		for i := range int64(len(data) / tlog.HashSize) {
			if at := n*tileWidth + i - first; i < tileWidth && at < end-first {
				copy(hashes[at][:], data[i*tlog.HashSize:])
				known[at] = true
			}
		}
		return struct{}{}, nil
	}, `select n, hashes from audit_tile where level = 0 and n >= $1 and n <= $2`, first/tileWidth, (end-1)/tileWidth)
	return hashes, known, err
}

// compareTile holds a tile against the hashes that should be in it.
func (v *verification) compareTile(tx *db.Tx, c *chunk, level, n int64, want []tlog.Hash) error {
	found, err := db.All(tx, db.Of[[]byte], `select hashes from audit_tile where level = $1 and n = $2`, level, n)
	if err != nil || len(found) == 0 { // one that is missing is told with the list of tiles
		return err
	}
	for i, hash := range want {
		at := i * tlog.HashSize
		if len(found[0]) < at+tlog.HashSize || tlog.Hash(found[0][at:at+tlog.HashSize]) != hash {
			each := int64(1) << (tileHeight * level)
			from := (n*tileWidth + int64(i)) * each
			c.broken = append(c.broken, fmt.Sprintf("the stored hash over the places %d to %d is not that of the hashes below it", from, from+each-1))
		}
	}
	return nil
}
