package audit

import (
	"bytes"
	"cmp"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
)

// conclude puts the chunks together and tells what differs.
func (v *verification) conclude(tx *db.Tx) error {
	v.nameEntries()
	for _, c := range v.chunks {
		for _, d := range c.detail {
			v.report.find(Detail, d.place, "the sealed detail of the entry %s at place %d, of %s, is not the one that was written", d.id, d.place, moment(d.at))
		}
	}
	v.cases.compare(v.last, v.report)
	v.report.Cases = len(v.cases)
	if err := v.compareTree(tx); err != nil {
		return err
	}
	v.compareHead()
	v.compareMarks()
	return nil
}

// nameEntries says which entries were altered, removed, added or re-ordered. An entry whose hash stands at another place
// was moved, or others before it came or went; what is left over on both sides at one place was altered.
func (v *verification) nameEntries() {
	odd := slices.Clone(v.beyond)
	var lost []lostHash
	for _, c := range v.chunks {
		odd, lost = append(odd, c.odd...), append(lost, c.lost...)
	}
	if len(odd)+len(lost) == 0 {
		return
	}
	slices.SortStableFunc(odd, func(a, b oddRow) int { return cmp.Compare(a.place, b.place) })
	free := map[tlog.Hash][]int64{} // places whose entry is not there, by its hash
	for _, l := range lost {
		free[l.hash] = append(free[l.hash], l.place)
	}
	var strange []oddRow // nobody took in an entry like this
	var moved []movedRow
	for _, o := range odd {
		if places := free[o.hash]; len(places) > 0 {
			moved = append(moved, movedRow{o, places[0]})
			free[o.hash] = places[1:]
			continue
		}
		strange = append(strange, o)
	}
	gone := map[int64]bool{}
	for _, places := range free {
		for _, place := range places {
			gone[place] = true
		}
	}
	shifts := len(gone) != len(strange) // entries came or went, so that others stand elsewhere without having been moved
	for _, s := range strange {
		if gone[s.place] {
			delete(gone, s.place)
			v.report.find(Altered, s.place, "the entry at place %d is not the one that was taken in there; it now says %s, of %s", s.place, s.id, moment(s.at))
			continue
		}
		shifts = true
		v.report.find(Added, s.place, "the entry %s at place %d, of %s, was never taken in", s.id, s.place, moment(s.at))
	}
	for _, l := range lost { // in order
		if gone[l.place] {
			v.report.find(Removed, l.place, "the entry that was taken in at place %d is gone", l.place)
		}
	}
	latest := int64(-1)
	for _, m := range moved {
		if !shifts || m.own < latest {
			v.report.find(Reordered, m.place, "the entry %s of %s stands at place %d, but was taken in at place %d", m.id, moment(m.at), m.place, m.own)
		}
		latest = max(latest, m.own)
	}
}

// movedRow is an entry that was taken in at another place.
type movedRow struct {
	oddRow
	own int64
}

// compareTree looks at the upper levels, and at whether just the right tiles are there.
func (v *verification) compareTree(tx *db.Tx) error {
	var level2 []tlog.Hash
	var c chunk
	for k, chunk := range v.chunks {
		c.broken = append(c.broken, chunk.broken...)
		if int64(k+1)*span <= v.head.size {
			level2 = append(level2, chunk.stored)
		}
	}
	level := int64(2)
	for hashes := level2; len(hashes) > 0; level++ {
		var above []tlog.Hash
		for n := 0; n*tileWidth < len(hashes); n++ {
			part := hashes[n*tileWidth : min((n+1)*tileWidth, len(hashes))]
			if err := v.compareTile(tx, &c, level, int64(n), part); err != nil {
				return err
			}
			if len(part) == tileWidth {
				above = append(above, rootOf(part))
			}
		}
		hashes = above
	}
	for _, words := range c.broken {
		v.report.find(Tree, -1, "%s", words)
	}
	for level, count := int64(0), v.head.size; count > 0; level, count = level+1, count/tileWidth {
		for n := int64(0); n*tileWidth < count; n++ {
			at := [2]int64{level, n}
			want := min(tileWidth, count-n*tileWidth) * tlog.HashSize
			switch width, ok := v.tiles[at]; {
			case !ok:
				v.report.find(Tree, -1, "the tile %d of level %d is gone", n, level)
			case width != want:
				v.report.find(Tree, -1, "the tile %d of level %d has %d bytes, not %d", n, level, width, want)
			}
			delete(v.tiles, at)
		}
	}
	for at := range v.tiles {
		v.report.find(Tree, -1, "there is a tile %d of level %d that the tree does not have", at[1], at[0])
	}
	return nil
}

// compareHead holds the tree against the checkpoint that was signed last.
func (v *verification) compareHead() {
	if v.head.size == 0 && v.head.signed == "" {
		return
	}
	signed, err := v.log.key.open(v.head.signed)
	// The same key signs the same words alike, so no byte of the note may differ: what Base64 would overlook neither.
	if again, _ := v.log.key.sign(signed); err != nil || again != v.head.signed {
		v.report.find(Signature, -1, "the newest checkpoint is not signed with the key of this log")
		return
	}
	v.report.Signed = signed.At
	if signed.Size != v.head.size || signed.Root != v.head.root {
		v.report.find(Signature, -1, "the newest checkpoint was signed for %d entries, the log says %d, or another root", signed.Size, v.head.size)
	}
	rows, stored := v.roots()
	switch entries, hashes := rows == signed.Root, stored == signed.Root; {
	case entries && hashes:
	case entries:
		v.report.find(Tree, -1, "stored hashes were altered; the entries themselves are those that the newest checkpoint was signed for")
	case hashes: // the entries that differ have been named
		if v.report.Sound() {
			v.report.find(Altered, -1, "the entries are not those that the newest checkpoint was signed for")
		}
	case rows == stored:
		v.report.find(Signature, -1, "entries and tree fit together, but not to the checkpoint that was signed: both were rewritten, or the checkpoint is of another moment")
	default:
		v.report.find(Signature, -1, "neither the entries nor the stored hashes are those that the newest checkpoint was signed for")
	}
}

func (v *verification) roots() (rows, stored tlog.Hash) {
	var r, s []tlog.Hash
	for _, c := range v.chunks {
		r, s = append(r, c.rows), append(s, c.stored)
	}
	return rootOf(r), rootOf(s)
}

// compareMarks holds the entries against what was known of them at earlier moments.
func (v *verification) compareMarks() {
	slices.SortFunc(v.marks, func(a, b mark) int { return cmp.Compare(a.Size, b.Size) })
	agreed := "" // up to where all was well
	for _, m := range v.marks {
		at := m.At.Format("2006-01-02 15:04:05Z")
		if m.Size > v.head.size {
			v.report.find(Cut, v.head.size, "the checkpoint of %s, kept elsewhere, knows %d entries; there are only %d: the end was cut off, or entries were taken out", at, m.Size, v.head.size)
			continue
		}
		actual := v.rootAt(m.Size)
		switch same := bytes.Equal(actual[:], m.Root[:]); {
		case same && m.kept:
			v.report.Kept++
			agreed = " It agrees with the one of " + at + "."
		case same:
		case m.kept:
			v.report.find(Rewritten, -1, "the first %d entries are not those of the checkpoint of %s, kept elsewhere: they were rewritten and signed again.%s", m.Size, at, agreed)
		default:
			v.report.find(Rewritten, -1, "the log itself says (entry %s) that a checkpoint was taken on %s; its first %d entries are no longer those", m.id, at, m.Size)
		}
	}
}

// rootAt is the root of the first entries.
func (v *verification) rootAt(size int64) tlog.Hash {
	if size == 0 {
		return tlog.Hash{}
	}
	k := (size - 1) / span
	var nodes []tlog.Hash
	for _, c := range v.chunks[:k] {
		nodes = append(nodes, c.rows)
	}
	return rootOf(append(nodes, v.chunks[k].before[size]))
}
