package web

import (
	"crypto/rand"
	"fmt"
	"sync/atomic"
)

// ids names requests: some letters drawn at start, and a running number. It tells nothing of who asked.
type ids struct {
	start string
	count atomic.Uint64
}

func newIDs() *ids { return &ids{start: rand.Text()[:6]} }

func (i *ids) next() string { return fmt.Sprintf("%s-%d", i.start, i.count.Add(1)) }
