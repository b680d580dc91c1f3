package audit

import (
	"maps"
	"math/bits"
	"slices"
)

// numbers are the running numbers of one case that were met.
type numbers struct {
	dense  []uint64 // bit n-1 is number n
	sparse []int64  // numbers far above the rest, as only a forger gives them, and those below 1
	twice  []int64
}

// far is how far above the numbers met so far one may lie before it is put aside.
const far = 4096

func (s *numbers) meet(n int64) {
	word := (n - 1) / 64
	if n < 1 || word > int64(2*len(s.dense))+far/64 {
		if slices.Contains(s.sparse, n) {
			s.twice = append(s.twice, n)
		} else {
			s.sparse = append(s.sparse, n)
		}
		return
	}
	for int64(len(s.dense)) <= word {
		s.dense = append(s.dense, 0)
	}
	bit := uint64(1) << ((n - 1) % 64)
	if s.dense[word]&bit != 0 {
		s.twice = append(s.twice, n)
	}
	s.dense[word] |= bit
}

// join adds what another worker met.
func (s *numbers) join(o *numbers) {
	for word, set := range o.dense {
		for ; set != 0; set &= set - 1 {
			s.meet(int64(word)*64 + int64(bits.TrailingZeros64(set)) + 1)
		}
	}
	for _, n := range o.sparse {
		s.meet(n)
	}
	s.twice = append(s.twice, o.twice...)
}

// first and last missing among 1 to last; 0 when there is none. A number above last, or below 1, is strange.
func (s *numbers) against(last int64) (missing []int64, strange []int64) {
	met := map[int64]bool{}
	for _, n := range s.sparse {
		met[n] = true
		if n < 1 || n > last {
			strange = append(strange, n)
		}
	}
	for n := int64(1); n <= last && len(missing) < most; n++ {
		word, bit := (n-1)/64, uint64(1)<<((n-1)%64)
		if (word >= int64(len(s.dense)) || s.dense[word]&bit == 0) && !met[n] {
			missing = append(missing, n)
		}
	}
	for word, set := range s.dense {
		for ; set != 0; set &= set - 1 {
			if n := int64(word)*64 + int64(bits.TrailingZeros64(set)) + 1; n > last {
				strange = append(strange, n)
			}
		}
	}
	return missing, strange
}

// byCase are the numbers of all cases.
type byCase map[string]*numbers

func (c byCase) meet(id []byte, n int64) {
	s := c[string(id)]
	if s == nil {
		s = &numbers{}
		c[string(id)] = s
	}
	s.meet(n)
}

func (c byCase) join(o byCase) {
	for id, s := range o {
		if c[id] == nil {
			c[id] = s
		} else {
			c[id].join(s)
		}
	}
}

// compare finds gaps. last is what the counters say; they are no evidence, but cut ends show in them.
func (c byCase) compare(last map[string]int64, r *Report) {
	for _, id := range slices.Sorted(maps.Keys(last)) {
		if c[id] == nil {
			c[id] = &numbers{}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c)) {
		counted, known := last[id]
		if !known {
			r.find(Gap, -1, "case %s has entries, but its counter is gone", id)
			continue
		}
		missing, strange := c[id].against(counted)
		for _, n := range missing {
			r.find(Gap, -1, "case %s lacks number %d of %d", id, n, counted)
		}
		for _, n := range strange {
			r.find(Gap, -1, "case %s has a number %d, but only %d were given", id, n, counted)
		}
		for _, n := range c[id].twice {
			r.find(Gap, -1, "case %s has the number %d twice", id, n)
		}
	}
}
