package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// size is what one carries, and what a browser fetches.
func (b *bench) size(ctx context.Context) error {
	stripped := filepath.Join(b.dir, "stripped")
	if err := build(ctx, stripped, "-trimpath", "-ldflags", "-s -w"); err != nil {
		return err
	}
	var mb [2]float64
	for i, path := range []string{b.waymark, stripped} {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		mb[i] = float64(info.Size()) / 1e6
	}
	b.row("size of the binary", fmt.Sprintf("%.1f MB; without debugging information %.1f MB", mb[0], mb[1]), "", "", "")
	return b.weight(ctx)
}

// weight is what a browser fetches for one page, packed: the page, and all style, script and pictures that it names.
func (b *bench) weight(ctx context.Context) error {
	s, err := b.serveWaymark(ctx, filepath.Join(b.dir, "data"), nil)
	if err != nil {
		return err
	}
	defer s.stop()
	paths, err := sitePaths(s.address)
	if err != nil {
		return err
	}
	c, err := call(s.address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	c.buffer = make([]byte, 4<<20)
	fetched := map[string]int{}
	total := map[string]int{}
	for _, path := range paths {
		head, body, err := c.fetch(get(s.address, path, false))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		var parts []string
		for _, m := range asset.FindAllSubmatch(c.buffer[head:head+body], -1) {
			if part := string(m[1]); !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
		for _, part := range append(parts, path) {
			if _, known := fetched[part]; !known {
				if fetched[part], err = c.ask(get(s.address, part, true)); err != nil {
					return fmt.Errorf("%s: %w", part, err)
				}
			}
			total[path] += fetched[part]
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return total[b] - total[a] })
	of := func(path string) string { return fmt.Sprintf("%s %.0f kB", path, float64(total[path])/1000) }
	b.row("weight of a page, packed, with style, script and pictures", "front page "+of("/"), "heaviest of "+fmt.Sprint(len(paths))+": "+of(paths[0]), "", "under 100 kB")
	return nil
}

// asset is what a browser fetches by itself. No page links to one.
var asset = regexp.MustCompile(`="(/assets/[^"]+)"`)
