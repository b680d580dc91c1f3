package access

import (
	"context"
	"errors"
	"sync"
)

// Busy is the error of somebody who comes while too many others are signing in. Nothing is wrong; a moment later it works.
var Busy = errors.New("too many are signing in at this moment")

// gate lets at most two passwords be looked at together, since each takes much memory. One of the two places is kept for
// browsers in which that person has signed in before and for those who are signed in: no crowd of guesses can take it.
type gate struct {
	known, others chan struct{}

	mu      sync.Mutex
	waiting map[string]int // strangers, by the address they come from
	total   int
}

const (
	mostWaiting     = 24 // strangers in all
	mostFromOne     = 3  // strangers from one address
	mostKnownInLine = 64
)

func newGate() *gate {
	return &gate{known: make(chan struct{}, 1), others: make(chan struct{}, 1), waiting: map[string]int{}}
}

// enter waits for a place. The caller calls leave when it is done.
func (g *gate) enter(ctx context.Context, trusted bool, source string) (leave func(), err error) {
	line := "known"
	most := mostKnownInLine
	if !trusted {
		line, most = "from "+source, mostFromOne
	}
	if !g.join(line, most, trusted) {
		return nil, Busy
	}
	defer g.quit(line, trusted)
	var first chan struct{} // nil, on which nobody ever gets a place
	if trusted {
		first = g.known
	}
	select {
	case first <- struct{}{}:
		return func() { <-g.known }, nil
	case g.others <- struct{}{}:
		return func() { <-g.others }, nil
	case <-ctx.Done():
		return nil, Busy
	}
}

func (g *gate) join(line string, most int, trusted bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting[line] >= most || !trusted && g.total >= mostWaiting {
		return false
	}
	g.waiting[line]++
	if !trusted {
		g.total++
	}
	return true
}

func (g *gate) quit(line string, trusted bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting[line]--; g.waiting[line] == 0 {
		delete(g.waiting, line)
	}
	if !trusted {
		g.total--
	}
}
