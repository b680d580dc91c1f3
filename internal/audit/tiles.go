package audit

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
	"waymark/internal/fault"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// tiles reads the stored tree inside one transaction. What it reads is believed only as far as it leads to the root that
// was signed: [tlog.TileHashReader] sees to that.
type tiles struct {
	tx   *db.Tx
	held map[[2]int64][]byte
}

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := t.read(int64(tile.L), tile.N)
		if err != nil {
			return nil, err
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %d/%d of the log is too short", tile.L, tile.N)
		}
		all[i] = data[:tile.W*tlog.HashSize]
	}
	return all, nil
}

// SaveTiles is for readers that fetch from afar.
func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) read(level, n int64) ([]byte, error) {
	at := [2]int64{level, n}
	if data, ok := t.held[at]; ok {
		return data, nil
	}
	data, err := db.One(t.tx, db.Of[[]byte], `select hashes from audit_tile where level = $1 and n = $2`, level, n)
	if errors.Is(err, fault.NotFound) {
		return nil, fmt.Errorf("tile %d/%d of the log is missing", level, n)
	}
	if err != nil {
		return nil, err
	}
	if t.held == nil {
		t.held = map[[2]int64][]byte{}
	}
	t.held[at] = data
	return data, nil
}

// growing is a stored tree with new hashes on top, before they are stored.
type growing struct {
	below tlog.HashReader
	fresh map[int64]tlog.Hash
}

func (g *growing) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	all := make([]tlog.Hash, len(indexes))
	var stored, at []int64
	for i, index := range indexes {
		if hash, ok := g.fresh[index]; ok {
			all[i] = hash
		} else {
			stored, at = append(stored, index), append(at, int64(i))
		}
	}
	if len(stored) == 0 {
		return all, nil
	}
	hashes, err := g.below.ReadHashes(stored)
	if err != nil {
		return nil, err
	}
	for i, hash := range hashes {
		all[at[i]] = hash
	}
	return all, nil
}

// tile is one row of audit_tile.
type tile struct {
	level, n int64
	hashes   []byte
}

// grow adds leaves to the tree and gives its new root and the tiles that are new or wider.
func grow(old tlog.Tree, below tlog.HashReader, leaves []tlog.Hash) (tlog.Hash, []tile, error) {
	g := &growing{below: below, fresh: map[int64]tlog.Hash{}}
	for i, leaf := range leaves {
		n := old.N + int64(i)
		hashes, err := tlog.StoredHashesForRecordHash(n, leaf, g)
		if err != nil {
			return tlog.Hash{}, nil, err
		}
		first := tlog.StoredHashIndex(0, n)
		for j, hash := range hashes {
			g.fresh[first+int64(j)] = hash
		}
	}
	size := old.N + int64(len(leaves))
	root, err := tlog.TreeHash(size, g)
	if err != nil {
		return tlog.Hash{}, nil, err
	}
	var all []tile
	for _, t := range tlog.NewTiles(tileHeight, old.N, size) {
		hashes, err := tlog.ReadTileData(t, g)
		if err != nil {
			return tlog.Hash{}, nil, err
		}
		all = append(all, tile{int64(t.L), t.N, hashes})
	}
	return root, all, nil
}

// rootOf is the root of a tree whose leaves, or whose complete subtrees of one height with whatever is left at the end,
// have these hashes (RFC 6962, 2.1).
func rootOf(nodes []tlog.Hash) tlog.Hash {
	switch len(nodes) {
	case 0:
		return tlog.Hash{}
	case 1:
		return nodes[0]
	}
	half := 1
	for half*2 < len(nodes) {
		half *= 2
	}
	return tlog.NodeHash(rootOf(nodes[:half]), rootOf(nodes[half:]))
}
