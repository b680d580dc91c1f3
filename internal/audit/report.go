package audit

import (
	"fmt"
	"io"
	"time"

	"waymark/internal/db"
)

// Kind says in one word what was done to the log.
type Kind string

// The kinds.
const (
	Altered   Kind = "altered"    // an entry is not the one that was taken in
	Detail    Kind = "detail"     // the sealed detail beside an entry is not the one that was written
	Removed   Kind = "removed"    // an entry that was taken in is gone
	Added     Kind = "added"      // an entry was never taken in, but stands among those that were
	Reordered Kind = "re-ordered" // entries stand in another order
	Gap       Kind = "numbers"    // the running numbers of a case have a gap, or one stands twice
	Tree      Kind = "tree"       // the stored hashes do not fit together
	Signature Kind = "checkpoint" // the newest checkpoint is not signed, or does not say what the tree says
	Cut       Kind = "cut"        // a kept checkpoint knows entries that are gone
	Rewritten Kind = "rewritten"  // a kept checkpoint knows other entries
)

// Finding is one thing that is not as it was written.
type Finding struct {
	Kind  Kind
	Place int64 // in the tree; -1 when it is about no single entry
	Words string
}

// most is how many findings of a kind are told one by one.
const most = 10

// Report is what [Log.Verify] found.
type Report struct {
	Size     int64     // entries in the tree
	Signed   time.Time // when its newest checkpoint was signed
	Cases    int       // cases with entries
	Waiting  int64     // entries that were not taken in yet: nothing vouches for them but their numbers
	Oldest   time.Time // of those
	Kept     int       // checkpoints that were kept elsewhere and agree with the log
	Findings []Finding // none: as far as can be told from here, nothing was altered
	more     map[Kind]int
}

// Sound says that nothing was found.
func (r *Report) Sound() bool { return len(r.Findings) == 0 }

// Has says that something of a kind was found.
func (r *Report) Has(k Kind) bool {
	for _, f := range r.Findings {
		if f.Kind == k {
			return true
		}
	}
	return false
}

func (r *Report) find(k Kind, place int64, format string, args ...any) {
	told := 0
	for _, f := range r.Findings {
		if f.Kind == k {
			told++
		}
	}
	if told == most {
		if r.more == nil {
			r.more = map[Kind]int{}
		}
		r.more[k]++
		return
	}
	r.Findings = append(r.Findings, Finding{k, place, fmt.Sprintf(format, args...)})
}

// Print tells it to whoever runs the copy.
func (r *Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%d entries in the tree, about %d cases", r.Size, r.Cases)
	if !r.Signed.IsZero() {
		fmt.Fprintf(w, "; newest checkpoint signed %s", db.Stamp(r.Signed))
	}
	fmt.Fprintln(w)
	if r.Waiting > 0 {
		fmt.Fprintf(w, "%d entries wait to be taken in, the oldest since %s\n", r.Waiting, db.Stamp(r.Oldest))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s: %s\n", f.Kind, f.Words)
	}
	for _, k := range []Kind{Altered, Detail, Removed, Added, Reordered, Gap, Tree, Signature, Cut, Rewritten} {
		if n := r.more[k]; n > 0 {
			fmt.Fprintf(w, "%s: and %d more\n", k, n)
		}
	}
	switch {
	case !r.Sound():
		fmt.Fprintln(w, "The log was tampered with, or its disk is failing. Keep a copy of the database as it is now, and do not restore over it.")
	case r.Kept > 0:
		fmt.Fprintf(w, "Nothing was altered, removed, added or re-ordered. %d kept checkpoints agree.\n", r.Kept)
	default:
		fmt.Fprintln(w, "Nothing was altered, removed, added or re-ordered, as far as the log can tell by itself.")
		fmt.Fprintln(w, "Whoever holds the signing key could have rewritten its end. Compare with a checkpoint kept elsewhere: --against FILE")
	}
}
