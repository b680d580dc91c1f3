package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// start measures from the moment that the program is started to its first whole front page.
func (b *bench) start(ctx context.Context) error {
	warm := filepath.Join(b.dir, "warm")
	s, err := b.serveWaymark(ctx, warm, nil) // makes the index
	if err != nil {
		return err
	}
	s.stop()
	n := pick(b, 20, 3)
	if err := b.starts("start to first page, index there", "under 300 ms", n, func(int) (*server, error) {
		return b.serveWaymark(ctx, warm, nil)
	}); err != nil {
		return err
	}
	if err := b.starts("start to first page, no index yet", "", n/2, func(i int) (*server, error) {
		return b.serveWaymark(ctx, filepath.Join(b.dir, fmt.Sprint("cold-", i)), nil)
	}); err != nil {
		return err
	}
	return b.starts("start of the demo to first page", "under 2 s", n/2, func(int) (*server, error) {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		return launch(ctx, address, "/", b.dir, nil, []string{"TMPDIR=" + b.dir}, b.waymark, "demo", "--listen", address)
	})
}

func (b *bench) starts(what, aim string, n int, once func(i int) (*server, error)) error {
	var took, used []time.Duration
	for i := range max(1, n) {
		s, err := once(i)
		if err != nil {
			return err
		}
		s.stop()
		took, used = append(took, s.first), append(used, s.used())
	}
	b.row(what, fmt.Sprintf("median %s, best %s, worst of %d %s", short(median(took)), short(slices.Min(took)), len(took), short(slices.Max(took))),
		"processor time: "+short(median(used)), "", aim)
	return nil
}
